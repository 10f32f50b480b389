import { Arn, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { encryptedLogs } from './encrypted-logs';
import { undeliveredEvents } from './undelivered-events';
import { VerifiedModel } from './verified-model';
import { ManagedPolicyRole, SecureModelArtifactStore } from '../../src';

/** SSM parameters from which the serving machines read the version to serve. */
const DEPLOYED = 'deployed-models';

/** When `production` of any model moves: pull and verify the version, and publish it to the serving machines. */
export class StepFunctionsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const undelivered = undeliveredEvents(this);
    const store = new SecureModelArtifactStore(this, 'Models', { monitoring: { deadLetterQueues: [undelivered] } });
    const encryptionKey = new kms.Key(this, 'Key', { description: 'Logs of deployments', enableKeyRotation: true });
    const { project } = new VerifiedModel(this, 'Verify', {
      store, encryptionKey, inPipeline: false, models: ['*'], commands: ['echo "$MODEL@$VERSION is what was published"'],
    });
    const deployment = this.createDeployment(project, encryptionKey);
    store.onAliasChanged('ProductionMoved', {
      alias: 'production',
      target: new targets.SfnStateMachine(deployment, {
        role: new ManagedPolicyRole(this, 'RuleRole', { assumedBy: new iam.ServicePrincipal('events.amazonaws.com') }),
        deadLetterQueue: undelivered,
      }),
    });

    new CfnOutput(this, 'StoreUrl', { value: store.url! });
    new CfnOutput(this, 'DeploymentArn', { value: deployment.stateMachineArn });
  }

  private createDeployment(project: codebuild.IProject, encryptionKey: kms.Key): sfn.StateMachine {
    // The key in the event is models/MODEL/aliases/production.json.
    const whichModel = new sfn.Pass(this, 'WhichModel', {
      parameters: { 'model.$': "States.ArrayGetItem(States.StringSplit($.detail.object.key, '/'), 1)" },
    });
    const verifyVersion = new tasks.CodeBuildStartBuild(this, 'VerifyVersion', {
      project,
      integrationPattern: sfn.IntegrationPattern.RUN_JOB,
      environmentVariablesOverride: {
        MODEL: { value: sfn.JsonPath.stringAt('$.model') },
        VERSION: { value: 'production' },
      },
      resultSelector: { 'version.$': '$.Build.ExportedEnvironmentVariables[0].Value' },
      resultPath: '$.verified',
    });
    const parameters = Arn.format({ service: 'ssm', resource: 'parameter', resourceName: `${DEPLOYED}/*` }, this);
    const tellServers = new tasks.CallAwsService(this, 'TellServers', {
      service: 'ssm',
      action: 'putParameter',
      iamResources: [parameters],
      parameters: {
        Name: sfn.JsonPath.format(`/${DEPLOYED}/{}`, sfn.JsonPath.stringAt('$.model')),
        Value: sfn.JsonPath.stringAt('$.verified.version'),
        Type: 'String',
        Overwrite: true,
      },
    });

    const role = new ManagedPolicyRole(this, 'DeploymentRole', { assumedBy: new iam.ServicePrincipal('states.amazonaws.com') });
    role.explainWildcards([parameters], 'One parameter for each model, whose names are not known here.');
    role.explainWildcards(['*'], 'Traces, and the delivery of logs, are permissions that AWS has no narrower resource for.');
    return new sfn.StateMachine(this, 'Deployment', {
      role,
      definitionBody: sfn.DefinitionBody.fromChainable(whichModel.next(verifyVersion).next(tellServers)),
      tracingEnabled: true,
      logs: {
        level: sfn.LogLevel.ALL,
        destination: encryptedLogs(this, 'DeploymentLogs', encryptionKey),
      },
    });
  }
}
