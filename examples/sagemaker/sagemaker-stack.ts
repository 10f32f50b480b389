import { ArnFormat, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { TrainingOutput } from './training-output';
import { ManagedPolicyRole, SecureModelArtifactStore } from '../../src';

const MODEL = 'fraud-scorer';
/** The ECR repository of this account with the images for training and serving. */
const IMAGES = 'fraud-scorer';

export interface Served {
  /** Tag of the image that serves the model. */
  readonly imageTag: string;
  /** Digest of the file `model.tar.gz` of the version to serve, as printed by `model-store show`. */
  readonly modelDigest: string;
}

export interface SageMakerStackProps extends StackProps {
  /** What the endpoint serves. Without it, no endpoint is created, because there is no model yet. */
  readonly served?: Served;
}

/** Training jobs that start from models of the store, and an endpoint that serves one, each under its own role. */
export class SageMakerStack extends Stack {
  private readonly store: SecureModelArtifactStore;
  private readonly images: ecr.IRepository;

  constructor(scope: Construct, id: string, { served, ...props }: SageMakerStackProps = {}) {
    super(scope, id, props);

    this.images = ecr.Repository.fromRepositoryName(this, 'Images', IMAGES);
    const training = this.createRole('TrainingRole', 'Training jobs: read the base models, publish what they made');
    const serving = this.createRole('ServingRole', `The endpoint that serves ${MODEL}`);
    this.store = new SecureModelArtifactStore(this, 'Models', {
      // Both read from S3 directly, so the audit does not report them. It still reports everyone else who does.
      audit: { analytics: { directRoles: [training, serving] } },
    });
    this.store.grantDirectRead(training, ['base-*', MODEL]);
    this.store.grantPush(training, [MODEL]);
    this.store.grantDirectRead(serving, [MODEL]);
    this.allowChannels(training, ['base-*', MODEL]);
    const output = new TrainingOutput(this, 'TrainingOutput', { logArchive: this.store.logArchive! });
    output.grant(training);

    new CfnOutput(this, 'TrainingRoleArn', { value: training.roleArn });
    new CfnOutput(this, 'TrainingOutputBucket', { value: output.bucket.bucketName });
    if (served) {
      new CfnOutput(this, 'EndpointName', { value: this.serve(served, serving).attrEndpointName });
    }
  }

  private createRole(id: string, description: string): ManagedPolicyRole {
    const role = new ManagedPolicyRole(this, id, { description, assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
    this.images.grantPull(role);
    role.explainWildcards(['*'], 'A token for ECR is not scoped to a repository. The policy limits which images it can pull.');
    const logGroups = this.formatArn({ service: 'logs', resource: 'log-group', resourceName: '/aws/sagemaker/*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    role.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], resources: [logGroups],
    }));
    role.explainWildcards([logGroups], 'SageMaker names the log groups of its jobs and endpoints.');
    return role;
  }

  /**
   * A channel of a training job names a prefix of S3 keys, and SageMaker lists them, even if the prefix is a
   * complete key.
   * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
   */
  private allowChannels(role: ManagedPolicyRole, models: string[]): void {
    role.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [this.store.artifactBucket.bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': models.map((model) => `models/${model}/blobs/sha256/*`) } },
    }));
  }

  /** The model file by its digest: the tested bytes are served, even if the alias has moved. */
  private serve({ imageTag, modelDigest }: Served, role: ManagedPolicyRole): sagemaker.CfnEndpoint {
    const { bucket } = this.store.artifactBucket;
    const model = new sagemaker.CfnModel(this, 'Model', {
      executionRoleArn: role.roleArn,
      enableNetworkIsolation: true,
      primaryContainer: {
        image: this.images.repositoryUriForTag(imageTag),
        modelDataSource: {
          s3DataSource: {
            s3Uri: bucket.s3UrlForObject(`models/${MODEL}/blobs/sha256/${modelDigest}`),
            s3DataType: 'S3Object',
            compressionType: 'Gzip',
          },
        },
      },
    });
    // SageMaker reads the model with this role when the endpoint is created, so its permissions must exist first.
    model.node.addDependency(role);

    const volumeKey = new kms.Key(this, 'VolumeKey', { description: 'Disks of the endpoint', enableKeyRotation: true });
    const configuration = new sagemaker.CfnEndpointConfig(this, 'EndpointConfiguration', {
      kmsKeyId: volumeKey.keyArn,
      productionVariants: [{
        variantName: 'live', modelName: model.attrModelName, instanceType: 'ml.m5.large', initialInstanceCount: 1, initialVariantWeight: 1,
      }],
    });
    return new sagemaker.CfnEndpoint(this, 'Endpoint', { endpointConfigName: configuration.attrEndpointConfigName });
  }
}
