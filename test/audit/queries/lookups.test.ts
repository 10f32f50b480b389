import { answerOf, type Row } from '../support/evidence';
import { DIGEST, logLine, managementEvent, objectEvent, session, storeSession } from '../support/records';

const DAY = '2026-03-02';
const LOG = { bucket: 'trail-logs', key: 'AWSLogs/111122223333/CloudTrail/eu-central-1/2026/03/02/a.json.gz' };
const ADMIN = session('Admin', 'mallory');

describe('reads of evidence', () => {
  const evidenceReads = async (records: readonly Row[], settings?: Row) => {
    const answer = await answerOf('evidence-reads', { records, settings }, DAY, DAY);
    return answer.map(({ principal, bucket, bytes_out, reads }) => [principal, bucket, bytes_out, reads]);
  };

  test('by auditors are not listed, and by others are', async () => {
    expect(await evidenceReads([
      objectEvent({ ...LOG, who: ADMIN, bytes: 70 }), objectEvent({ ...LOG, who: ADMIN, bytes: 30 }),
      objectEvent({ ...LOG, who: session('Auditor', 'ruth') }),
      objectEvent({ who: ADMIN }), objectEvent({ ...LOG, who: ADMIN, error: 'AccessDenied' }),
    ])).toEqual([['Admin=mallory', 'trail-logs', 100, 2]]);
  });

  test('include copies, and a service that reads as itself', async () => {
    expect(await evidenceReads([
      objectEvent({
        who: ADMIN, action: 'CopyObject', bucket: 'scratch', key: 'x', parameters: { 'x-amz-copy-source': 'access-logs/line' },
      }),
      objectEvent({ ...LOG, bytes: 5, who: { type: 'AWSService', invokedBy: 'glue.amazonaws.com' }, from: 'glue.amazonaws.com' }),
    ])).toEqual([['glue.amazonaws.com', 'trail-logs', 5, 1], ['Admin=mallory', 'access-logs', null, 1]]);
  });

  test('without settings are recognised by their keys, and include those of auditors', async () => {
    const unknown = { log_buckets: null, auditor_role_arns: null, artifact_bucket: null };
    expect(await evidenceReads([objectEvent({ ...LOG, who: session('Auditor', 'ruth'), bytes: 9 })], unknown)).toEqual([
      ['Auditor=ruth', 'trail-logs', 9, 1],
    ]);
  });
});

describe('enumeration of objects', () => {
  const enumerated = async (records: readonly Row[]) => answerOf('object-enumeration', { records }, DAY, DAY);
  const blob = (index: number) => `models/fraud/blobs/sha256/${String(index).padStart(64, '0')}`;
  const many = (count: number, request: (index: number) => object) => (
    Array.from({ length: count }, (_, index) => objectEvent({ who: ADMIN, ...request(index) })));

  test('is reported by files, models and listings', async () => {
    expect(await enumerated(many(10, (index) => ({ action: 'HeadObject', key: blob(index) })))).toMatchObject([
      { principal: 'Admin=mallory', objects: 10, models: 1, listings: 0 },
    ]);
    expect(await enumerated(many(3, (index) => ({
      key: `models/m${index}/versions/1/manifest.json`, error: 'NoSuchKey',
    })))).toMatchObject([{ objects: 3, models: 3, not_found: 3, one_model: 'm0' }]);
    expect(await enumerated(many(10, () => ({ action: 'ListObjects', parameters: { key: undefined } })))).toMatchObject([
      { listings: 10, objects: 0 },
    ]);
  });

  test('is not reported of what was downloaded on the same day', async () => {
    expect(await enumerated([
      ...many(10, (index) => ({ action: 'HeadObject', key: blob(index) })), ...many(10, (index) => ({ key: blob(index) })),
    ])).toEqual([]);
  });

  test('is not reported of a push, which looks for stored files, nor of the API, which lists models', async () => {
    const who = storeSession('DataScientist=alice', 'UploadSession');
    expect(await enumerated([
      ...many(20, (index) => ({ who, action: 'HeadObject', key: blob(index) })),
      ...many(20, () => ({ who, action: 'ListObjects', parameters: { key: undefined } })),
    ])).toEqual([]);
  });

  test('through the API is reported by the models that do not exist', async () => {
    const who = storeSession('DataScientist=alice');
    expect(await enumerated(many(4, (index) => ({
      who, key: `models/m${index}/versions/1/manifest.json`, error: 'NoSuchKey',
    })))).toMatchObject([{ principal: 'DataScientist=alice', models: 4, models_downloaded: 0 }]);
  });

  test('is not reported of an auditor who reads manifests', async () => {
    const who = session('Auditor', 'ruth');
    expect(await enumerated(many(9, (index) => ({ who, key: `models/m${index}/versions/1/manifest.json` })))).toEqual([]);
  });
});

