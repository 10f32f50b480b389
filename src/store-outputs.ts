import { CfnOutput, Names, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { SecureModelArtifactStore } from './secure-model-artifact-store';
import type { ILogArchive } from './storage/log-archive';

/** What a person has to know of a store, as outputs of its stack. */
export function createOutputs(store: SecureModelArtifactStore, logArchive: ILogArchive): void {
  const top = topStack(Stack.of(store));
  // Outputs of a nested stack show in none of the stacks that a person deploys.
  const shown = top === Stack.of(store) ? undefined : new Construct(top, `${Names.uniqueResourceName(store, { maxLength: 100 })}Outputs`);
  const output = (id: string, description: string, value: string | undefined) =>
    value === undefined ? undefined : [store, ...shown ? [shown] : []].map((scope) => new CfnOutput(scope, id, { description, value }));
  output('StoreName', 'What clients call the store by: model-store --store NAME', store.storeName);
  output('Url', 'Where clients call the API', store.url);
  output('ArtifactBucketName', 'The bucket of the models', store.artifactBucket.bucket.bucketName);
  output('ArtifactKeyArn', 'The key that encrypts the models', store.artifactBucket.encryptionKey.keyArn);
  output('SigningKeyArn', 'The key that signs manifests', store.signingKey?.key.keyArn);
  output('TrailBucketName', 'The bucket of the trail', logArchive.trailBucket.bucketName);
  output('AccessLogBucketName', 'The bucket of the access logs', logArchive.accessLogBucket.bucketName);
  output('DataScientistRoleArn', 'The role that pushes and pulls', store.roles.dataScientist.roleArn);
  output('PipelineRoleArn', 'The role that pulls and promotes', store.roles.pipeline.roleArn);
  output('AuditorRoleArn', 'The role that reads logs and manifests, and no model', store.roles.auditor.roleArn);
  output('AuditWorkGroupName', 'The Athena workgroup whose queries tell what left the store', store.analytics?.workGroupName);
  output('AlarmTopicArn', 'Where alarms are sent; subscribe to it', store.monitoring?.topic.topicArn);
  output('UserPoolId', 'The user pool whose users call the API', store.api?.userPool?.userPoolId);
  output('UserPoolClientId', 'What people sign in with', store.api?.userPoolClient?.userPoolClientId);
}

function topStack(stack: Stack): Stack {
  return stack.nestedStackParent ? topStack(stack.nestedStackParent) : stack;
}
