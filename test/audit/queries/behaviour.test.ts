import { answerOf } from '../support/evidence';
import { objectEvent, storeSession } from '../support/records';

const alice = storeSession('DataScientist=alice');
const bob = storeSession('DataScientist=bob');

describe('principals seen for the first time', () => {
  test('have no reads on any earlier day', async () => {
    const records = [
      objectEvent({ who: alice, time: '2025-06-01T10:00:00Z' }),
      objectEvent({ who: alice, time: '2026-03-02T10:00:00Z' }),
      // Denied earlier, and permitted now for the first time.
      objectEvent({ who: bob, time: '2026-02-01T10:00:00Z', error: 'AccessDenied' }),
      objectEvent({ who: bob, time: '2026-03-02T11:00:00Z', bytes: 7, from: '203.0.113.9' }),
      objectEvent({ who: bob, time: '2026-03-02T12:00:00Z', bytes: 8, from: '203.0.113.10' }),
      objectEvent({ who: storeSession('DataScientist=carol'), time: '2026-03-03T00:00:00Z' }),
    ];
    expect(await answerOf('first-time-readers', { records }, '2026-03-02', '2026-03-02')).toMatchObject([
      {
        principal: 'DataScientist=bob',
        first_read: '2026-03-02T11:00:00',
        first_address: '203.0.113.9',
        bytes_out: 15,
        reads: 2,
      },
    ]);
  });
});

describe('volume compared with the principal\'s median', () => {
  const usual = (who: typeof alice, days: number[], bytes: number) =>
    days.map((day) => objectEvent({ who, bytes, time: `2026-02-${String(day).padStart(2, '0')}T10:00:00Z` }));

  test('a day far above the median of the previous 28 days is reported', async () => {
    const records = [
      ...usual(alice, [20, 23, 24, 25], 100),
      ...usual(alice, [26], 900),
      objectEvent({ who: alice, bytes: 301, time: '2026-03-02T10:00:00Z' }),
      objectEvent({ who: alice, bytes: 200, time: '2026-03-02T11:00:00Z' }),
    ];
    expect(await answerOf('volume-anomalies', { records }, '2026-03-02', '2026-03-02')).toEqual([
      {
        principal: 'DataScientist=alice',
        event_day: '2026-03-02',
        bytes_out: 501,
        median_bytes: 100,
        earlier_days: 5,
        reads: 2,
      },
    ]);
  });

  test('the median of an even number of days is the mean of the two middle values', async () => {
    const records = [
      ...usual(alice, [23], 10), ...usual(alice, [24], 20), ...usual(alice, [25], 40), ...usual(alice, [26], 1000),
      objectEvent({ who: alice, bytes: 151, time: '2026-03-02T10:00:00Z' }),
    ];
    expect(await answerOf('volume-anomalies', { records }, '2026-03-02', '2026-03-02')).toMatchObject([
      { median_bytes: 30, bytes_out: 151 },
    ]);
  });

  test('a day at exactly the factor, a small day, and a short or foreign history are not reported', async () => {
    const records = [
      ...usual(alice, [23, 24, 25], 100), objectEvent({ who: alice, bytes: 500, time: '2026-03-02T10:00:00Z' }),
      ...usual(bob, [23, 24, 25], 1), objectEvent({ who: bob, bytes: 99, time: '2026-03-02T10:00:00Z' }),
      ...usual(storeSession('Pipeline=new'), [24, 25], 1),
      objectEvent({ who: storeSession('Pipeline=new'), bytes: 5000, time: '2026-03-02T10:00:00Z' }),
      // More than 28 days ago.
      ...usual(storeSession('Pipeline=old'), [1, 2], 1),
      objectEvent({ who: storeSession('Pipeline=old'), bytes: 1, time: '2026-01-15T10:00:00Z' }),
      objectEvent({ who: storeSession('Pipeline=old'), bytes: 5000, time: '2026-03-02T10:00:00Z' }),
    ];
    expect(await answerOf('volume-anomalies', { records }, '2026-03-02', '2026-03-02')).toEqual([]);
  });
});

