import { answerOf, select } from '../support/evidence';
import { DIGEST, logLine, objectEvent, session } from '../support/records';

const DAY = '2026-03-02';
const event = async (record: ReturnType<typeof objectEvent>) =>
  (await select({ records: [record] },
    'SELECT object_kind, model, object_key, bucket, egress, bytes_out, result, bytes_source FROM egress_events')).rows;

describe('a model cannot be disguised as a log', () => {
  test('in the artifact bucket', async () => {
    expect(await event(objectEvent({ key: 'models/fraud/AWSLogs/weights' }))).toMatchObject([
      { object_kind: 'other', model: 'fraud', egress: true },
    ]);
    expect(await event(objectEvent({ key: 'AWSLogs/weights' }))).toMatchObject([
      { object_kind: 'other', egress: true },
    ]);
  });

  test('and every object in a log bucket is a log', async () => {
    expect(await event(objectEvent({ bucket: 'trail-logs', key: 'models/fraud/blobs/sha256/a' }))).toMatchObject([
      { object_kind: 'log', model: null },
    ]);
  });
});

describe('the source of a copy is parsed', () => {
  const copy = async (source: string) => event(
    objectEvent({ action: 'CopyObject', bucket: 'elsewhere', key: 'x', parameters: { 'x-amz-copy-source': source } }),
  );

  test.each([
    ['without encoding', `artifacts/models/fraud/blobs/sha256/${DIGEST}`, `models/fraud/blobs/sha256/${DIGEST}`],
    ['with a leading slash', `/artifacts/models/fraud/blobs/sha256/${DIGEST}`, `models/fraud/blobs/sha256/${DIGEST}`],
    ['encoded', `artifacts%2Fmodels%2Ffraud%2Fblobs%2Fsha256%2F${DIGEST}`, `models/fraud/blobs/sha256/${DIGEST}`],
    [
      'with a version ID',
      `artifacts/models/fraud/blobs/sha256/${DIGEST}?versionId=abc`,
      `models/fraud/blobs/sha256/${DIGEST}`,
    ],
    [
      'with a plus sign and non-ASCII characters',
      'artifacts/models/fraud/%E6%A8%A1%E5%9E%8B+1%2B1',
      'models/fraud/模型+1+1',
    ],
  ])('%s', async (_, source, object_key) => {
    expect(await copy(source)).toMatchObject([{ bucket: 'artifacts', model: 'fraud', object_key, egress: true }]);
  });

  test('through an access point', async () => {
    const arn = 'arn:aws:s3:eu-central-1:111122223333:accesspoint/side-door';
    expect(await copy(`${arn}/object/models/fraud/blobs/sha256/${DIGEST}`)).toMatchObject([{
      bucket: arn, model: 'fraud', object_kind: 'blob', object_key: `models/fraud/blobs/sha256/${DIGEST}`, egress: true,
    }]);
    expect(await copy(encodeURIComponent(`${arn}/object/models/fraud/a`))).toMatchObject([
      { bucket: arn, model: 'fraud' },
    ]);
  });

  test('and an invalid source is a copy from an unknown object', async () => {
    const nothing = objectEvent({ action: 'CopyObject', bucket: 'elsewhere', key: 'x' });
    expect(await event(nothing)).toMatchObject([
      { egress: true, bucket: null, bytes_out: null, bytes_source: 'unknown' },
    ]);
  });
});

describe('requests without egress', () => {
  test.each([
    ['a HEAD', { action: 'HeadObject', bytes: 0 }],
    ['a denied read, with and without a count', { error: 'AccessDenied', bytes: 243 }],
    [
      'a denied read without a count',
      { error: 'AccessDenied', record: { additionalEventData: { bytesTransferredOut: null } } },
    ],
    ['a read with a 304 response', { error: 'NotModified', bytes: 0 }],
  ])('%s', async (_, request) => {
    expect(await event(objectEvent(request))).toMatchObject([{ egress: false, bytes_out: 0 }]);
  });
});

describe('byte counts', () => {
  test.each([
    ['of a range', 1, 1], ['above 32 bits', 2 ** 40, 2 ** 40], ['as a float', 1.5e10, 15_000_000_000],
    ['as text', '77', 77],
    ['that is too large', 1e30, null], ['that is not a number', 'many', null], ['that is missing', null, null],
  ])('%s', async (_, bytesTransferredOut, bytes_out) => {
    expect(await event(objectEvent({ record: { additionalEventData: { bytesTransferredOut } } }))).toMatchObject([
      { egress: true, bytes_out },
    ]);
  });
});

describe('an access log line cannot be hidden by values that the caller chooses', () => {
  test.each([
    ['a quotation mark in the user agent', (line: string) => line.replace('"model-store/1.0"', '"mod"el" x"')],
    ['a quotation mark in the request', (line: string) => line.replace(' HTTP/1.1"', '?x=" 200 - " HTTP/1.1"')],
    ['an unbalanced quotation mark', (line: string) => line.replace('"model-store/1.0"', '"""')],
    ['a bracket', (line: string) => line.replace('"model-store/1.0"', '"[02/Mar/2020:10:00:00 +0000]"')],
  ])('%s', async (_, disguise) => {
    const line = disguise(logLine({ requestId: 'R1' }));
    const [answer] = await answerOf(
      'reconciliation',
      { lines: [line, logLine({ requestId: 'R2' })], records: [objectEvent({ requestId: 'R2' })] },
      DAY,
      DAY,
    );
    expect(answer).toMatchObject({
      missing_in: 'trail', request_id: 'R1', event_time: '2026-03-02T10:00:00',
      principal: expect.stringContaining('DataScientist=alice'),
      object_key: `models/fraud/blobs/sha256/${DIGEST}`,
    });
  });
});

describe('a chosen session name', () => {
  test.each([
    [
      'of another account, equal to that of a user of this account',
      session('DataScientist', 'alice', undefined, '999999999999'),
      'arn:aws:sts::999999999999:assumed-role/DataScientist/alice',
    ],
    [
      'with an additional equals sign',
      session('DataScientist', 'alice=admin'),
      'arn:aws:sts::111122223333:assumed-role/DataScientist/alice=admin',
    ],
  ])('%s', async (_, who, principal) => {
    expect(
      await answerOf('egress-by-principal', { records: [objectEvent({ who })] }, DAY, DAY),
    ).toMatchObject([{ principal }]);
  });
});
