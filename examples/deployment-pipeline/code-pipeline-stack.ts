import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ScriptsBucket } from './scripts-bucket';
import { undeliveredEvents } from './undelivered-events';
import { VerifiedModel } from './verified-model';
import { ManagedPolicyRole, SecureModelArtifactStore } from '../../src';

const MODEL = 'fraud-scorer';
const SCRIPTS = 'scripts.zip';

/** When `production` of one model moves: pull and verify the version, wait for approval, run the deployment scripts. */
export class CodePipelineStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const undelivered = undeliveredEvents(this);
    const store = new SecureModelArtifactStore(this, 'Models', { monitoring: { deadLetterQueues: [undelivered] } });
    const scripts = new ScriptsBucket(this, 'Scripts', { logArchive: store.logArchive! });
    const pipeline = this.createPipeline(store, scripts);
    store.onAliasChanged('ProductionMoved', {
      models: [MODEL],
      alias: 'production',
      target: new targets.CodePipeline(pipeline, {
        eventRole: new ManagedPolicyRole(this, 'RuleRole', { assumedBy: new iam.ServicePrincipal('events.amazonaws.com') }),
        deadLetterQueue: undelivered,
      }),
    });

    new CfnOutput(this, 'StoreUrl', { value: store.url! });
    new CfnOutput(this, 'ScriptsUrl', { value: scripts.bucket.s3UrlForObject(SCRIPTS) });
  }

  private createPipeline(store: SecureModelArtifactStore, scripts: ScriptsBucket): codepipeline.Pipeline {
    const { bucket, encryptionKey } = scripts;
    const role = new ManagedPolicyRole(this, 'PipelineRole', { assumedBy: new iam.ServicePrincipal('codepipeline.amazonaws.com') });
    const artifact = new codepipeline.Artifact('Scripts');
    const run = (step: string, version: string, commands: string[]) => {
      const model = new VerifiedModel(this, step, { store, encryptionKey, inPipeline: true, models: [MODEL], commands });
      scripts.grant(model.role, 's3:GetObject', 's3:GetObjectVersion');
      role.addToPrincipalPolicy(new iam.PolicyStatement({
        actions: ['codebuild:StartBuild', 'codebuild:StopBuild', 'codebuild:BatchGetBuilds'], resources: [model.project.projectArn],
      }));
      return new actions.CodeBuildAction({
        actionName: step,
        project: model.project,
        input: artifact,
        variablesNamespace: step,
        environmentVariables: { MODEL: { value: MODEL }, VERSION: { value: version } },
      });
    };
    scripts.grant(role, 's3:GetObject', 's3:GetObjectVersion', 's3:PutObject');

    return new codepipeline.Pipeline(this, 'Pipeline', {
      pipelineType: codepipeline.PipelineType.V2,
      artifactBucket: bucket,
      // The CDK would add wildcard actions; the pipeline needs only the actions above.
      role: role.withoutPolicyUpdates(),
      usePipelineRoleForActions: true,
      stages: [
        { stageName: 'Source', actions: [new actions.S3SourceAction({
          actionName: 'Scripts', bucket, bucketKey: SCRIPTS, output: artifact, trigger: actions.S3Trigger.NONE,
        })] },
        { stageName: 'Verify', actions: [run('Verify', 'production', ['echo "$MODEL@$VERSION is what was published"'])] },
        { stageName: 'Approve', actions: [new actions.ManualApprovalAction({
          actionName: 'Approve', additionalInformation: `Deploy ${MODEL}@#{Verify.VERSION}?`,
        })] },
        // The version that was verified and approved, whatever "production" points to by now.
        { stageName: 'Deploy', actions: [run('Deploy', '#{Verify.VERSION}', ['./deploy.sh model'])] },
      ],
    });
  }
}