describe('bulk downloads outside business hours', () => {
  test('a night is counted as one, from the end to the beginning of business hours', async () => {
    const records = [
      objectEvent({ bytes: 600, time: '2026-03-02T20:00:00Z' }),
      objectEvent({ bytes: 400, time: '2026-03-03T06:59:59Z' }),
      // Work.
      objectEvent({ bytes: 5000, time: '2026-03-03T07:00:00Z' }),
      objectEvent({ bytes: 5000, time: '2026-03-02T19:59:59Z' }),
    ];
    expect(await answerOf('off-hours-bulk-egress', { records }, '2026-03-02', '2026-03-03')).toMatchObject([
      { principal: 'DataScientist=alice', night_of: '2026-03-02', bytes_out: 1000, reads: 2 },
    ]);
  });

  test('days off are outside business hours all day, such as Sunday but not Friday', async () => {
    const records = [
      objectEvent({ bytes: 1000, who: alice, time: '2026-03-01T12:00:00Z' }),
      objectEvent({ bytes: 1000, who: bob, time: '2026-03-06T12:00:00Z' }),
    ];
    expect(await answerOf('off-hours-bulk-egress', { records }, '2026-03-01', '2026-03-07')).toMatchObject([
      { principal: 'DataScientist=alice', night_of: '2026-03-01' },
    ]);
  });

  test('working days are taken from the settings', async () => {
    const records = ['2026-03-01', '2026-03-06', '2026-03-07'].map(
      (day) => objectEvent({ bytes: 1000, time: `${day}T12:00:00Z` }),
    );
    const nights = async (business_days: string) => (
      await answerOf('off-hours-bulk-egress', { records, settings: { business_days } }, '2026-03-01', '2026-03-07')
    )
      .map(({ night_of }) => night_of);
    expect(await nights('01234')).toEqual(['2026-03-06', '2026-03-07']);
    expect(await nights('6')).toEqual(['2026-03-01', '2026-03-06']);
  });

  test('smaller downloads are not reported, and times are local times', async () => {
    const small = [objectEvent({ bytes: 999, time: '2026-03-02T22:00:00Z' })];
    expect(await answerOf('off-hours-bulk-egress', { records: small }, '2026-03-02', '2026-03-02')).toEqual([]);
    const eveningInUtc = [objectEvent({ bytes: 1000, time: '2026-03-02T22:00:00Z' })];
    expect(await answerOf(
      'off-hours-bulk-egress',
      { records: eveningInUtc, settings: { utc_offset_minutes: -300 } },
      '2026-03-02',
      '2026-03-02',
    )).toEqual([]);
  });
});

describe('repeated denials', () => {
  const at = (minute: number, more: object = {}) => objectEvent({
    time: `2026-03-02T10:${String(minute).padStart(2, '0')}:00Z`, ...more,
  });

  test('three consecutive denied requests are a series', async () => {
    const records = [0, 1, 2].map(
      (minute) => at(minute, { error: 'AccessDenied', key: `models/m${minute}/blobs/sha256/x` }),
    );
    expect(await answerOf('repeated-denials', { records }, '2026-03-02', '2026-03-02')).toMatchObject([
      {
        principal: 'DataScientist=alice',
        denied: 3,
        objects: 3,
        models: 3,
        first_denied: '2026-03-02T10:00:00',
        last_denied: '2026-03-02T10:02:00',
      },
    ]);
  });

  test('requests of other principals do not end a series', async () => {
    const records = [0, 2, 4].flatMap((minute) => [
      at(minute, { error: 'AccessDenied' }),
      at(minute + 1, { who: bob, error: minute === 0 ? 'AccessDenied' : undefined }),
    ]);
    expect(await answerOf('repeated-denials', { records }, '2026-03-02', '2026-03-02')).toMatchObject([
      { principal: 'DataScientist=alice', denied: 3 },
    ]);
  });

  test('denials on as many models in one day are reported, whatever succeeds in between', async () => {
    const probes = (models: readonly string[], day = '2026-03-02') => models.flatMap((model, index) => [
      objectEvent({
        time: `${day}T10:0${index}:00Z`, error: 'AccessDenied', key: `models/${model}/versions/1.0/manifest.json`,
      }),
      objectEvent({ time: `${day}T10:0${index}:30Z` }),
    ]);
    const answer = async (records: ReturnType<typeof probes>) => answerOf(
      'repeated-denials', { records }, '2026-03-02', '2026-03-03',
    );
    expect(await answer(probes(['a', 'b', 'c']))).toMatchObject([
      { principal: 'DataScientist=alice', denied: 3, models: 3 },
    ]);
    expect(await answer(probes(['a', 'b', 'b']))).toEqual([]);
    expect(await answer([...probes(['a', 'b']), ...probes(['c'], '2026-03-03')])).toEqual([]);
  });

  test('a success or a missing file ends a series, and series are separate per principal', async () => {
    const records = [
      at(0, { error: 'AccessDenied' }), at(1, { error: 'AccessDenied' }), at(2), at(3, { error: 'AccessDenied' }),
      at(4, { error: 'NoSuchKey' }),
      at(5, { error: 'AccessDenied' }), at(6, { error: 'AccessDenied' }),
      at(7, { error: 'AccessDenied', who: bob }),
    ];
    expect(await answerOf('repeated-denials', { records }, '2026-03-02', '2026-03-02')).toEqual([]);
  });
});

