import type { Evidence, Row } from './evidence';
import { DIGEST, logLine, managementEvent, objectEvent, session, storeSession } from './records';

/** Records that are delivered on this day. */
export const on = (day: string, records: readonly Row[]): Row[] => records.map((record) => ({ ...record, delivery_day: day }));
const copy = (parameters: object, requestId: string) =>
  objectEvent({
    action: 'CopyObject',
    bucket: 'elsewhere',
    key: 'x',
    requestId,
    parameters: { 'x-amz-copy-source': 'artifacts/models/a/blobs/sha256/b', ...parameters },
  });

const borrowed = { ...session('Training', 'nightly', 'mallory'), accessKeyId: 'ASIABORROWED' };

const UNNAMED = 'aws-sdk-js-1795855669439';
const onBehalfOf = {
  userId: '1111-2222', identityStoreArn: 'arn:aws:identitystore::111122223333:identitystore/d-1234567890',
};

/** All kinds of identities in a record. */
const PEOPLE: readonly Row[] = [
  session('AWSReservedSSO_Science_0123456789abcdef', 'jane@example.com'),
  session('AWSReservedSSO_Science', 'jane@example.com'),
  session('AWSReservedSSO_Science_0123456789abcdef', `${'jane'.repeat(12)}@example.com`),
  { ...session('AccessGrants', 'access-grants-1'), onBehalfOf },
  { type: 'IdentityCenterUser', accountId: '111122223333', credentialId: 'C1', onBehalfOf },
  { type: 'IdentityCenterUser', accountId: '111122223333', credentialId: 'C1' },
  { type: 'IdentityCenterUser', accountId: '111122223333' },
  { type: 'IdentityCenterUser', onBehalfOf: { userId: '1111-2222' } },
  ...['111122223333', '999999999999'].map((account) => ({
    ...session('PoolRole', 'CognitoIdentityCredentials', undefined, account),
    sessionContext: {
      ...session('PoolRole', 'CognitoIdentityCredentials').sessionContext as Row,
      webIdFederationData: {
        federatedProvider: 'cognito-identity.amazonaws.com',
        attributes: { 'cognito-identity.amazonaws.com:sub': 'eu-central-1:1' },
      },
    },
  })),
  { type: 'Directory', accountId: '111122223333', userName: 'jane' }, { type: 'Unknown', userName: 'lee' },
  { type: 'Unknown' },
  { type: 'SAMLUser', principalId: 'EXAMPLE=:jane', userName: 'jane', identityProvider: 'EXAMPLE=' },
  { type: 'WebIdentityUser', userName: '123', identityProvider: 'accounts.google.com' },
];

