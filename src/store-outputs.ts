import { CfnOutput, Lazy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { ManagedPolicyRole } from './access/managed-policy-role';
import { issuerOf } from './api/api-user-pool';
import type { SecureModelArtifactStore } from './secure-model-artifact-store';
import type { ILogArchive } from './storage/log-archive';
import type { AccessOptions } from './store-props';

function loginCommand({ url, api }: SecureModelArtifactStore): string | undefined {
  return url && api?.userPool && api.userPoolClient
    ? `model-store login --url ${url} --issuer ${issuerOf(api.userPool)} --client-id ${api.userPoolClient.userPoolClientId}` : undefined;
}

/** What a person has to know of a store, as outputs of its stack. */
export function createOutputs(store: SecureModelArtifactStore, logArchive: ILogArchive, access: AccessOptions = {}): void {
  const output = (id: string, description: string, value: string | undefined) =>
    value === undefined ? undefined : new CfnOutput(store, id, { description, value });
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
  const policies = (role: iam.Role, given: string | undefined) => (given !== undefined && role instanceof ManagedPolicyRole
    ? Lazy.string({ produce: () => role.policyNames.join(',') }) : undefined);
  output('DataScientistPolicyNames', 'Policies of the data scientists, for a permission set', policies(store.roles.dataScientist, access.dataScientist?.policyName));
  output('PipelinePolicyNames', 'Policies of the pipelines, for a permission set', policies(store.roles.pipeline, access.pipeline?.policyName));
  output('AuditorPolicyNames', 'Policies of the auditors, for a permission set', policies(store.roles.auditor, access.auditor?.policyName));
  output('AuditWorkGroupName', 'The Athena workgroup whose queries tell what left the store', store.analytics?.workGroupName);
  output('AlarmTopicArn', 'Where alarms are sent; subscribe to it', store.monitoring?.topic.topicArn);
  output('UserPoolId', 'The user pool whose users call the API', store.api?.userPool?.userPoolId);
  output('UserPoolClientId', 'What people sign in with', store.api?.userPoolClient?.userPoolClientId);
  output('LoginCommand', 'How people without AWS credentials sign in', loginCommand(store));
}
