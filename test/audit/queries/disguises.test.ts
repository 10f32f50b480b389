import { answerOf, select } from '../support/evidence';
import { DIGEST, logLine, objectEvent, session } from '../support/records';

const DAY = '2026-03-02';
const event = async (record: ReturnType<typeof objectEvent>) =>
  (await select({ records: [record] }, 'SELECT object_kind, model, object_key, bucket, egress, bytes_out, result, bytes_source FROM egress_events')).rows;

describe('a model does not become a log by its name', () => {
  test('in the store\'s own bucket', async () => {
    expect(await event(objectEvent({ key: 'models/fraud/AWSLogs/weights' }))).toMatchObject([{ object_kind: 'other', model: 'fraud', egress: true }]);
    expect(await event(objectEvent({ key: 'AWSLogs/weights' }))).toMatchObject([{ object_kind: 'other', egress: true }]);
  });

  test('and a log is one in its own bucket, whatever it is called', async () => {
    expect(await event(objectEvent({ bucket: 'trail-logs', key: 'models/fraud/blobs/sha256/a' }))).toMatchObject([{ object_kind: 'log', model: null }]);
  });
});

describe('the source of a copy is understood', () => {
  const copy = async (source: string) => event(objectEvent({ action: 'CopyObject', bucket: 'elsewhere', key: 'x', parameters: { 'x-amz-copy-source': source } }));

  test.each([
    ['as it is', `artifacts/models/fraud/blobs/sha256/${DIGEST}`, `models/fraud/blobs/sha256/${DIGEST}`],
    ['with a slash before it', `/artifacts/models/fraud/blobs/sha256/${DIGEST}`, `models/fraud/blobs/sha256/${DIGEST}`],
    ['encoded', `artifacts%2Fmodels%2Ffraud%2Fblobs%2Fsha256%2F${DIGEST}`, `models/fraud/blobs/sha256/${DIGEST}`],
    ['of a version', `artifacts/models/fraud/blobs/sha256/${DIGEST}?versionId=abc`, `models/fraud/blobs/sha256/${DIGEST}`],
    ['with a plus sign and in another script', 'artifacts/models/fraud/%E6%A8%A1%E5%9E%8B+1%2B1', 'models/fraud/模型+1+1'],
  ])('%s', async (_, source, object_key) => {
    expect(await copy(source)).toMatchObject([{ bucket: 'artifacts', model: 'fraud', object_key, egress: true }]);
  });

  test('through an access point', async () => {
    const arn = 'arn:aws:s3:eu-central-1:111122223333:accesspoint/side-door';
    expect(await copy(`${arn}/object/models/fraud/blobs/sha256/${DIGEST}`)).toMatchObject([{
      bucket: arn, model: 'fraud', object_kind: 'blob', object_key: `models/fraud/blobs/sha256/${DIGEST}`, egress: true,
    }]);
    expect(await copy(encodeURIComponent(`${arn}/object/models/fraud/a`))).toMatchObject([{ bucket: arn, model: 'fraud' }]);
  });

  test('or it is still a copy, of something unknown', async () => {
    const nothing = objectEvent({ action: 'CopyObject', bucket: 'elsewhere', key: 'x' });
    expect(await event(nothing)).toMatchObject([{ egress: true, bucket: null, bytes_out: null, bytes_source: 'unknown' }]);
  });
});

describe('requests that take nothing', () => {
  test.each([
    ['a HEAD', { action: 'HeadObject', bytes: 0 }],
    ['a denied read, with and without a count', { error: 'AccessDenied', bytes: 243 }],
    ['a denied read without a count', { error: 'AccessDenied', record: { additionalEventData: { bytesTransferredOut: null } } }],
    ['a read of what the client has already', { error: 'NotModified', bytes: 0 }],
  ])('%s', async (_, request) => {
    expect(await event(objectEvent(request))).toMatchObject([{ egress: false, bytes_out: 0 }]);
  });
});

describe('counts', () => {
  test.each([
    ['of a range', 1, 1], ['above what 32 bits hold', 2 ** 40, 2 ** 40], ['as a float', 1.5e10, 15_000_000_000], ['as text', '77', 77],
    ['that is too large for any machine', 1e30, null], ['that is none', 'many', null], ['that is missing', null, null],
  ])('%s', async (_, bytesTransferredOut, bytes_out) => {
    expect(await event(objectEvent({ record: { additionalEventData: { bytesTransferredOut } } }))).toMatchObject([{ egress: true, bytes_out }]);
  });
});

describe('a line of the access logs is not hidden by what the caller says in it', () => {
  test.each([
    ['a quote in the user agent', (line: string) => line.replace('"model-store/1.0"', '"mod"el" x"')],
    ['a quote in the request', (line: string) => line.replace(' HTTP/1.1"', '?x=" 200 - " HTTP/1.1"')],
    ['an unfinished quote', (line: string) => line.replace('"model-store/1.0"', '"""')],
    ['a bracket', (line: string) => line.replace('"model-store/1.0"', '"[02/Mar/2020:10:00:00 +0000]"')],
  ])('%s', async (_, disguise) => {
    const line = disguise(logLine({ requestId: 'R1' }));
    const [answer] = await answerOf('reconciliation', { lines: [line, logLine({ requestId: 'R2' })], records: [objectEvent({ requestId: 'R2' })] }, DAY, DAY);
    expect(answer).toMatchObject({
      missing_in: 'trail', request_id: 'R1', event_time: '2026-03-02T10:00:00', principal: expect.stringContaining('DataScientist=alice'),
      object_key: `models/fraud/blobs/sha256/${DIGEST}`,
    });
  });
});

describe('a name that somebody gives to a session', () => {
  test.each([
    ['of another account, like a person of this one', session('DataScientist', 'alice', undefined, '999999999999'), 'arn:aws:sts::999999999999:assumed-role/DataScientist/alice'],
    ['that would be two', session('DataScientist', 'alice=admin'), 'arn:aws:sts::111122223333:assumed-role/DataScientist/alice=admin'],
  ])('%s', async (_, who, principal) => {
    expect(await answerOf('egress-by-principal', { records: [objectEvent({ who })] }, DAY, DAY)).toMatchObject([{ principal }]);
  });
});