describe('presigned URLs used from another address', () => {
  const link = { signedAt: '20260302T095900Z', askedFrom: '198.51.100.7' };

  test('a URL with a requester address is compared with that address', async () => {
    const records = [
      objectEvent({ link, from: '198.51.100.7', bytes: 10 }),
      objectEvent({ link, from: '203.0.113.66', bytes: 20 }),
      objectEvent({ link, from: '203.0.113.66', bytes: 20, error: 'AccessDenied' }),
      objectEvent({ from: '203.0.113.77', bytes: 40 }),
    ];
    expect(await answerOf('presigned-url-from-other-address', { records }, '2026-03-02', '2026-03-02')).toMatchObject([
      {
        principal: 'DataScientist=alice',
        asked_from: '198.51.100.7',
        link_says_so: true,
        used_from: '203.0.113.66',
        bytes_out: 20,
        uses: 1,
      },
    ]);
  });

  test('two notations of an address are the same address', async () => {
    const v6 = { ...link, askedFrom: '2001:DB8::1' };
    expect(await answerOf('presigned-url-from-other-address', {
      records: [objectEvent({ link: v6, from: '2001:db8:0:0:0:0:0:1' })],
    }, '2026-03-02', '2026-03-02')).toEqual([]);
  });

  test('a URL without a requester address is compared with the address of its first use', async () => {
    const silent = (signedAt: string) => ({ signedAt });
    const records = [
      objectEvent({ link: silent('20260302T095900Z'), from: '198.51.100.7', time: '2026-03-02T10:00:00Z' }),
      objectEvent({ link: silent('20260302T095900Z'), from: '203.0.113.66', time: '2026-03-02T10:01:00Z', bytes: 20 }),
      // Signed again and used from another address, by a person who moved.
      objectEvent({ link: silent('20260302T110000Z'), from: '192.0.2.200', time: '2026-03-02T11:01:00Z' }),
    ];
    expect(await answerOf('presigned-url-from-other-address', { records }, '2026-03-02', '2026-03-02')).toMatchObject([
      { asked_from: '198.51.100.7', link_says_so: false, used_from: '203.0.113.66', bytes_out: 20, uses: 1 },
    ]);
  });

  test('a URL with a requester address is not the first use of a URL without one from the same second', async () => {
    const signedAt = '20260302T095900Z';
    const records = [
      objectEvent({
        link: { signedAt, askedFrom: '198.51.100.7' }, from: '198.51.100.7', time: '2026-03-02T10:00:00Z',
      }),
      objectEvent({ link: { signedAt }, from: '192.0.2.200', time: '2026-03-02T10:01:00Z' }),
      objectEvent({ link: { signedAt }, from: '203.0.113.66', time: '2026-03-02T10:02:00Z', bytes: 20 }),
    ];
    expect(await answerOf('presigned-url-from-other-address', { records }, '2026-03-02', '2026-03-02')).toMatchObject([
      { asked_from: '192.0.2.200', link_says_so: false, used_from: '203.0.113.66', bytes_out: 20, uses: 1 },
    ]);
  });
});
