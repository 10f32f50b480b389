import { answerOf, select } from '../support/evidence';
import { logLine, objectEvent, session } from '../support/records';

const DAY = '2026-03-02';
const LINE = logLine({ requestId: 'LINE' });

const parsed = async (line: string) => (await select(
  { lines: [line] }, 'SELECT event_time, event_day, request_id, http_status, error_code, bytes_sent, user_agent FROM access_log_requests',
)).rows[0];

describe('a line of the access logs', () => {
  const USUAL = {
    event_time: '2026-03-02T10:00:00', event_day: DAY, request_id: 'LINE', http_status: 200, error_code: null,
    bytes_sent: 100, user_agent: 'model-store/1.0',
  };

  test.each([
    ['in S3\'s format', LINE, {}],
    ['with doubled spaces', LINE.replace(' LINE ', '   LINE ').replace(' 200 ', '  200 '), {}],
    ['with another offset', LINE.replace('+0000]', '+0530]'), { event_time: '2026-03-02T04:30:00' }],
    ['with an offset to the west', LINE.replace('+0000]', '-0200]'), { event_time: '2026-03-02T12:00:00' }],
    ['with a quotation mark in the request', LINE.replace('HTTP/1.1" 200 - 100', 'x" HTTP/1.1" 403 SignatureDoesNotMatch 943')
      .replace(' 21 12 ', ' 8 - '), { http_status: 403, error_code: 'SignatureDoesNotMatch', bytes_sent: 943 }],
    ['with a user agent that looks like the end of the line', LINE.replace('model-store/1.0', 'x" - id SigV4 - AuthHeader'), {
      user_agent: 'x" - id SigV4 - AuthHeader',
    }],
    ['with a quotation mark in the referer', LINE.replace(' 21 12 "-"', ' 21 12 "a" b"'), {}],
    ['with later fields that are not known yet', `${LINE} "new field" -`, {}],
    ['of the oldest format', LINE.replace(/ - hostId.*$/, ''), {}],
  ])('is read %s', async (_, line, expected) => {
    expect(await parsed(line)).toEqual({ ...USUAL, ...expected });
  });

  test('that cannot be parsed is counted, on the day of its file', async () => {
    const lines = [LINE, LINE.slice(0, 260), LINE.replace(/ 200 .*$/, ' 200')];
    expect(await answerOf('log-coverage', { lines }, DAY, DAY)).toMatchObject([
      { event_day: DAY, access_log_lines: 1, unreadable_lines: 2 },
    ]);
  });
});

describe('access logs without a trail', () => {
  test('show who downloaded how many bytes', async () => {
    const lines = [
      logLine({ bytes: 100 }), logLine({ bytes: 250 }), logLine({ operation: 'REST.HEAD.OBJECT', bytes: '-' }),
      logLine({ status: 403, error: 'AccessDenied', bytes: 243 }), logLine({ bucket: 'elsewhere' }),
      logLine({ operation: 'REST.COPY.OBJECT_GET', bytes: '-' }),
    ];
    expect(await answerOf('egress-by-requester', { lines }, DAY, DAY)).toMatchObject([{
      requester: 'arn:aws:sts::111122223333:assumed-role/DownloadSession/DataScientist=alice', role_name: 'DownloadSession',
      session_name: 'DataScientist=alice', bytes_out: 350, reads: 3, copies: 1, other_requests: 2, objects: 1,
    }]);
  });

  test('show downloads from a bucket that is a website', async () => {
    const lines = [
      logLine({ operation: 'WEBSITE.GET.OBJECT', bytes: 100 }),
      logLine({ operation: 'WEBSITE.GET.OBJECT', status: 404, error: 'NoSuchKey', bytes: 346 }),
    ];
    expect(await answerOf('egress-by-requester', { lines }, DAY, DAY)).toMatchObject([
      { bytes_out: 100, reads: 1, copies: 0, other_requests: 1 },
    ]);
  });

  describe('that have a line more than once', () => {
    const copies = ['REST.COPY.OBJECT_GET', 'REST.COPY.OBJECT'].map(
      (operation) => logLine({ operation, requestId: 'COPY', bytes: '-' }),
    );
    const deletions = ['a', 'b'].map((key) => logLine({ operation: 'BATCH.DELETE.OBJECT', key, requestId: 'DELETE', status: 204, bytes: '-' }));
    const denied = logLine({ requestId: 'DENIED', status: 403, error: 'AccessDenied', bytes: 243 });
    const lines = [LINE, ...copies, ...deletions, denied];

    test('count each request once, and all lines of a copy and of a deletion', async () => {
      expect(await answerOf('egress-by-requester', { lines: [...lines, ...lines, LINE] }, DAY, DAY)).toMatchObject([{
        bytes_out: 100, reads: 2, copies: 1, other_requests: 4,
      }]);
    });

    test('count each denied request once', async () => {
      expect(await answerOf('denied-requests', { lines: [...lines, ...lines] }, DAY, DAY)).toMatchObject([
        { recorded_in: 'access logs', action: 'REST.GET.OBJECT', error_code: 'AccessDenied', denied: 1 },
      ]);
    });

    test('count lines without a request ID, which may be several requests', async () => {
      const unnamed = ['-', '-'].flatMap((requestId) => [
        logLine({ requestId }), logLine({ requestId, status: 403, error: 'AccessDenied', bytes: 243 }),
      ]);
      expect(await answerOf('egress-by-requester', { lines: unnamed }, DAY, DAY)).toMatchObject([
        { bytes_out: 200, reads: 2, other_requests: 2 },
      ]);
      expect(await answerOf('denied-requests', { lines: unnamed }, DAY, DAY)).toMatchObject([{ denied: 2 }]);
    });
  });
});

describe('contradicting-logs', () => {
  const who = session('DownloadSession', 'DataScientist=alice', 'DataScientist=alice');
  const differences = async (record: Parameters<typeof objectEvent>[0], line: string) =>
    (await answerOf('contradicting-logs', { records: [objectEvent({ who, requestId: 'BOTH', ...record })], lines: [line] }, DAY, DAY))
      .map(({ differs_in }) => differs_in);
  const both = (line: Parameters<typeof logLine>[0] = {}) => logLine({ requestId: 'BOTH', ...line });

  test.each([
    ['nothing', {}, both(), []],
    ['nothing, if the access logs encode the key', { key: 'models/a/ü+x' }, both({ key: 'models/a/%25C3%25BC%252Bx' }), []],
    ['the bytes', {}, both({ bytes: 5_000_000_000 }), ['bytes']],
    ['the key', {}, both({ key: 'models/other/blobs/sha256/b' }), ['key']],
    ['the address', { from: '203.0.113.7' }, both(), ['address']],
    ['the caller', { who: session('DownloadSession', 'DataScientist=eve', 'DataScientist=eve') }, both(), ['caller']],
    ['the result', { error: 'AccessDenied' }, both(), ['result']],
    ['all of them', {
      who: session('Other', 'eve'), from: '203.0.113.7', bytes: 1, key: 'models/a/b',
    }, both(), ['caller, address, key, bytes']],
  ])('reports %s that the two describe differently', async (_, record, line, expected) => {
    expect(await differences(record, line)).toEqual(expected);
  });

  test('has nothing to say about requests that only one of them has', async () => {
    expect(await differences({ requestId: 'ONE' }, both())).toEqual([]);
  });
});
