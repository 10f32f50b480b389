import { logLine } from './access-log-line';
import { type ManagementCall, managementRecord } from './management-record';
import { LOG_BUCKETS, type MonthOfEvidence, ROLES, WATCHED } from './month-of-evidence';
import { callersSignIn, invokeFunction, openSessions, readPolicy } from './opened-sessions';
import type { Model, Principal } from './ordinary-month';
import { ordinaryPromotions } from './promotions';
import { type ObjectRequest, STORE } from './trail-record';
import { blobKey, manifestKey } from '../../../src/contract/keys';

const MIB = 1024 * 1024;
const MINUTE = 60_000;

/** What an honest month has besides office hours: none of it is a finding. */
export function addOrdinaryOddities(month: MonthOfEvidence): void {
  lateWork(month);
  quarterlyPulls(month);
  newStarters(month);
  clumsyRequests(month);
  addressesThatChange(month);
  auditorsAtWork(month);
  ordinaryPromotions(month);
  updatedClients(month);
  interruptedPulls(month);
  deployments(month);
  otherTeams(month);
  callersSignIn(month);
  openSessions(month);
  whatOnlyS3Logs(month);
  deliveredTwice(month);
}

export interface PullOptions {
  readonly sourceIp: string;
  /** Of the parts, in turn; by default where the links were asked from. */
  readonly usedFrom?: readonly string[];
  readonly bytes?: number;
  readonly vpcEndpoint?: string;
}

/** A pull through the store, with as much of the model as fits into `bytes`. */
export function pull(
  month: MonthOfEvidence, person: Pick<Principal, 'name' | 'userAgent'>, model: Model, time: number, options: PullOptions,
): ObjectRequest[] {
  const session = month.session('models-DownloadSessionRole', person.name, time, person.name);
  const base = { session, userAgent: person.userAgent, action: 'GetObject', ...(options.vpcEndpoint !== undefined && { vpcEndpoint: options.vpcEndpoint }) };
  const requests: ObjectRequest[] = [{
    ...base, ...month.ids(), vpcEndpoint: undefined, time, sourceIp: '3.120.7.7', userAgent: 'aws-sdk-js/3.950.0 exec-env/AWS_Lambda_nodejs24.x',
    key: manifestKey(model.name, model.version), bytesOut: 1_500,
  }];
  const link = { signedAt: time + 400, lifetimeSeconds: 900, askedFrom: options.sourceIp };
  let left = options.bytes ?? Infinity;
  let part = 0;
  for (const { digest, size } of model.files) {
    for (let at = 0; at < size && left > 0; at += 512 * MIB, part++) {
      const bytesOut = Math.min(512 * MIB, size - at, left);
      left -= bytesOut;
      const usedFrom = options.usedFrom ?? [options.sourceIp];
      requests.push({
        ...base, ...month.ids(), link, time: time + 1_000 + part * 4_000, sourceIp: usedFrom[part % usedFrom.length],
        key: blobKey(model.name, digest), bytesOut,
      });
    }
  }
  requests.forEach((request) => month.add(request));
  return requests;
}

function lateWork(month: MonthOfEvidence): void {
  for (const [name, day, hour] of [['kurt', 4, 21], ['kurt', 5, 22], ['noor', 10, 23], ['mary', 14, 11], ['hana', 22, 16], ['guido', 24, 5]] as const) {
    const person = month.person(name);
    pull(month, person, person.models[0], month.at(day, hour, 17), { sourceIp: person.sourceIps[1], bytes: 900 * MIB });
  }
}

/** The models of a quarter are certified, evaluated and put into production anew: four times a usual day, for some. */
function quarterlyPulls(month: MonthOfEvidence): void {
  for (const [name, day] of [['anders', 17], ['barbara', 18], ['carlos', 18]] as const) {
    const person = month.person(name);
    const usual = Math.round(month.usualDay(name));
    [9, 11, 14].forEach((hour, index) => pull(month, person, person.models[index % person.models.length], month.at(day, hour), {
      sourceIp: person.sourceIps[0], bytes: usual,
    }));
  }
}

function newStarters(month: MonthOfEvidence): void {
  for (const [name, firstDay] of [['pia', 3], ['rosa', 16]] as const) {
    const userAgent = 'model-store/1.0.0 node/24.1.0 (darwin arm64)';
    for (const day of [0, 1, 2, 3, 7, 8, 9]) {
      month.work.models.slice(day % 3, day % 3 + 2).forEach((model, index) => {
        pull(month, { name, userAgent }, model, month.at(firstDay + day, 9 + 2 * index), { sourceIp: `10.20.2.${firstDay + 10}`, bytes: 700 * MIB });
      });
    }
  }
}

