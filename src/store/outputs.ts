import { CfnOutput, Lazy, Names, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { AccessOptions } from './props';
import type { SecureModelArtifactStore } from './secure-model-artifact-store';
import { ManagedPolicyRole } from '../access/managed-policy-role';
import { issuerOf } from '../api/api-user-pool';
import { PUBLISHED_VALUES, publishedParameterName, type PublishedValue } from '../contract/store-parameters';
import type { ILogArchive } from '../storage/log-archive';

function loginCommand({ url, api }: SecureModelArtifactStore): string | undefined {
  return url && api?.userPool && api.userPoolClient
    ? `model-store login --url ${url} --issuer ${issuerOf(api.userPool)} --client-id ${api.userPoolClient.userPoolClientId}` : undefined;
}

/** What a person has to know of a store, as outputs of its stack. */
export function createOutputs(store: SecureModelArtifactStore, logArchive: ILogArchive, access: AccessOptions = {}): void {
  const top = topStack(Stack.of(store));
  // Outputs of a nested stack show in none of the stacks that a person deploys.
  const shown = top === Stack.of(store) ? undefined : new Construct(top, `${Names.uniqueResourceName(store, { maxLength: 100 })}Outputs`);
  const output = (id: string, description: string, value: string | undefined) =>
    value === undefined ? undefined : [store, ...shown ? [shown] : []].map((scope) => new CfnOutput(scope, id, { description, value }));
  output('StoreName', 'What clients call the store by: model-store --store NAME', store.storeName);
  output('Url', 'Where clients call the API', store.url);
  output('RestApiId', 'The REST API, which permissions to call it name', store.api?.restApi.restApiId);
  output('ArtifactBucketName', 'The bucket of the models', store.artifactBucket.bucket.bucketName);
  output('ArtifactKeyArn', 'The key that encrypts the models', store.artifactBucket.encryptionKey.keyArn);
  output('SigningKeyArn', 'The key that signs manifests', store.signingKey?.key.keyArn);
  output('TrailBucketName', 'The bucket of the trail', logArchive.trailBucket.bucketName);
  output('TrailKeyArn', 'The key that encrypts the trail', logArchive.encryptionKey?.keyArn);
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
  if (!store.api) {
    const { upload, download, registry } = store.functions;
    output('UploadFunctionArn', 'The function that takes uploads and publishes versions', upload.functionArn);
    output('DownloadFunctionArn', 'The function that signs links to read', download.functionArn);
    output('RegistryFunctionArn', 'The function that lists, shows and moves aliases', registry.functionArn);
  }
}

/** What other stacks have to know of a store, for `SecureModelArtifactStore.fromStoreName`. */
export function publishValues(store: SecureModelArtifactStore, logArchive: ILogArchive): void {
  const functions = store.api ? undefined : store.functions;
  const values: { readonly [value in PublishedValue]: string | undefined } = {
    bucketName: store.artifactBucket.bucket.bucketName,
    encryptionKeyArn: store.artifactBucket.encryptionKey.keyArn,
    url: store.url,
    restApiId: store.api?.restApi.restApiId,
    uploadFunctionArn: functions?.upload.functionArn,
    downloadFunctionArn: functions?.download.functionArn,
    registryFunctionArn: functions?.registry.functionArn,
    trailBucketName: logArchive.trailBucket.bucketName,
    accessLogBucketName: logArchive.accessLogBucket.bucketName,
    trailKeyArn: logArchive.encryptionKey?.keyArn,
  };
  const scope = new Construct(store, 'PublishedValues');
  for (const value of Object.keys(PUBLISHED_VALUES) as PublishedValue[]) {
    const stringValue = values[value];
    if (stringValue !== undefined) {
      new ssm.StringParameter(scope, value.charAt(0).toUpperCase() + value.slice(1), {
        parameterName: publishedParameterName(store.storeName, value),
        description: 'For stacks that use the model store by its name',
        stringValue,
        simpleName: false,
      });
    }
  }
}

function topStack(stack: Stack): Stack {
  return stack.nestedStackParent ? topStack(stack.nestedStackParent) : stack;
}