describe('denied requests', () => {
  const denials = async (evidence: { records?: readonly Row[]; lines?: readonly string[]; settings?: Row }) => {
    const answer = await answerOf('denied-requests', evidence, DAY, DAY);
    return answer.map(({ recorded_in, principal, action, denied_by, denied }) => [recorded_in, principal, action, denied_by, denied]);
  };
  const refused = (source: string, action: string, parameters: Row | null, more: Row = {}) => managementEvent(action, parameters!, {
    eventSource: `${source}.amazonaws.com`, userIdentity: ADMIN, errorCode: 'AccessDenied', errorMessage: 'refused', ...more,
  });

  test('are counted by principal, action and the policy that denied them', async () => {
    const because = 'User: arn is not authorized to perform: s3:GetObject because no session policy allows the s3:GetObject action';
    expect(await denials({
      records: [
        objectEvent({ error: 'AccessDenied', record: { errorMessage: because } }),
        objectEvent({ error: 'AccessDenied', key: 'models/other', record: { errorMessage: because } }),
        objectEvent({ error: 'NoSuchKey' }), objectEvent(),
      ],
    })).toEqual([
      ['trail', 'DataScientist=alice', 'GetObject', 'because no session policy allows the s3:GetObject action', 2],
    ]);
  });

  test('of other services are listed if they name a bucket, role, key or function of the store', async () => {
    expect(await denials({
      records: [
        refused('kms', 'Decrypt', { keyId: 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' }),
        refused('sts', 'AssumeRole', { roleArn: 'arn:aws:iam::111122223333:role/DownloadSession' }),
        refused('lambda', 'Invoke', { functionName: 'models-download' }),
        refused('athena', 'StartQueryExecution', null, { errorMessage: 'not authorized on workgroup/models-questions' }),
        refused('kms', 'Decrypt', { keyId: 'arn:aws:kms:eu-central-1:111122223333:key/another' }),
        refused('ec2', 'DescribeInstances', null),
      ],
    })).toEqual([
      ['trail', 'Admin=mallory', 'AssumeRole', null, 1], ['trail', 'Admin=mallory', 'Decrypt', null, 1],
      ['trail', 'Admin=mallory', 'Invoke', null, 1], ['trail', 'Admin=mallory', 'StartQueryExecution', null, 1],
    ]);
  });

  test('whose record does not say what they are about are listed', async () => {
    const omitted = { omitted: true, reason: 'requestParameters too large' };
    expect(await denials({ records: [refused('s3', 'PutBucketPolicy', omitted), refused('kms', 'PutKeyPolicy', null)] }))
      .toHaveLength(2);
  });

  test('that only S3 logged are listed, and those that the trail has as well are counted once', async () => {
    expect(await denials({
      records: [objectEvent({ error: 'AccessDenied', requestId: 'SAME' })],
      lines: [
        logLine({ requestId: 'SAME', status: 403, error: 'AccessDenied' }),
        logLine({ status: 403, error: 'SignatureDoesNotMatch' }), logLine({ status: 404, error: 'NoSuchKey' }),
        logLine({ status: 403, error: 'InvalidObjectState' }), logLine(),
      ],
    })).toMatchObject([
      ['trail', 'DataScientist=alice', 'GetObject', null, 1], ['access logs', expect.anything(), 'REST.GET.OBJECT', null, 1],
    ]);
  });
});

describe('downloads followed by deletions', () => {
  const followed = async (records: readonly Row[]) => {
    const answer = await answerOf('read-then-delete', { records }, DAY, DAY);
    return answer.map(({ principal, bytes_out, deletions, failed_deletions }) => [principal, bytes_out, deletions, failed_deletions]);
  };
  const read = (time: string, more: object = {}) => objectEvent({ who: ADMIN, time, bytes: 600, ...more });
  const deletion = (time: string, more: object = {}) => objectEvent({ who: ADMIN, time, action: 'DeleteObject', bytes: 0, ...more });

  test('within a day are reported, with attempts', async () => {
    expect(await followed([
      read('2026-03-01T11:00:00Z'), read('2026-03-02T09:00:00Z'), deletion('2026-03-02T10:00:00Z'),
      deletion('2026-03-02T10:01:00Z', { error: 'AccessDenied' }),
    ])).toEqual([['Admin=mallory', 1_200, 2, 1]]);
  });

  test('are not reported if little was downloaded, earlier or afterwards', async () => {
    expect(await followed([
      read('2026-03-01T09:00:00Z'), read('2026-03-02T09:00:00Z'), deletion('2026-03-02T10:00:00Z'),
      read('2026-03-02T11:00:00Z'),
    ])).toEqual([]);
  });

  test('are reported of a key that is scheduled for deletion, and of another name for the same access key', async () => {
    const other = { ...session('Admin', 'someone-else'), accessKeyId: ADMIN.accessKeyId };
    expect(await followed([
      read('2026-03-02T09:00:00Z', { bytes: 5_000 }),
      managementEvent('ScheduleKeyDeletion', { keyId: '1234abcd-12ab-34cd-56ef-1234567890ab' }, {
        eventSource: 'kms.amazonaws.com', userIdentity: other, eventTime: '2026-03-02T09:30:00Z',
      }),
    ])).toEqual([['Admin=someone-else', 5_000, 1, 0]]);
  });

  test('are not reported of other buckets and keys, nor of a lifecycle rule that a deployment sets', async () => {
    const deploys = { userIdentity: { ...session('Deployment', 'cfn'), invokedBy: 'cloudformation.amazonaws.com' } };
    expect(await followed([
      read('2026-03-02T09:00:00Z', { bytes: 5_000 }), deletion('2026-03-02T10:00:00Z', { bucket: 'holiday-photos' }),
      managementEvent('ScheduleKeyDeletion', { keyId: 'another' }, { eventSource: 'kms.amazonaws.com', userIdentity: ADMIN }),
      read('2026-03-02T09:00:00Z', { bytes: 5_000, who: session('Deployment', 'cfn') }),
      managementEvent('PutBucketLifecycle', { bucketName: 'artifacts' }, deploys),
    ])).toEqual([]);
  });

  test('are reported of many files, whatever their size', async () => {
    const files = Array.from({ length: 10 }, (_, index) => read('2026-03-02T09:00:00Z', {
      bytes: 1, key: `models/fraud/blobs/sha256/${DIGEST.slice(2)}${String(index).padStart(2, '0')}`,
    }));
    expect(await followed([...files, deletion('2026-03-02T10:00:00Z')])).toEqual([['Admin=mallory', 10, 1, 0]]);
  });
});
