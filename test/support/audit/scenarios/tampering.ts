import { call, directRead, roleArn, type Scenario } from './scenario';
import { blobKey, manifestKey } from '../../../../src/contract/keys';
import { CANARY_MODEL, type MonthOfEvidence, WATCHED, WATCHED_PREFIX } from '../month-of-evidence';
import { pull } from '../ordinary-oddities';
import { STORE } from '../trail-record';

const OMITTED = { omitted: true, originalSize: 140_233, reason: 'requestParameters too large' };
const MANAGEMENT_ACCOUNT = '999988887777';
const MANAGEMENT_ROOT = `arn:aws:sts::${MANAGEMENT_ACCOUNT}:assumed-role/OrgAdmin/barbara`;
const STORE_ROOT = `arn:aws:iam::${STORE.account}:root`;

const admin = (name: string, principal: string, day: number, made: Parameters<typeof call>[3]): Scenario => ({
  name, question: 'protection-changes', principal, plant: (month) => call(month, principal, month.at(day, 22), made),
});

function readCanary(month: MonthOfEvidence, name: string, day: number): void {
  const person = month.person(name);
  const decoy = { name: CANARY_MODEL, version: '2.0.0', files: [{ digest: 'd'.repeat(64), size: 40_000_000 }] };
  pull(month, person, decoy, month.at(day, 14), { sourceIp: person.sourceIps[0] });
}

/** What disarms the protection by a way that names no resource of the store, or not its usual name; and canary models. */
export const TAMPERING: readonly Scenario[] = [
  admin('a policy padded so that the trail omits the request', 'CloudAdmin=alan', 2, { service: 'iam', action: 'PutRolePolicy', parameters: OMITTED }),
  admin('replication with so many rules that the trail omits the request', 'CloudAdmin=edsger', 3, {
    service: 's3', action: 'PutBucketReplication', parameters: { ...OMITTED, omitted: 'true' },
  }),
  admin('the role of a batch job trusts another account', 'CloudAdmin=donald', 4, {
    service: 'iam', action: 'UpdateAssumeRolePolicy', parameters: { roleName: 'SageMakerTraining0', policyDocument: '{}' },
  }),
  admin('the permissions of a session role, in a new version of its policy', 'CloudAdmin=leslie', 5, {
    service: 'iam', action: 'CreatePolicyVersion',
    parameters: { policyArn: `arn:aws:iam::${STORE.account}:policy/${WATCHED_PREFIX}DownloadSessionPermissions`, setAsDefault: true, policyDocument: '{}' },
  }),
  admin('an old version of a policy is in force again', 'CloudAdmin=tony', 5, {
    service: 'iam', action: 'SetDefaultPolicyVersion',
    parameters: { policyArn: `arn:aws:iam::${STORE.account}:policy/${WATCHED_PREFIX}DownloadSessionPermissions`, versionId: 'v1' },
  }),
  admin('the on-call engineer is unsubscribed from the alarms', 'CloudAdmin=ken', 6, {
    service: 'sns', action: 'Unsubscribe', parameters: { subscriptionArn: `arn:aws:sns:${STORE.region}:${STORE.account}:${WATCHED_PREFIX}Alarms:1a2b` },
  }),
  admin('a filter on the subscription to the alarms', 'CloudAdmin=dennis', 6, {
    service: 'sns', action: 'SetSubscriptionAttributes',
    parameters: { subscriptionArn: `arn:aws:sns:${STORE.region}:${STORE.account}:${WATCHED_PREFIX}Alarms:1a2b`, attributeName: 'FilterPolicy', attributeValue: '{}' },
  }),
  admin('the account leaves its organization', 'CloudAdmin=niklas', 7, { service: 'organizations', action: 'LeaveOrganization', parameters: {} }),
  admin('the events of the trail are aggregated', 'CloudAdmin=peter', 9, {
    service: 'cloudtrail', action: 'PutEventConfiguration', parameters: { trailName: WATCHED.trail, aggregationConfigurations: [] },
  }),
  admin('a transformer removes the caller from the trail\'s log group', 'CloudAdmin=brian', 10, {
    service: 'logs', action: 'PutTransformer', parameters: { logGroupIdentifier: WATCHED.logGroup, transformerConfig: [] },
  }),
  admin('imported key material in the key of the models', 'CloudAdmin=bjarne', 11, { service: 'kms', action: 'ImportKeyMaterial', parameters: { keyId: WATCHED.key } }),
  admin('the requester pays for reads of the bucket', 'CloudAdmin=larry', 12, {
    service: 's3', action: 'PutBucketRequestPayment', parameters: { bucketName: STORE.bucket },
  }),
  admin('a multi-Region access point', 'CloudAdmin=rasmus', 13, {
    service: 's3', action: 'CreateMultiRegionAccessPoint', parameters: { CreateMultiRegionAccessPointRequest: { Details: { Name: 'everywhere' } } },
  }),
  admin('another function runs with the role of the download function', 'CloudAdmin=james', 16, {
    service: 'lambda', action: 'CreateFunction20150331', parameters: { functionName: 'mallorys', role: roleArn(WATCHED.role) },
  }),
  {
    name: 'the management account opens a root session to unlock the bucket (AssumeRoot)',
    question: 'protection-changes',
    principal: MANAGEMENT_ROOT,
    plant: (month) => call(month, 'OrgAdmin=barbara', month.at(24, 3), {
      service: 'sts', action: 'AssumeRoot', readOnly: true,
      identity: { type: 'AssumedRole', principalId: 'AROAORGADMIN:barbara', arn: MANAGEMENT_ROOT, accountId: MANAGEMENT_ACCOUNT, accessKeyId: 'ASIAORGADMIN' },
      parameters: { targetPrincipal: STORE.account, taskPolicyArn: { arn: 'arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy' } },
      response: { credentials: { accessKeyId: 'ASIAROOTSESSION' } },
    }),
  },
  {
    name: 'the bucket policy is deleted in that root session',
    question: 'protection-changes',
    principal: STORE_ROOT,
    plant: (month) => call(month, 'OrgAdmin=barbara', month.at(24, 3, 1), {
      service: 's3', action: 'DeleteBucketPolicy',
      identity: { type: 'Root', principalId: STORE.account, arn: STORE_ROOT, accountId: STORE.account, accessKeyId: 'ASIAROOTSESSION' },
      parameters: { bucketName: STORE.bucket, policy: '' },
    }),
  },
  {
    name: 'a canary model is pulled',
    question: 'canary-reads',
    principal: 'hedy',
    model: CANARY_MODEL,
    plant: (month) => readCanary(month, 'hedy', 18),
  },
  {
    name: 'a canary model that does not exist is requested, with a direct role',
    question: 'canary-reads',
    principal: 'Scientist=kathleen',
    model: CANARY_MODEL,
    plant: (month) => directRead(month, 'Scientist', 'kathleen', month.at(19, 14), {
      key: manifestKey(CANARY_MODEL, '9.9.9'), bytesOut: 0, errorCode: 'NoSuchKey',
    }),
  },
  {
    name: 'a canary model is refused to its reader',
    question: 'canary-reads',
    principal: 'Scientist=evelyn',
    model: CANARY_MODEL,
    plant: (month) => directRead(month, 'Scientist', 'evelyn', month.at(19, 15), {
      key: blobKey(CANARY_MODEL, 'd'.repeat(64)), bytesOut: 0, errorCode: 'AccessDenied',
    }),
  },
];
