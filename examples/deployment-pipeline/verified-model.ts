import { Validations } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { encryptedLogs } from './encrypted-logs';
import { ManagedPolicyRole, type SecureModelArtifactStore } from '../../src';

export interface VerifiedModelProps {
  readonly store: SecureModelArtifactStore;
  /** Patterns of the models that the project may pull. */
  readonly models: string[];
  /** Commands that run once the complete, verified model is in the folder `model`. */
  readonly commands: string[];
  /** Whether the project is a step of CodePipeline, which passes it files. Otherwise it starts without files. */
  readonly inPipeline: boolean;
  /** The KMS key that encrypts the logs and the output of builds. */
  readonly encryptionKey: kms.Key;
}

/**
 * Pulls $MODEL@$VERSION, verifies the signature with OpenSSF's tool, and only then runs the commands. It exports the
 * resolved version, so that later steps use the same bytes even if the alias has moved.
 */
export class VerifiedModel extends Construct {
  public readonly role: ManagedPolicyRole;
  public readonly project: codebuild.Project;

  constructor(scope: Construct, id: string, { store, models, commands, inPipeline, encryptionKey }: VerifiedModelProps) {
    super(scope, id);
    const signingKey = store.signingKey!;
    const logGroup = encryptedLogs(this, 'Logs', encryptionKey);
    this.role = new ManagedPolicyRole(this, 'Role', { assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com') });
    store.grantPull(this.role, models);
    signingKey.grant(this.role, 'kms:GetPublicKey');
    logGroup.grantWrite(this.role);

    const Project = inPipeline ? codebuild.PipelineProject : codebuild.Project;
    this.project = new Project(this, 'Project', {
      // The CDK would add wildcards for reports and logs that this project does not have.
      role: this.role.withoutPolicyUpdates(),
      encryptionKey,
      logging: { cloudWatch: { logGroup } },
      environment: { buildImage: codebuild.LinuxBuildImage.STANDARD_7_0 },
      environmentVariables: { MODEL_STORE_NAME: { value: store.storeName }, SIGNING_KEY: { value: signingKey.keyArn } },
      buildSpec: codebuild.BuildSpec.fromObject({
        version: '0.2',
        env: { 'exported-variables': ['VERSION'] },
        phases: {
          install: {
            'runtime-versions': { nodejs: 22, python: '3.12' },
            commands: ['npm install --global secure-model-artifact-store-cli', 'pip install model-signing'],
          },
          // A failing command ends the build before the next phase, so an unverified model is never used.
          pre_build: {
            'on-failure': 'ABORT',
            commands: [
              'model-store pull "$MODEL@$VERSION" model',
              'mv model/.model-store .model-store',
              'export VERSION="$(node --print \'require("./.model-store/pulled.json").version\')"',
              'aws kms get-public-key --key-id "$SIGNING_KEY" --query PublicKey --output text | base64 --decode > key.der',
              'openssl pkey -pubin -inform DER -in key.der -out key.pem',
              'model_signing verify key model --signature .model-store/model.sig --public_key key.pem',
            ],
          },
          build: { commands },
        },
      }),
    });
    for (const pack of ['HIPAA.Security', 'NIST.800.53.R4', 'PCI.DSS.321']) {
      Validations.of(this.project).acknowledge({
        id: `${pack}-CodeBuildProjectSourceRepoUrl`, reason: 'It reads no repository, so there is nothing to sign in to.',
      });
    }
  }
}