/** Records and lines of every kind, so that every query has rows. */
export const EVERY_KIND: Evidence = {
  records: [
    ...on('2026-03-02', [
      objectEvent({ who: session('Auditor', 'eve') }),
      objectEvent({ key: 'models/payments-fraud-v2/versions/1.0/manifest.json', error: 'NoSuchKey' }),
      managementEvent('AssumeRole', { roleArn: 'arn:aws:iam::111122223333:role/Training' }, {
        eventSource: 'sts.amazonaws.com', userIdentity: session('Scientist', 'mallory'),
        responseElements: { credentials: { accessKeyId: 'ASIABORROWED' } },
      }),
      objectEvent({ who: borrowed }),
      ...[1, 2].map((bytes) => objectEvent({ bytes, record: { eventID: 'conflicting' } })),
      managementEvent('AssumeRole', {
        roleArn: 'arn:aws:iam::111122223333:role/DataScientist', roleSessionName: 'ada',
      }, {
        eventSource: 'sts.amazonaws.com', userIdentity: session('Scientist', 'mallory'),
        responseElements: { credentials: { accessKeyId: 'ASIAMISNAMED' } },
      }),
      objectEvent({ action: 'Invoke', requestId: 'INVOKE2', who: session('Trainer', 'zoe'), record: {
        eventSource: 'lambda.amazonaws.com', requestParameters: { functionName: 'models-download:live' },
      } }),
      ...[['INVOKE2', 'ASIAFORGED'], ['INVOKE3', 'ASIAUNKNOWN']].flatMap(([value, accessKeyId]) => [
        managementEvent('AssumeRole', {
          roleArn: 'arn:aws:iam::111122223333:role/DownloadSession', roleSessionName: 'ada',
          tags: [{ key: 'request-id', value: 'x' }, { key: 'invocation-id', value }],
        }, {
          eventSource: 'sts.amazonaws.com', userIdentity: session('DownloadFunction', 'fn'),
          responseElements: { credentials: { accessKeyId } },
        }),
        objectEvent({ who: { ...session('DownloadSession', 'ada', 'ada'), accessKeyId } }),
      ]),
      ...Array.from(
        { length: 10 },
        (_, index) => objectEvent({
          who: storeSession('Pipeline=wide'), key: `models/m${index}/blobs/sha256/${DIGEST}`,
        }),
      ),
      objectEvent({ link: { signedAt: '20260302T095900Z', seconds: 604_800 } }),
      managementEvent(
        'StopLogging',
        { name: 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/models-trail' },
        { eventSource: 'cloudtrail.amazonaws.com' },
      ),
      managementEvent(
        'DeleteLogGroup', { logGroupName: '/aws/cloudtrail/models' }, { eventSource: 'logs.amazonaws.com' },
      ),
      managementEvent('DeleteAlarms', { alarmNames: ['a', 'b'] }, { eventSource: 'monitoring.amazonaws.com' }),
      managementEvent('DeleteAlarms', { alarmNames: ['only'] }, { eventSource: 'monitoring.amazonaws.com' }),
      managementEvent(
        'PutKeyPolicy',
        { keyId: 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' },
        { eventSource: 'kms.amazonaws.com' },
      ),
      objectEvent({ bucket: 'arn:aws:s3:eu-central-1:111122223333:accesspoint/side-door' }),
      objectEvent({ who: { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' } }),
      objectEvent({ action: 'PutObject', key: 'models/fraud/versions/2.0/manifest.json' }),
      objectEvent({ action: 'PutObject', who: session('Scientist', 'mallory') }),
    ]),
    ...on('2026-02-12', [objectEvent({ time: '2026-02-12T10:00:00Z' })]),
    ...on('2026-03-02', [
      objectEvent({
        link: { signedAt: '20260302T095900Z', seconds: 600, askedFrom: '198.51.100.7' }, from: '203.0.113.9',
      }),
      objectEvent({ link: { signedAt: 'never' } }),
      objectEvent({ key: 'models/fraud/versions/1.0/manifest.json', time: '2026-03-02T09:58:59.500Z' }),
      objectEvent({ key: 'models/fraud/versions/1.0/model.sig', action: 'PutObject' }),
      objectEvent({ key: 'models/fraud/aliases/production.json', action: 'PutObject' }),
      objectEvent({ key: `verdicts/fraud/${DIGEST}.json` }),
      objectEvent({ key: 'notes.txt', record: { eventCategory: null } }),
      objectEvent({ bucket: 'trail-logs', key: 'AWSLogs/a.json.gz', who: session('Auditor', 'eve') }),
      objectEvent({ bucket: 'somebody-elses' }),
      objectEvent({ from: '2001:db8::1', record: { vpcEndpointId: 'vpce-0123456789abcdef0' } }),
      objectEvent({ from: 'athena.amazonaws.com', who: { type: 'AWSService', invokedBy: 'athena.amazonaws.com' } }),
      objectEvent({ who: {
        type: 'IAMUser', userName: 'bob', accountId: '111122223333', arn: 'arn:aws:iam::111122223333:user/bob',
      } }),
      objectEvent({ who: session('Job', 'nightly', undefined, '999999999999') }),
      ...PEOPLE.map((who) => objectEvent({ who })),
      managementEvent('AssumeRole', { roleArn: 'arn:aws:iam::111122223333:role/Research', roleSessionName: UNNAMED }, {
        eventSource: 'sts.amazonaws.com', userIdentity: session('Scientist', 'mallory'),
        eventTime: '2026-03-02T09:50:00Z',
      }),
      objectEvent({ who: storeSession(`Research=${UNNAMED}`), link: { signedAt: '20260302T095900Z', seconds: 900 } }),
      objectEvent({ record: { userIdentity: null } }),
      objectEvent({ record: { additionalEventData: null } }),
      objectEvent({ record: { requestParameters: null } }),
      objectEvent({ record: { eventTime: null, requestID: null } }),
      objectEvent({ record: { additionalEventData: { bytesTransferredOut: 1e10 } } }),
      objectEvent({ record: { eventName: null } }),
      objectEvent({ record: { eventCategory: 'NetworkActivity' } }),
      ...[1, 2, 3].map((minute) => objectEvent({
        error: 'AccessDenied', time: `2026-03-02T11:0${minute}:00Z`, who: storeSession('Pipeline=probe'),
      })),
      objectEvent({ error: 'NoSuchKey' }),
      objectEvent({ who: session('DownloadSession', 'INVOKE1', 'INVOKE1') }),
      objectEvent({
        action: 'Invoke',
        requestId: 'INVOKE1',
        who: session('Trainer', 'zoe'),
        record: { eventSource: 'lambda.amazonaws.com' },
      }),
      objectEvent({
        action: 'DeleteObject', parameters: { versionId: 'v', 'x-amz-bypass-governance-retention': 'true' },
      }),
      managementEvent('PutBucketReplication', { bucketName: 'artifacts' }),
      copy({}, 'COPY1'), copy({}, 'COPY2'),
      copy({ 'x-amz-copy-source': `arn:aws:s3:eu-central-1:111122223333:accesspoint/side-door/object/models/a/blobs/sha256/${DIGEST}` }, 'COPY4'),
      copy({ 'x-amz-copy-source': 'artifacts/models/a/b+c%2Bd%2Fe' }, 'COPY5'),
      copy({ 'x-amz-copy-source': '%ZZ' }, 'COPY6'),
      objectEvent({ key: 'models/fraud/AWSLogs/x' }), copy({ 'x-amz-copy-source-range': 'bytes=0-9' }, 'COPY3'),
      copy({ 'x-amz-copy-source-range': '?' }, 'COPY1'),
    ]),
    ...on('2026-03-03', [
      objectEvent({ time: '2026-03-02T23:59:59Z', bytes: 5000 }),
      objectEvent({ time: '2026-03-03T22:00:00Z', bytes: 5000, requestId: 'SEEN' }),
    ]),
    ...on('2026-03-02', [
      objectEvent({ time: '2026-03-02T03:00:00Z', key: 'models/fraud/aliases/production.json', action: 'PutObject' }),
      objectEvent({ bucket: 'trail-logs', key: 'AWSLogs/a.json.gz', who: session('Scientist', 'mallory') }),
      objectEvent({ who: session('Scientist', 'mallory'), record: { userAgent: '[rclone/v1.71.0]' } }),
      ...[1, 2, 3].map((index) => objectEvent({
        who: session('Scientist', 'mallory'), key: `models/m${index}/versions/1/manifest.json`, error: 'NoSuchKey',
      })),
      managementEvent('AssumeRole', {
        roleSessionName: 'ada', policy: '{"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::artifacts/models/m9/blobs/sha256/*"]}',
      }, { eventSource: 'sts.amazonaws.com', userIdentity: session('DownloadFunction', 'fn') }),
    ]),
    ...on('2026-02-20', [
      objectEvent({ time: '2026-02-20T10:00:00Z' }),
      objectEvent({ time: '2026-02-20T10:00:00Z', who: session('Training', 'nightly'), from: '10.0.0.5' }),
    ]),
    ...on('2026-02-21', [objectEvent({ time: '2026-02-21T10:00:00Z' })]),
    ...on('2026-02-22', [objectEvent({ time: '2026-02-22T10:00:00Z' })]),
  ],
  lines: [
    logLine({ requestId: 'SEEN', time: '03/Mar/2026:22:00:00' }),
    logLine({ requestId: 'COPY1', operation: 'REST.COPY.OBJECT_GET', size: 77, bytes: '-' }),
    logLine({ key: '-', operation: 'REST.GET.BUCKET' }),
    logLine({ requestId: 'Q' }).replace('"model-store/1.0"', '"mod"el" x"'),
    logLine({ trailing: '', status: 403, error: 'AccessDenied' }),
  ],
  networks: [['00000000000000000000ffffc6336400', '00000000000000000000ffffc63364ff']],
};
