import type { Attempt, WatchedNames } from './attempt';
import { accountAttempts, canaryAttempts, largeRequests } from './further-attempts';
import { byDeployment, but, change, objectChange, refused, ROOT, type CloudTrailRecord } from './records';
import { ACCOUNT, REGION } from '../../../storage/support/policies';

export function allAttempts(names: WatchedNames): Attempt[] {
  return [
    ...trailAttempts(names), ...bucketAttempts(names), ...keyAttempts(names), ...roleAttempts(names), ...functionAttempts(names),
    ...apiAttempts(names),
    ...observerAttempts(names), ...silencingAttempts(names), ...queryAttempts(names), ...rootAttempts(names),
    ...accountAttempts(names), ...largeRequests(names), ...canaryAttempts(names),
  ];
}

const arnIn = ({ account, region }: WatchedNames) => (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;

const BYPASS = { 'x-amz-bypass-governance-retention': 'true' };

/** A call on a key: KMS records the key itself, even if the caller used an alias. */
const callOnKeyIn = (names: WatchedNames) => (eventName: string, keyId: string, parameters: object = {}): CloudTrailRecord => {
  const key = arnIn(names)('kms', `key/${keyId}`);
  return change('kms', eventName, { keyId: 'alias/models', ...parameters }, { resources: [{ accountId: names.account, type: 'AWS::KMS::Key', ARN: key }] });
};

function trailAttempts(names: WatchedNames): Attempt[] {
  const call = (eventName: string, parameters: object | null) => change('cloudtrail', eventName, parameters);
  const logs = (eventName: string, parameters: object) => change('logs', eventName, parameters);
  const { trail: name, logGroup: logGroupName } = names;
  const arn = arnIn(names);
  const stop = call('StopLogging', { name });
  return [
    ['the trail is stopped', stop, 'Trail'],
    ['the trail is stopped, named by its ARN', call('StopLogging', { name: arn('cloudtrail', `trail/${name}`) }), 'Trail'],
    ['stopping the trail is refused', refused(stop), 'Trail'],
    ['the trail is deleted', call('DeleteTrail', { name }), 'Trail'],
    ['the trail is sent to another bucket', call('UpdateTrail', { name, s3BucketName: 'mallorys' }), 'Trail'],
    ['the trail is narrowed', call('PutEventSelectors', { trailName: name, advancedEventSelectors: [] }), 'Trail'],
    ['events of the trail are no longer enriched', call('PutEventConfiguration', { trailName: name, maxEventSize: 'Standard' }), 'Trail'],
    ['the trail of another Region is narrowed', call('PutEventConfiguration', { trailName: `${name}-2` })],
    ['another trail is stopped', call('StopLogging', { name: `${name}-2` })],
    ['a trail of the same name in another Region is stopped',
      call('StopLogging', { name: `arn:aws:cloudtrail:us-west-1:${names.account}:trail/${name}` })],
    ['the trail is looked at', but(call('GetTrailStatus', { name }), { readOnly: true })],
    ['the trail is started', call('StartLogging', { name })],
    ['a call names nothing', call('StopLogging', null)],
    ['a deployment adds a selector', byDeployment(call('PutEventSelectors', { trailName: name }))],
    ['a deployment stops the trail', byDeployment(stop), 'Trail'],
    ['a deployment deletes the trail', byDeployment(call('DeleteTrail', { name })), 'Trail'],

    ['the log group is deleted', logs('DeleteLogGroup', { logGroupName }), 'TrailLogs'],
    ['a stream of the log group is deleted', logs('DeleteLogStream', { logGroupName, logStreamName: 'a' }), 'TrailLogs'],
    ['the logs are kept for a day', logs('PutRetentionPolicy', { logGroupName, retentionInDays: 1 }), 'TrailLogs'],
    ['the logs are sent elsewhere', logs('PutSubscriptionFilter', { logGroupName, filterName: 'a', destinationArn: 'arn' }), 'TrailLogs'],
    ['a metric filter is deleted', logs('DeleteMetricFilter', { logGroupName, filterName: 'a' }), 'TrailLogs'],
    ['the logs are masked', logs('PutDataProtectionPolicy', { logGroupIdentifier: arn('logs', `log-group:${logGroupName}`) }), 'TrailLogs'],
    ['the key is taken from the log group', logs('DisassociateKmsKey', { resourceIdentifier: arn('logs', `log-group:${logGroupName}`) }), 'TrailLogs'],
    ['a metric filter is changed', logs('PutMetricFilter', { logGroupName, filterName: 'a', filterPattern: '' }), 'TrailLogs'],
    ['the logs are transformed', logs('PutTransformer', { logGroupIdentifier: logGroupName }), 'TrailLogs'],
    ['the log group gets another key', logs('AssociateKmsKey', { logGroupName, kmsKeyId: 'arn' }), 'TrailLogs'],
    ['the log group gets a setting of next year', logs('UpdateLogGroupSomething', { logGroupName }), 'TrailLogs'],
    ['the logs are exported', logs('CreateExportTask', { logGroupName, destination: 'bucket' })],
    ['the logs of the whole account are masked', logs('PutAccountPolicy', { policyName: 'a', policyType: 'DATA_PROTECTION_POLICY', scope: 'ALL' }), 'TrailLogs'],
    ['the logs of the whole account are transformed', logs('PutAccountPolicy', { policyName: 'a', policyType: 'TRANSFORMER_POLICY' }), 'TrailLogs'],
    ['they are shown again', logs('DeleteAccountPolicy', { policyName: 'a', policyType: 'DATA_PROTECTION_POLICY' })],
    ['CloudTrail begins a stream', logs('CreateLogStream', { logGroupName, logStreamName: 'a' })],
    ['another log group is deleted', logs('DeleteLogGroup', { logGroupName: `${logGroupName}-2` })],
    ['the log group is queried', but(logs('StartQuery', { logGroupName }), { readOnly: true })],
    ['a deployment adds a metric filter', byDeployment(logs('PutMetricFilter', { logGroupName, filterName: 'a' }))],
    ['a deployment deletes the log group', byDeployment(logs('DeleteLogGroup', { logGroupName })), 'TrailLogs'],
  ];
}

function bucketAttempts(names: WatchedNames): Attempt[] {
  const { artifactBucket: bucketName, trailBucket, accessLogBucket } = names;
  const set = (eventName: string, name = bucketName) => change('s3', eventName, { bucketName: name, Host: `${name}.s3.${REGION}.amazonaws.com` });
  const settings = [
    'PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketEncryption', 'DeleteBucketEncryption', 'PutBucketVersioning', 'PutBucketLifecycle',
    'DeleteBucketLifecycle', 'PutBucketLogging', 'PutBucketNotification', 'PutBucketPublicAccessBlock', 'DeleteBucketPublicAccessBlock',
    'PutBucketAcl', 'PutBucketOwnershipControls', 'DeleteBucketOwnershipControls', 'PutBucketObjectLockConfiguration', 'PutBucketReplication',
    'DeleteBucketReplication', 'PutBucketCors', 'PutBucketWebsite', 'DeleteBucket', 'PutBucketSomethingOfNextYear', 'PutBucketRequestPayment', 'PutBucketAbac',
    'CreateBucketMetadataConfiguration', 'PutBucketAccelerateConfiguration', 'PutBucketInventoryConfiguration',
  ];
  return [
    ...settings.map((eventName): Attempt => [`${eventName} on the models`, set(eventName), 'Buckets']),
    ...[trailBucket, accessLogBucket].map((name): Attempt => [`PutBucketPolicy on ${name}`, set('PutBucketPolicy', name), 'Buckets']),
    ['a change of the bucket policy is refused', refused(set('PutBucketPolicy')), 'Buckets'],
    ['the policy of another bucket is changed', set('PutBucketPolicy', `${bucketName}-2`)],
    ['the bucket policy is read', but(set('GetBucketPolicy'), { readOnly: true })],
    ['the bucket is tagged', set('PutBucketTagging')],
    ['a deployment makes the bucket', byDeployment(set('CreateBucket'))],
    ['a deployment changes the bucket policy', byDeployment(set('PutBucketPolicy'))],
    ['a deployment deletes the bucket policy', byDeployment(set('DeleteBucketPolicy')), 'Buckets'],
    ['somebody calls themselves CloudFormation',
      but(set('PutBucketPolicy'), { userAgent: 'cloudformation.amazonaws.com' }), 'Buckets'],
    ['a model is pushed', objectChange('PutObject', bucketName)],
    ['a version of a model is deleted', objectChange('DeleteObject', bucketName, { versionId: 'a' })],

    ['the retention of a model is bypassed', objectChange('DeleteObject', bucketName, { versionId: 'a', ...BYPASS }), 'RetentionBypass'],
    ['the bypass is refused', refused(objectChange('PutObjectRetention', bucketName, BYPASS)), 'RetentionBypass'],
    ['the retention is kept', objectChange('DeleteObject', bucketName, { 'x-amz-bypass-governance-retention': 'false' })],
    ['the retention of another bucket is bypassed', objectChange('DeleteObject', 'others', BYPASS)],

    ['a log is deleted', objectChange('DeleteObject', trailBucket), 'Evidence'],
    ['deleting an access log is refused', refused(objectChange('DeleteObjects', accessLogBucket)), 'Evidence'],
    ['the lock of a log is shortened', objectChange('PutObjectRetention', trailBucket, BYPASS), 'Evidence'],
    ['a deployment deletes a log', byDeployment(objectChange('DeleteObject', trailBucket)), 'Evidence'],
    ['CloudTrail delivers a log', objectChange('PutObject', trailBucket)],
    ['a log of others is deleted', objectChange('DeleteObject', `${trailBucket}-2`)],
  ];
}

function keyAttempts(names: WatchedNames): Attempt[] {
  const { artifactKeyId: keyId, archiveKeyId: archiveKey } = names;
  const arn = arnIn(names);
  const onKey = callOnKeyIn(names);
  const unnamed = (eventName: string, name: string) =>
    refused(but(onKey(eventName, keyId), { requestParameters: { keyId: name }, resources: undefined }));
  return [
    ['a key is disabled', onKey('DisableKey', keyId), 'Keys'],
    ['the key of the archive is to be deleted', onKey('ScheduleKeyDeletion', archiveKey, { pendingWindowInDays: 7 }), 'Keys'],
    ['a key policy is changed', onKey('PutKeyPolicy', keyId), 'Keys'],
    ['key material is imported', onKey('ImportKeyMaterial', keyId), 'Keys'],
    ['a key is replicated', onKey('ReplicateKey', keyId, { replicaRegion: 'us-west-2' }), 'Keys'],
    ['a key is primary elsewhere', onKey('UpdatePrimaryRegion', keyId, { primaryRegion: 'us-west-2' }), 'Keys'],
    ['somebody is granted a key', onKey('CreateGrant', keyId, { granteePrincipal: `arn:aws:iam::${ACCOUNT}:role/Mallory` }), 'Keys'],
    ['disabling a key is refused', refused(onKey('DisableKey', keyId)), 'Keys'],
    ['disabling a key is refused before it is looked up', unnamed('DisableKey', keyId), 'KeysRefused'],
    ['the same, named by its ARN', unnamed('ScheduleKeyDeletion', arn('kms', `key/${keyId}`)), 'KeysRefused'],
    ['the same on another key', unnamed('DisableKey', 'another')],
    ['another key is disabled', onKey('DisableKey', 'another')],
    ['a key is used', but(onKey('GenerateDataKey', keyId), { readOnly: true })],
    ['a key is rescued', onKey('CancelKeyDeletion', keyId)],
    ['a deployment changes a key policy', byDeployment(onKey('PutKeyPolicy', keyId))],
    ['a deployment schedules the deletion of a key', byDeployment(onKey('ScheduleKeyDeletion', keyId)), 'Keys'],
  ];
}

function roleAttempts(names: WatchedNames): Attempt[] {
  const { sessionRole: roleName, executionRole, directRole, sessionPolicy: policyArn, furtherPolicy } = names;
  const call = (eventName: string, parameters: object) => change('iam', eventName, parameters);
  return [
    ['a policy is attached to a role', call('AttachRolePolicy', { roleName, policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }), 'Roles'],
    ['a policy is put into a role', call('PutRolePolicy', { roleName: executionRole, policyName: 'a', policyDocument: '{}' }), 'Roles'],
    ['a policy is taken from a role', call('DeleteRolePolicy', { roleName, policyName: 'a' }), 'Roles'],
    ['somebody else may assume a role', call('UpdateAssumeRolePolicy', { roleName, policyDocument: '{}' }), 'Roles'],
    ['a boundary is taken away', call('DeleteRolePermissionsBoundary', { roleName }), 'Roles'],
    ['its permissions are changed', call('CreatePolicyVersion', { policyArn, setAsDefault: true, policyDocument: '{}' }), 'Policies'],
    ['what the registry function needs to run is changed', call('CreatePolicyVersion', { policyArn: furtherPolicy }), 'Policies2'],
    ['its permissions are given to a user', call('AttachUserPolicy', { policyArn, userName: 'mallory' }), 'Policies'],
    ['its own policy is detached', call('DetachRolePolicy', { roleName, policyArn }), 'Roles'],
    ['changing a role is refused', refused(call('UpdateAssumeRolePolicy', { roleName })), 'Roles'],
    ...directRole === undefined ? [] : [
      ['somebody else may assume the role of a batch job', call('UpdateAssumeRolePolicy', { roleName: directRole, policyDocument: '{}' }), 'Roles'],
      ['a policy is put into the role of a batch job', call('PutRolePolicy', { roleName: directRole, policyName: 'a', policyDocument: '{}' }), 'Roles'],
    ] satisfies Attempt[],
    ['an old version of a policy is used again', call('SetDefaultPolicyVersion', { policyArn, versionId: 'v1' }), 'Policies'],
    ['a version of a policy is deleted', call('DeletePolicyVersion', { policyArn, versionId: 'v1' }), 'Policies'],
    ['another policy is changed', call('CreatePolicyVersion', { policyArn: `arn:aws:iam::${ACCOUNT}:policy/others` })],
    ['another role is changed', call('PutRolePolicy', { roleName: `${roleName}-2` })],
    ['a role is looked at', but(call('GetRole', { roleName }), { readOnly: true })],
    ['a role is tagged', call('TagRole', { roleName })],
    ['a deployment changes a role', byDeployment(call('PutRolePolicy', { roleName }))],
    ['a deployment changes a policy', byDeployment(call('CreatePolicyVersion', { policyArn }))],
  ];
}

function functionAttempts(names: WatchedNames): Attempt[] {
  const { function: name } = names;
  const arn = arnIn(names);
  const functionArn = arn('lambda', `function:${name}`);
  const call = (eventName: string, functionName: string) => change('lambda', eventName, { functionName });
  const invoked = (eventName: string, functionName: string, userIdentity?: object) =>
    but(call(eventName, functionName), { managementEvent: false, eventCategory: 'Data', ...(userIdentity && { userIdentity }) });
  return [
    ['the code of a function is changed', call('UpdateFunctionCode20150331v2', name), 'Functions'],
    ['the same, named by its ARN', call('UpdateFunctionConfiguration20150331v2', functionArn), 'Functions'],
    ['the same, named by a part of its ARN', call('UpdateFunctionConfiguration20150331v2', `${names.account}:function:${name}`), 'Functions'],
    ['somebody may call an alias', call('AddPermission20150331v2', `${functionArn}:live`), 'Functions'],
    ['the same, by the name of the function', call('AddPermission20150331v2', `${name}:live`), 'Functions'],
    ['nobody may call a function any more', call('RemovePermission20150331v2', name), 'Functions'],
    ['a function has no capacity', call('PutFunctionConcurrency20171031', name), 'Functions'],
    ['the policy of a function is replaced', change('lambda', 'PutResourcePolicy', { resourceArn: functionArn }), 'Invokers'],
    ['the policy of an alias is deleted', change('lambda', 'DeleteResourcePolicy', { resourceArn: `${functionArn}:live` }), 'Invokers'],
    ['the policy of another function is replaced', change('lambda', 'PutResourcePolicy', { resourceArn: `${functionArn}-2` })],
    ['a function is tagged', change('lambda', 'TagResource', { resourceArn: functionArn })],
    ['a function gets a URL', call('CreateFunctionUrlConfig', name), 'Functions'],
    ['a function of somebody else gets its role', change('lambda', 'CreateFunction20150331', { functionName: 'mallorys', role: names.executionRoleArn }), 'Functions'],
    ['a function that is there gets its role',
      change('lambda', 'UpdateFunctionConfiguration20150331v2', { functionName: 'mallorys', role: names.executionRoleArn }), 'Functions'],
    ['a function of somebody else gets a role of their own',
      change('lambda', 'CreateFunction20150331', { functionName: 'web', role: `${names.executionRoleArn}2` })],
    ['a function is deleted', call('DeleteFunction20150331', name), 'Functions'],
    ['changing the code is refused', refused(call('UpdateFunctionCode20150331v2', name)), 'Functions'],
    ['another function is changed', call('UpdateFunctionCode20150331v2', arn('lambda', `function:${name}-2`))],
    ['a function is called', invoked('Invoke', functionArn), 'Invocations'],
    ['a function is called by its name', invoked('InvokeAsync', name), 'Invocations'],
    ['an alias of a function is called', invoked('InvokeWithResponseStream', `${name}:live`), 'Invocations'],
    ['calling a function is refused', refused(invoked('Invoke', functionArn)), 'Invocations'],
    ['a deployment calls a function', byDeployment(invoked('Invoke', functionArn)), 'Invocations'],
    ['another service calls a function', invoked('Invoke', functionArn, { type: 'AWSService', invokedBy: 'events.amazonaws.com' }), 'Invocations'],
    ['another API calls a function, with a role', invoked('Invoke', functionArn, { type: 'AssumedRole', invokedBy: 'apigateway.amazonaws.com' }), 'Invocations'],
    ['a service without a name calls a function', invoked('Invoke', functionArn, { type: 'AWSService' }), 'Invocations'],
    ['the API calls a function', invoked('Invoke', functionArn, { type: 'AWSService', invokedBy: 'apigateway.amazonaws.com' })],
    ['another function is called', invoked('Invoke', `${functionArn}-2`)],
    ['a function is looked at', but(call('GetFunction20150331v2', name), { readOnly: true })],
    ['Auto Scaling keeps it warm', call('PutProvisionedConcurrencyConfig', name)],
    ['a deployment changes the code', byDeployment(call('UpdateFunctionCode20150331v2', name))],
  ];
}

/** Attempts to impersonate another user, or to read traffic. */
function apiAttempts({ api: restApiId, userPool: userPoolId }: WatchedNames): Attempt[] {
  const call = (eventName: string, parameters: object = {}) => change('apigateway', eventName, { restApiId, ...parameters });
  const pool = (eventName: string, id = userPoolId) => change('cognito-idp', eventName, { userPoolId: id });
  const patch = (path: string, value: string) => ({ patchOperations: [{ op: 'replace', path, value }] });
  return [
    ['a method asks nobody who they are', call('UpdateMethod', patch('/authorizationType', 'NONE')), 'Api'],
    ['an integration names a caller by itself', call('PutIntegration', { resourceId: 'a', httpMethod: 'POST', putIntegrationInput: {} }), 'Api'],
    ['bodies are logged', call('UpdateStage', { stageName: 'v1', ...patch('/*/*/logging/dataTrace', 'true') }), 'Api'],
    ['the policy of the API is changed', call('UpdateRestApi', patch('/policy', '{}')), 'Api'],
    ['all of it is deployed', call('CreateDeployment'), 'Api'],
    ['changing a method is refused', refused(call('UpdateMethod')), 'Api'],
    ['another API is changed', call('UpdateMethod', { restApiId: `${restApiId}2` })],
    ['the API is looked at', but(call('GetRestApi'), { readOnly: true })],
    ['a deployment changes the API', byDeployment(call('PutMethod'))],
    ...userPoolId === undefined ? [] : [
      ['the second factor is no longer asked for', pool('SetUserPoolMfaConfig'), 'UserPool'],
      ['another way to sign in is opened', pool('CreateUserPoolClient'), 'UserPool'],
      ['another pool is changed', pool('UpdateUserPool', `${userPoolId}2`)],
      ['a colleague joins a group', pool('AdminAddUserToGroup')],
      ['a deployment changes the pool', byDeployment(pool('UpdateUserPool'))],
    ] satisfies Attempt[],
  ];
}

function observerAttempts(names: WatchedNames): Attempt[] {
  const { topicArn, rulePrefix } = names;
  const rule = `${rulePrefix}Trail`;
  const alarm = `${names.stackName}-TamperTrail-ABCDEFGHIJKL`;
  const call = (service: string, eventName: string, parameters: object) => change(service, eventName, parameters);
  return [
    ['alarms are deleted', call('monitoring', 'DeleteAlarms', { alarmNames: [alarm] }), 'Alarms'],
    ['alarms are silenced', call('monitoring', 'DisableAlarmActions', { alarmNames: [alarm] }), 'Alarms'],
    ['an alarm is set to OK', call('monitoring', 'SetAlarmState', { alarmName: alarm, stateValue: 'OK' }), 'Alarms'],
    ['a threshold is raised', call('monitoring', 'PutMetricAlarm', { alarmName: alarm, threshold: 1e9 }), 'Alarms'],
    ['alarms of others are deleted', call('monitoring', 'DeleteAlarms', { alarmNames: ['others'] })],
    ['a deployment changes an alarm', byDeployment(call('monitoring', 'PutMetricAlarm', { alarmName: alarm }))],
    ['a deployment silences an alarm', byDeployment(call('monitoring', 'DisableAlarmActions', { alarmNames: [alarm] })), 'Alarms'],
    ['a tamper rule is disabled', call('events', 'DisableRule', { name: rule }), 'Rules'],
    ['a tamper rule is changed', call('events', 'PutRule', { name: rule, eventPattern: '{}' }), 'Rules'],
    ['its targets are removed', call('events', 'RemoveTargets', { rule, ids: ['Target0'] }), 'Rules'],
    ['the rule that watches rules is disabled', call('events', 'DisableRule', { name: `${rulePrefix}Rules` }), 'Rules'],
    ['another rule is disabled', call('events', 'DisableRule', { name: 'others' })],
    ['a deployment changes a rule', byDeployment(call('events', 'PutRule', { name: rule }))],
    ['the topic is deleted', call('sns', 'DeleteTopic', { topicArn }), 'Topic'],
    ['somebody subscribes', call('sns', 'Subscribe', { topicArn, protocol: 'email', endpoint: 'HIDDEN_DUE_TO_SECURITY_REASONS' }), 'Topic'],
    ['somebody is unsubscribed', call('sns', 'Unsubscribe', { subscriptionArn: `${topicArn}:1a2b` }), 'Topic'],
    ['the messages of somebody are filtered', call('sns', 'SetSubscriptionAttributes', { subscriptionArn: `${topicArn}:1a2b`, attributeName: 'FilterPolicy' }), 'Topic'],
    ['the policy of the topic is changed', call('sns', 'SetTopicAttributes', { topicArn, attributeName: 'Policy' }), 'Topic'],
    ['messages are masked', call('sns', 'PutDataProtectionPolicy', { resourceArn: topicArn }), 'Topic'],
    ['the topic gets a setting of next year', call('sns', 'PutTopicSomething', { topicArn }), 'Topic'],
    ['unsubscribing is refused', refused(call('sns', 'Unsubscribe', { subscriptionArn: `${topicArn}:1a2b` })), 'Topic'],
    ['a subscription is confirmed', call('sns', 'ConfirmSubscription', { topicArn, token: 'HIDDEN' })],
    ['somebody is unsubscribed from another topic', call('sns', 'Unsubscribe', { subscriptionArn: `${topicArn}2:1a2b` })],
    ['another topic is deleted', call('sns', 'DeleteTopic', { topicArn: `${topicArn}2` })],
    ['a deployment subscribes somebody', byDeployment(call('sns', 'Subscribe', { topicArn }))],
  ];
}

/** Attempts to silence an alarm that still exists and is enabled. */
function silencingAttempts(names: WatchedNames): Attempt[] {
  const { insightRule } = names;
  const alarm = `${names.stackName}-EgressByPerson-ABCDEFGHIJKL`;
  const call = (eventName: string, parameters: object) => change('monitoring', eventName, parameters);
  const mute = (alarmNames: string[]) => call('PutAlarmMuteRule', { name: 'quiet', rule: { schedule: { expression: 'cron(0 0 * * ? *)' } }, muteTargets: { alarmNames } });
  const detector = (namespace: string) => ({ singleMetricAnomalyDetector: { namespace, metricName: 'EgressBytes', stat: 'Sum' } });
  const ours = detector('SecureModelArtifactStore');
  return [
    ['an alarm is muted', mute([alarm]), 'Alarms'],
    ['muting an alarm is refused', refused(mute([alarm])), 'Alarms'],
    ['an alarm of others is muted', mute(['others'])],
    ['what is usual is forgotten', call('DeleteAnomalyDetector', ours), 'Alarms'],
    ['the same, in the words of old clients', call('DeleteAnomalyDetector', ours.singleMetricAnomalyDetector), 'Alarms'],
    ['what is usual is taught otherwise', call('PutAnomalyDetector', { ...ours, configuration: { excludedTimeRanges: [] } }), 'Alarms'],
    ['what is usual elsewhere is forgotten', call('DeleteAnomalyDetector', detector('AWS/EC2'))],
    ['a deployment makes a detector', byDeployment(call('PutAnomalyDetector', ours))],
    ['what egress is counted by is disabled', call('DisableInsightRules', { ruleNames: [insightRule] }), 'InsightRules'],
    ['it is deleted', call('DeleteInsightRules', { ruleNames: [insightRule] }), 'InsightRules'],
    ['it is made to count something else', call('PutInsightRule', { ruleName: insightRule, ruleDefinition: '{}' }), 'InsightRules'],
    ['disabling it is refused', refused(call('DisableInsightRules', { ruleNames: [insightRule] })), 'InsightRules'],
    ['it is enabled', call('EnableInsightRules', { ruleNames: [insightRule] })],
    ['what others count by is disabled', call('DisableInsightRules', { ruleNames: [`${insightRule}-2`] })],
    ['a deployment changes what egress is counted by', byDeployment(call('PutInsightRule', { ruleName: insightRule }))],
    ['a deployment disables it', byDeployment(call('DisableInsightRules', { ruleNames: [insightRule] })), 'InsightRules'],
  ];
}

/** Attempts to hide evidence from reports, and to redirect clients. */
function queryAttempts(
  { database: databaseName, workGroup, namedQuery: namedQueryId, lastNamedQuery, parameter: name }: WatchedNames,
): Attempt[] {
  const glue = (eventName: string, parameters: object) => change('glue', eventName, parameters);
  const ssm = (eventName: string, parameters: object) => change('ssm', eventName, parameters);
  const athena = (eventName: string, parameters: object) => change('athena', eventName, parameters);
  const view = glue('UpdateTable', { databaseName, tableInput: { name: 'egress_events', viewOriginalText: '' } });
  return [
    ['a view leaves somebody out', view, 'Tables'],
    ['the same, by way of Athena', but(view, { sourceIPAddress: 'athena.amazonaws.com', userAgent: 'athena.amazonaws.com' }), 'Tables'],
    ['changing a view is refused', refused(view), 'Tables'],
    ['a table is deleted', glue('BatchDeleteTable', { databaseName, tablesToDelete: ['trail_records'] }), 'Tables'],
    ['the database is deleted', glue('DeleteDatabase', { name: databaseName }), 'Tables'],
    ['a view of others is changed', glue('UpdateTable', { databaseName: `${databaseName}_2`, tableInput: { name: 'egress_events' } })],
    ['a view is read', but(glue('GetTable', { databaseName, name: 'egress_events' }), { readOnly: true })],
    ['a deployment changes a view', byDeployment(view)],
    ['clients are sent elsewhere', ssm('PutParameter', { name, overwrite: true, value: 'HIDDEN_DUE_TO_SECURITY_REASONS' }), 'Parameters'],
    ['auditors are sent elsewhere', ssm('PutParameter', { name: `${name}/audit`, overwrite: true }), 'Parameters'],
    ['nobody finds the store', ssm('DeleteParameters', { names: [name] }), 'Parameters'],
    ['another parameter is changed', ssm('PutParameter', { name: `${name}-2` })],
    ['somebody finds the store', but(ssm('GetParameter', { name }), { readOnly: true })],
    ['a deployment changes what clients find the store by', byDeployment(ssm('PutParameter', { name }))],
    ...namedQueryId === undefined ? [] : [
      ['the text of a question is changed', athena('UpdateNamedQuery', { namedQueryId, name: 'egress-by-principal', queryString: '' }), 'Questions'],
      ['the last question is deleted', athena('DeleteNamedQuery', { namedQueryId: lastNamedQuery }), 'Questions2'],
      ['results go elsewhere', athena('UpdateWorkGroup', { workGroup, configurationUpdates: {} }), 'Questions'],
      ['a question of others is changed', athena('UpdateNamedQuery', { namedQueryId: `${namedQueryId}2`, name: 'a', queryString: '' })],
      // CloudTrail records starting a query as a write event.
      ['an auditor asks', athena('StartQueryExecution', { workGroup, queryString: '' })],
      ['a deployment changes the text of a question', byDeployment(athena('UpdateNamedQuery', { namedQueryId }))],
    ] satisfies Attempt[],
  ];
}

function rootAttempts({ artifactBucket: bucketName }: WatchedNames): Attempt[] {
  const byRoot = (record: CloudTrailRecord) => but(record, { userIdentity: ROOT });
  const create = byRoot(change('ec2', 'RunInstances', { instancesSet: {} }));
  const signIn = (userIdentity: object) => but(change('signin', 'ConsoleLogin', null), {
    userIdentity, eventType: 'AwsConsoleSignIn', responseElements: { ConsoleLogin: 'Success' }, additionalEventData: { MFAUsed: 'Yes' },
  });
  return [
    ['the root user does something', create, 'RootUse'],
    ['the root user is refused something', refused(create), 'RootUse'],
    ['the root user signs in', signIn(ROOT), 'RootUse'],
    // The session of an AssumeRoot by the management account with the task policy S3UnlockBucketPolicy.
    ['the management account unlocks the bucket', byRoot(change('s3', 'DeleteBucketPolicy', { bucketName })), 'Buckets', 'RootUse'],
    ['somebody else signs in', signIn({ type: 'IAMUser', userName: 'ada' })],
    ['a service does something for the root user', but(create, { userIdentity: { ...ROOT, invokedBy: 'autoscaling.amazonaws.com' } })],
    ['a service reports something', but(create, { eventType: 'AwsServiceEvent' })],
  ];
}
