import { answerOf } from '../support/evidence';
import { logLine, objectEvent } from '../support/records';

const DAY = '2026-03-02';

describe('reconciliation', () => {
  test('is empty if trail and access logs have the same requests', async () => {
    const records = [objectEvent({ requestId: 'R1' }), objectEvent({ requestId: 'R2', error: 'AccessDenied' })];
    // A copy within one bucket has two lines.
    const lines = [
      logLine({ requestId: 'R1' }), logLine({ requestId: 'R2', status: 403, error: 'AccessDenied' }),
      logLine({ requestId: 'R3', operation: 'REST.COPY.OBJECT' }),
      logLine({ requestId: 'R3', operation: 'REST.COPY.OBJECT_GET' }),
    ];
    const copy = objectEvent({
      requestId: 'R3', action: 'CopyObject', parameters: { 'x-amz-copy-source': 'artifacts/models/a' },
    });
    expect(await answerOf('reconciliation', { records: [...records, copy], lines }, DAY, DAY)).toEqual([]);
  });

  test('reports exactly the request that is missing from the trail, and its bytes', async () => {
    const lines = ['R1', 'R2', 'R3'].map((requestId) => logLine({ requestId, bytes: 12_345 }));
    const records = ['R1', 'R3'].map((requestId) => objectEvent({ requestId }));
    expect(await answerOf('reconciliation', { records, lines }, DAY, DAY)).toMatchObject([
      {
        missing_in: 'trail', request_id: 'R2', action: 'REST.GET.OBJECT', bytes_out: 12_345, source_ip: '198.51.100.7',
      },
    ]);
  });

  test('reports exactly the request that is missing from the access logs', async () => {
    const lines = ['R1', 'R3'].map((requestId) => logLine({ requestId }));
    const records = ['R1', 'R2', 'R3'].map((requestId) => objectEvent({ requestId, bytes: 77 }));
    expect(await answerOf('reconciliation', { records, lines }, DAY, DAY)).toMatchObject([
      {
        missing_in: 'access logs',
        request_id: 'R2',
        action: 'GetObject',
        principal: 'DataScientist=alice',
        bytes_out: 77,
      },
    ]);
  });

  test('matches requests around midnight with the days before and after', async () => {
    const records = [
      objectEvent({ requestId: 'R1', time: '2026-03-01T23:59:59Z' }),
      objectEvent({ requestId: 'R2', time: '2026-03-02T23:59:59Z', record: { delivery_day: '2026-03-03' } }),
    ];
    const lines = [
      logLine({ requestId: 'R1', time: '02/Mar/2026:00:00:00' }),
      logLine({ requestId: 'R2', time: '02/Mar/2026:23:59:59' }),
    ];
    expect(await answerOf('reconciliation', { records, lines }, DAY, DAY)).toEqual([]);
  });

  test('does not report requests that only one of them records', async () => {
    const lines = [
      logLine({ operation: 'REST.GET.BUCKET', key: '-' }),
      logLine({ operation: 'S3.EXPIRE.OBJECT' }),
      logLine({ status: 403, error: 'SignatureDoesNotMatch' }),
      logLine({ bucket: 'trail-logs' }),
      logLine({ time: '01/Mar/2026:12:00:00' }),
    ];
    const records = [
      objectEvent({ bucket: 'trail-logs', key: 'AWSLogs/a.json.gz' }),
      objectEvent({ time: '2026-03-03T12:00:00Z' }),
    ];
    expect(await answerOf('reconciliation', { records, lines }, DAY, DAY)).toEqual([]);
  });

  test('reports each day without access logs once, with the number of requests that could not be compared', async () => {
    const records = [
      objectEvent({ requestId: 'R1', bytes: 5 }), objectEvent({ requestId: 'R2', bytes: 7 }),
      objectEvent({ requestId: 'R3', time: '2026-03-03T10:00:00Z' }),
      objectEvent({ requestId: 'R4', time: '2026-03-03T10:00:00Z', bytes: 9 }),
    ];
    const lines = [logLine({ requestId: 'R3', time: '03/Mar/2026:10:00:00' })];
    expect(await answerOf('reconciliation', { records, lines }, DAY, '2026-03-03')).toMatchObject([
      {
        missing_in: 'access logs', request_id: null, requests: 2, bytes_out: 12,
        note: 'no access logs for 2026-03-02: requests on this day cannot be compared',
      },
      { missing_in: 'access logs', request_id: 'R4', requests: 1, bytes_out: 9, note: null },
    ]);
  });

  test('reports the last hours, for which lines may still arrive, once', async () => {
    const records = [
      objectEvent({ requestId: 'R1', time: '2026-03-02T10:00:00Z' }),
      objectEvent({ requestId: 'R2', time: '2026-03-02T09:59:59Z', bytes: 5 }),
      ...[1, 2, 3].map((minute) => objectEvent({ time: `2026-03-02T10:0${minute}:00Z`, bytes: 2 })),
    ];
    const answer = await answerOf('reconciliation', { records, lines: [logLine({ requestId: 'R1' })] }, DAY, DAY);
    expect(answer).toMatchObject([
      { missing_in: 'access logs', request_id: 'R2', requests: 1, note: null },
      {
        missing_in: 'access logs', request_id: null, requests: 3, bytes_out: 6,
        note: 'no access logs yet for the end of 2026-03-02: its requests cannot be compared',
      },
    ]);
    const later = logLine({ requestId: 'R9', time: '03/Mar/2026:00:00:01' });
    expect(
      await answerOf('reconciliation', { records, lines: [logLine({ requestId: 'R1' }), later] }, DAY, DAY),
    ).toHaveLength(4);
  });

  test('reports every request on days without trail records', async () => {
    const lines = [logLine({ requestId: 'R1' }), logLine({ requestId: 'R2' })];
    expect(await answerOf('reconciliation', { lines }, DAY, DAY)).toMatchObject([
      { missing_in: 'trail', request_id: 'R1' }, { missing_in: 'trail', request_id: 'R2' },
    ]);
  });

  test('treats a deletion of several objects as one request', async () => {
    const records = [objectEvent({ requestId: 'R1', action: 'DeleteObjects', key: '' })];
    const lines = ['a', 'b'].map(
      (key) => logLine({ requestId: 'R1', operation: 'BATCH.DELETE.OBJECT', key: `models/${key}` }),
    );
    expect(await answerOf('reconciliation', { records, lines }, DAY, DAY)).toEqual([]);
    expect(await answerOf('reconciliation', { lines }, DAY, DAY)).toHaveLength(2);
  });

  test.each([
    ['REST.HEAD.OBJECT', {}, 1], ['REST.GET.OBJECT', { status: 206 }, 1],
    ['REST.GET.OBJECT', { status: 403, error: 'AccessDenied' }, 1],
    ['WEBSITE.GET.OBJECT', {}, 1], ['S3.CREATE.DELETEMARKER', {}, 0], ['REST.OPTIONS.PREFLIGHT', {}, 0],
    ['REST.GET.OBJECT', { status: 400, error: 'InvalidArgument' }, 0],
    ['REST.GET.OBJECT', { status: 503, error: 'SlowDown' }, 0],
  ])('%s %j only in the access logs: %d missing from the trail', async (operation, more, missing) => {
    expect(
      await answerOf('reconciliation', { lines: [logLine({ operation, ...more })] }, DAY, DAY),
    ).toHaveLength(missing);
  });

  test('reports records and lines without a request ID', async () => {
    const records = [objectEvent({ record: { requestID: null } })];
    const lines = [logLine({ requestId: '-' })];
    expect(await answerOf('reconciliation', { records, lines }, DAY, DAY)).toMatchObject([
      { missing_in: 'access logs', request_id: null }, { missing_in: 'trail', request_id: null },
    ]);
  });
});
