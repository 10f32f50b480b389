import { answerOf, select, type Row } from '../support/evidence';
import { objectEvent } from '../support/records';

const DAY = '2026-03-02';
const bucketResource = (name: string) => ({ accountId: '111122223333', type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${name}` });
const reads = async (records: readonly Row[]) =>
  (await select({ records }, 'SELECT bucket, bytes_out FROM egress_events ORDER BY bucket')).rows;

describe('which bucket a record is about', () => {
  test.each([
    'mfzwi23gnjvgw.mrap', 'models-ap', 'models-ap-111122223333.s3-accesspoint.eu-central-1.amazonaws.com',
    'models-olap-0123456789abcdef--ol-s3', 'arn:aws:s3:eu-central-1:111122223333:accesspoint/models-ap',
  ])('is the one among its resources, if the request names %s', async (name) => {
    const record = objectEvent({ bucket: name, record: { resources: [bucketResource('artifacts')] } });
    expect(await reads([record])).toEqual([{ bucket: 'artifacts', bytes_out: 100 }]);
  });

  test.each([
    'mfzwi23gnjvgw.mrap', 'models-olap-0123456789abcdef--ol-s3', 'models-ap-x7yz-s3alias',
    'models-ap-111122223333.s3-accesspoint.eu-central-1.amazonaws.com',
  ])('is unknown without resources, if the request names %s, so it is counted', async (name) => {
    expect(await reads([objectEvent({ bucket: name })])).toEqual([{ bucket: name, bytes_out: 100 }]);
  });

  test('is another one only if the record names another bucket, and such records are counted by bucket', async () => {
    const records = [
      objectEvent({ bucket: 'elsewhere' }), objectEvent({ bucket: 'artifacts', record: { resources: [bucketResource('elsewhere')] } }),
    ];
    expect(await reads(records)).toEqual([]);
    expect(await answerOf('log-coverage', { records }, DAY, DAY)).toMatchObject([
      { requests_to_other_buckets: 2, one_other_bucket: 'elsewhere', object_reads: 0 },
    ]);
  });

  test('can be in a list, as in records of 2018', async () => {
    const record = objectEvent({ parameters: {
      bucketName: ['artifacts'], key: ['models/fraud/blobs/sha256/b'], 'X-Amz-Expires': ['604800'],
      'X-Amz-Date': ['20260302T095900Z'],
    } });
    expect((await select({ records: [record] }, 'SELECT bucket, model, presigned, link_lifetime_seconds FROM egress_events')).rows)
      .toEqual([{ bucket: 'artifacts', model: 'fraud', presigned: true, link_lifetime_seconds: 604_800 }]);
  });
});

describe('other-requests', () => {
  const others = async (records: readonly Row[]) => (await answerOf('other-requests', { records }, DAY, DAY))
    .map(({ event_source, action, requests, bytes_out }) => [event_source, action, requests, bytes_out]);

  test('lists requests to the store that no other query lists, with their bytes', async () => {
    expect(await others([
      objectEvent({ action: 'ListObjects', bytes: 236_000, parameters: { key: null } }),
      objectEvent({ action: 'HeadObject', bytes: 0 }), objectEvent({ action: 'HeadObject', bytes: 0 }),
      objectEvent({ action: 'GetObjectAttributes', bytes: 300 }), objectEvent({ action: 'PutObjectTagging', bytes: 0 }),
      objectEvent({ action: 'ReadObjectInANewWay', bytes: 9_000_000 }),
    ])).toEqual([
      ['s3.amazonaws.com', 'HeadObject', 2, 0], ['s3.amazonaws.com', 'GetObjectAttributes', 1, 300],
      ['s3.amazonaws.com', 'ListObjects', 1, 236_000], ['s3.amazonaws.com', 'PutObjectTagging', 1, 0],
      ['s3.amazonaws.com', 'ReadObjectInANewWay', 1, 9_000_000],
    ]);
  });

  test.each([
    's3express.amazonaws.com', 's3-object-lambda.amazonaws.com', 's3-outposts.amazonaws.com',
  ])('lists requests to %s', async (eventSource) => {
    expect(await others([objectEvent({ bucket: 'models--euc1-az1--x-s3', record: { eventSource } })])).toEqual([
      [eventSource, 'GetObject', 1, 100],
    ]);
  });

  test('leaves out downloads, copies, deletions and denied requests, which other queries list', async () => {
    expect(await others([
      objectEvent(), objectEvent({ action: 'GetObjectAnnotation' }), objectEvent({ action: 'DeleteObject' }),
      objectEvent({ error: 'AccessDenied' }), objectEvent({ bucket: 'elsewhere' }),
      objectEvent({ action: 'CopyObject', parameters: { 'x-amz-copy-source': 'artifacts/models/a/blobs/sha256/b' } }),
    ])).toEqual([]);
  });

  test('an annotation that is read is a download', async () => {
    expect((await select({ records: [objectEvent({ action: 'GetObjectAnnotation' })] }, 'SELECT egress, bytes_out FROM egress_events'))
      .rows).toEqual([{ egress: true, bytes_out: 100 }]);
  });
});

describe('log-coverage', () => {
  test('counts every record of a day in exactly one kind', async () => {
    const records = [
      objectEvent(), objectEvent({ action: 'PutObject', record: { readOnly: false } }), objectEvent({ bucket: 'trail-logs' }),
      objectEvent({ bucket: 'trail-logs', action: 'PutObject', record: { readOnly: false } }),
      objectEvent({ bucket: 'elsewhere' }), objectEvent({ record: { eventSource: 's3express.amazonaws.com' } }),
      objectEvent({ action: 'Invoke', record: { eventSource: 'lambda.amazonaws.com', readOnly: false } }),
      objectEvent({ record: { eventCategory: 'Management' } }), objectEvent({ record: { eventCategory: 'NetworkActivity' } }),
      objectEvent({ record: { requestParameters: null } }),
    ];
    const [row] = await answerOf('log-coverage', { records }, DAY, DAY);
    const kinds = [
      'object_reads', 'object_writes', 'evidence_reads', 'evidence_writes', 'requests_to_other_buckets', 'invocations', 'other_data_events',
      'management_events', 'other_events',
    ];
    expect(row).toMatchObject({ trail_records: records.length });
    expect(kinds.map((kind) => Number(row[kind])).reduce((sum, count) => sum + count)).toBe(records.length);
    expect(kinds.filter((kind) => row[kind] === 0)).toEqual([]);
  });
});