/** A wrong model name, a right that was not granted yet, a link that had expired. */
function clumsyRequests(month: MonthOfEvidence): void {
  ['frances', 'jean', 'ines', 'lotfi', 'dorothy', 'emmy'].forEach((name, index) => {
    const person = month.person(name);
    const time = month.at(3 + 4 * index, 10, 20);
    const session = month.session('models-DownloadSessionRole', name, time, name);
    for (let attempt = 0; attempt < 1 + index % 4; attempt++) {
      month.add({
        ...month.ids(), session, time: time + attempt * 20_000, action: 'GetObject', sourceIp: person.sourceIps[0], userAgent: person.userAgent, bytesOut: 0,
        key: manifestKey('fraud-bsae', '1.0.0'), errorCode: 'AccessDenied', link: { signedAt: time, lifetimeSeconds: 900, askedFrom: person.sourceIps[0] },
      });
    }
    pull(month, person, person.models[0], time + 5 * MINUTE, { sourceIp: person.sourceIps[0], bytes: 300 * MIB });
  });
}

/** A VPN that reconnects, an office behind several addresses, a VPC that asks over the internet and reads through its endpoint. */
function addressesThatChange(month: MonthOfEvidence): void {
  const [tim, vint] = [month.person('tim'), month.person('vint')];
  pull(month, tim, tim.models[0], month.at(6, 15), { sourceIp: tim.sourceIps[1], usedFrom: [tim.sourceIps[1], '84.150.1.2', '84.171.9.9'] });
  pull(month, vint, vint.models[0], month.at(9, 13), { sourceIp: '10.20.0.2', usedFrom: ['10.20.0.3', '10.20.0.4', '10.20.0.2'] });
  const pipeline = month.person('deploy-1');
  pull(month, pipeline, pipeline.models[0], month.at(11, 2), { sourceIp: '52.29.7.7', usedFrom: ['10.30.1.10'], vpcEndpoint: STORE.vpcEndpoint });
}

/** A new version of the command, of Node.js or of the kernel is not a new client. */
function updatedClients(month: MonthOfEvidence): void {
  ['noor', 'lotfi', 'jean'].forEach((name, index) => {
    const person = { ...month.person(name), userAgent: 'model-store/1.1.0 node/24.9.0 (linux x64)' };
    pull(month, person, person.models[0], month.at(16 + index, 13), { sourceIp: person.sourceIps[0], bytes: 200 * MIB });
  });
}

/** URLs for the rest of a version that was pulled halfway. */
function interruptedPulls(month: MonthOfEvidence): void {
  ['ines', 'dorothy'].forEach((name, index) => {
    const person = month.person(name);
    const time = month.at(12 + index, 11);
    pull(month, person, person.models[0], time, { sourceIp: person.sourceIps[0], bytes: 150 * MIB });
    invokeFunction(
      month, month.session('models-DownloadSessionRole', name, time + MINUTE, name), time + MINUTE, undefined, readPolicy(person.models[0].name),
    );
  });
}

function auditorsAtWork(month: MonthOfEvidence): void {
  for (const [day, name] of [[2, 'auditor-ruth'], [13, 'auditor-sam'], [30, 'auditor-ruth']] as const) {
    const time = month.at(day, 9);
    const base = { session: month.session('models-AuditorRole', name, time), sourceIp: '10.50.0.7', userAgent: 'aws-cli/2.31.0 Python/3.13.4', action: 'GetObject' };
    for (let index = 0; index < 20; index++) {
      month.add({
        ...base, ...month.ids(), time: time + index * 1_000, bucket: LOG_BUCKETS.trail,
        key: `AWSLogs/${STORE.account}/CloudTrail/${STORE.region}/2026/11/${String(day).padStart(2, '0')}/file-${index}.json.gz`, bytesOut: 200_000,
      });
      month.add({
        ...base, ...month.ids(), time: time + 60_000 + index * 1_000, bucket: LOG_BUCKETS.access, sourceIp: 'athena.amazonaws.com', userAgent: 'athena.amazonaws.com',
        key: `artifact-bucket/${STORE.account}/line-${index}`, bytesOut: 100_000,
      });
    }
    const model = month.work.models[day % month.work.models.length];
    month.add({ ...base, ...month.ids(), time: time + MINUTE, key: manifestKey(model.name, model.version), bytesOut: 1_200 });
  }
}

