import { CfnOutput, Lazy, Names, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { StoreParts } from './parts';
import type { AccessOptions } from './props';
import { ManagedPolicyRole } from '../access/managed-policy-role';
import { issuerOf } from '../api/api-user-pool';
import { capitalized } from '../common/capitalized';
import { PUBLISHED_VALUES, publishedParameterName, type PublishedValue } from '../contract/store-parameters';
import { storeParameterName, type StoreDescription } from '../contract/wire';
import type { ILogArchive } from '../storage/log-archive';

function loginCommand({ url, _api: api }: StoreParts): string | undefined {
  if (!url || !api?.userPool || !api.userPoolClient) {
    return undefined;
  }
  const clientId = api.userPoolClient.userPoolClientId;
  return `model-store login --url ${url} --issuer ${issuerOf(api.userPool)} --client-id ${clientId}`;
}

/** Creates the outputs of the store's stack. */
export function createOutputs(
  store: StoreParts, logArchive: ILogArchive, access: AccessOptions = {},
): void {
  const top = topStack(Stack.of(store));
  // Outputs of a nested stack do not appear in the stack that is deployed.
  const shown = top === Stack.of(store) ? undefined
    : new Construct(top, `${Names.uniqueResourceName(store, { maxLength: 100 })}Outputs`);
  const output = (id: string, description: string, value: string | undefined) =>
    (value === undefined ? undefined
      : [store, ...shown ? [shown] : []].map((scope) => new CfnOutput(scope, id, { description, value })));
  output('StoreName', 'Name that clients use to find the store: model-store --store NAME', store.storeName);
  output('Url', 'URL of the API', store.url);
  output('RestApiId', 'ID of the REST API, which permissions to call it refer to', store._api?.restApi.restApiId);
  output('ArtifactBucketName', 'Bucket that holds the models', store.artifactBucket.bucket.bucketName);
  output('ArtifactKeyArn', 'Key that encrypts the models', store.artifactBucket.encryptionKey.keyArn);
  output('SigningKeyArn', 'Key that signs manifests', store.signingKey?.keyArn);
  output('TrailBucketName', 'Bucket that CloudTrail delivers to', logArchive.trailBucket.bucketName);
  output('TrailKeyArn', 'Key that encrypts the trail', logArchive.encryptionKey?.keyArn);
  output('AccessLogBucketName', 'Bucket that receives the server access logs', logArchive.accessLogBucket.bucketName);
  output('DataScientistRoleArn', 'Role that pushes and pulls models', store.dataScientistRole.roleArn);
  output('PipelineRoleArn', 'Role that pulls models and moves aliases', store.pipelineRole.roleArn);
  output('AuditorRoleArn', 'Role that reads logs and manifests, but no models', store.auditorRole.roleArn);
  const policies = (role: iam.Role, given: string | undefined) =>
    (given !== undefined && role instanceof ManagedPolicyRole
      ? Lazy.string({ produce: () => role.policyNames.join(',') }) : undefined);
  output('DataScientistPolicyNames', 'Policies of the data scientists\' role, for a permission set',
    policies(store.dataScientistRole, access.dataScientist?.policyName));
  output('PipelinePolicyNames', 'Policies of the pipelines\' role, for a permission set',
    policies(store.pipelineRole, access.pipeline?.policyName));
  output('AuditorPolicyNames', 'Policies of the auditors\' role, for a permission set',
    policies(store.auditorRole, access.auditor?.policyName));
  output('AuditWorkGroupName', 'Athena workgroup with the named queries about egress', store.analytics?.workGroupName);
  output('AlarmTopicArn', 'SNS topic that receives alarms; subscribe to it', store.monitoring?.topic.topicArn);
  output('UserPoolId', 'User pool whose users call the API', store._api?.userPool?.userPoolId);
  output('UserPoolClientId', 'User pool client that people sign in with', store._api?.userPoolClient?.userPoolClientId);
  output('LoginCommand', 'Command to sign in without AWS credentials', loginCommand(store));
  if (!store._api) {
    const { upload, download, registry } = store._functions;
    output('UploadFunctionArn', 'Function that accepts uploads and publishes versions', upload.functionArn);
    output('DownloadFunctionArn', 'Function that signs download URLs', download.functionArn);
    output('RegistryFunctionArn', 'Function that lists, shows and moves aliases', registry.functionArn);
  }
}

/** Publishes what a client needs to know under the store's name. None of it is secret. */
export function publishDescription(store: StoreParts): string {
  const { _api: api } = store;
  const stack = Stack.of(store);
  const description: StoreDescription = {
    schemaVersion: 1,
    storeName: store.storeName,
    region: stack.region,
    url: store.url,
    authentication: api ? api.authentication.mode as 'iam' | 'cognito' : 'none',
    bucketName: store.artifactBucket.bucket.bucketName,
    signing: store.signingKey !== undefined,
    userPoolId: api?.userPool?.userPoolId,
    userPoolClientId: api?.userPoolClient?.userPoolClientId,
    issuer: api?.userPool && issuerOf(api.userPool),
  };
  const parameter = new ssm.StringParameter(store, 'Description', {
    parameterName: storeParameterName(store.storeName),
    description: 'Connection settings for clients of the model store',
    stringValue: stack.toJsonString(description),
    simpleName: false,
  });
  for (const role of [store.dataScientistRole, store.pipelineRole, store.auditorRole]) {
    parameter.grantRead(role);
  }
  return parameter.parameterArn;
}

/** Publishes what other stacks need to import the store with `SecureModelArtifactStore.fromStoreName`. */
export function publishValues(store: StoreParts, logArchive: ILogArchive): void {
  const functions = store._api ? undefined : store._functions;
  const values: { readonly [value in PublishedValue]: string | undefined } = {
    bucketName: store.artifactBucket.bucket.bucketName,
    encryptionKeyArn: store.artifactBucket.encryptionKey.keyArn,
    url: store.url,
    restApiId: store._api?.restApi.restApiId,
    uploadFunctionArn: functions?.upload.functionArn,
    downloadFunctionArn: functions?.download.functionArn,
    registryFunctionArn: functions?.registry.functionArn,
    trailBucketName: logArchive.trailBucket.bucketName,
    accessLogBucketName: logArchive.accessLogBucket.bucketName,
    trailKeyArn: logArchive.encryptionKey?.keyArn ?? noKeyArn(Stack.of(store)),
  };
  const scope = new Construct(store, 'PublishedValues');
  for (const value of Object.keys(PUBLISHED_VALUES) as PublishedValue[]) {
    const stringValue = values[value];
    if (stringValue !== undefined) {
      new ssm.StringParameter(scope, capitalized(value), {
        parameterName: publishedParameterName(store.storeName, value),
        description: 'For stacks that import the model store by name',
        stringValue,
        simpleName: false,
      });
    }
  }
}

/**
 * Placeholder for a trail key that is not known. A template that reads the parameter fails to deploy if it is missing.
 * No key has this id, so granting access to it grants nothing.
 */
function noKeyArn(stack: Stack): string {
  return stack.formatArn({ service: 'kms', resource: 'key', resourceName: '00000000-0000-0000-0000-000000000000' });
}

function topStack(stack: Stack): Stack {
  return stack.nestedStackParent ? topStack(stack.nestedStackParent) : stack;
}