function deployments(month: MonthOfEvidence): void {
  for (const day of [5, 19]) {
    const time = month.at(day, 16);
    const session = month.session(ROLES.deployment, 'AWSCloudFormation', time);
    const calls: Pick<ManagementCall, 'service' | 'action' | 'parameters'>[] = [
      { service: 's3', action: 'PutBucketPolicy', parameters: { bucketName: STORE.bucket } },
      { service: 's3', action: 'PutBucketLifecycle', parameters: { bucketName: LOG_BUCKETS.access } },
      { service: 's3', action: 'PutBucketLogging', parameters: { bucketName: STORE.bucket } },
      { service: 'kms', action: 'PutKeyPolicy', parameters: { keyId: WATCHED.key } },
      { service: 'iam', action: 'PutRolePolicy', parameters: { roleName: WATCHED.role } },
      { service: 'lambda', action: 'UpdateFunctionCode20150331v2', parameters: { functionName: WATCHED.function } },
      { service: 'cloudtrail', action: 'PutEventSelectors', parameters: { trailName: WATCHED.trail } },
    ];
    calls.forEach((call, index) => month.trail.push(managementRecord({ ...call, time: time + index * 1_000, session, invokedBy: 'cloudformation.amazonaws.com' }, month.random)));
  }
}

/** The account is not the store's alone. */
function otherTeams(month: MonthOfEvidence): void {
  const session = month.session('WebTeam', 'paula', month.at(8, 9));
  const calls: Pick<ManagementCall, 'service' | 'action' | 'parameters' | 'invokedBy'>[] = [
    { service: 's3', action: 'PutBucketPolicy', parameters: { bucketName: 'web-assets' } },
    { service: 's3', action: 'PutBucketReplication', parameters: { bucketName: 'web-assets' } },
    { service: 'logs', action: 'DeleteLogGroup', parameters: { logGroupName: '/aws/lambda/web' } },
    { service: 'kms', action: 'CreateGrant', parameters: { keyId: 'eeeeeeee-1111-4222-8333-444455556666' }, invokedBy: 'lambda.amazonaws.com' },
    { service: 'iam', action: 'PutRolePolicy', parameters: { roleName: 'WebTeam', policyDocument: JSON.stringify({ roleName: WATCHED.role }) } },
    { service: 'iam', action: 'CreatePolicyVersion', parameters: { policyArn: `arn:aws:iam::${STORE.account}:policy/web` } },
    { service: 'iam', action: 'UpdateAssumeRolePolicy', parameters: { roleName: 'NotSageMakerTraining0' } },
    { service: 'sns', action: 'Subscribe', parameters: { topicArn: `arn:aws:sns:${STORE.region}:${STORE.account}:web-alarms`, protocol: 'email' } },
    { service: 'sns', action: 'Unsubscribe', parameters: { subscriptionArn: `arn:aws:sns:${STORE.region}:${STORE.account}:web-alarms:1a2b` } },
    { service: 'sts', action: 'AssumeRoot', parameters: { targetPrincipal: '999988887777', taskPolicyArn: { arn: 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials' } } },
    { service: 'kms', action: 'ScheduleKeyDeletion', parameters: { keyId: 'ffffffff-1111-4222-8333-444455556666' } },
    { service: 'cloudtrail', action: 'StopLogging', parameters: { name: `arn:aws:cloudtrail:${STORE.region}:${STORE.account}:trail/web-trail` } },
    { service: 'monitoring', action: 'DeleteAlarms', parameters: { alarmNames: ['web-latency'] } },
    { service: 'monitoring', action: 'DisableAlarmActions', parameters: { alarmNames: ['web-errors'] } },
    { service: 'events', action: 'DisableRule', parameters: { name: 'web-nightly' } },
    { service: 'glue', action: 'UpdateTable', parameters: { databaseName: 'web', tableInput: { name: WATCHED.database } } },
    { service: 'ssm', action: 'PutParameter', parameters: { name: '/web/audit' } },
  ];
  calls.forEach((call, index) => month.trail.push(managementRecord({ ...call, time: month.at(8, 9, index), session }, month.random)));
}

function whatOnlyS3Logs(month: MonthOfEvidence): void {
  const log = (day: number, operation: string, status: number, errorCode?: string) => month.accessLog.push(logLine({
    time: month.at(day, 1), sourceIp: '-', requester: '-', requestId: month.random.id(16), operation, key: 'models/fraud/blobs/sha256/abc', status, errorCode, bytesOut: 300,
    userAgent: '-',
  }, STORE.bucket));
  for (let day = 2; day <= 28; day += 2) {
    log(day, 'S3.EXPIRE.OBJECT', 204);
    log(day, 'REST.OPTIONS.PREFLIGHT', 200);
    log(day, 'REST.GET.OBJECT', 403, day % 4 ? 'SignatureDoesNotMatch' : 'InvalidAccessKeyId');
    log(day, 'REST.GET.OBJECT', 400, 'InvalidArgument');
  }
}

/** CloudTrail delivers at least once. */
function deliveredTwice(month: MonthOfEvidence): void {
  const again = month.trail.filter((_, index) => index % 500 === 7);
  month.trail.push(...again);
}
