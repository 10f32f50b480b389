import { answerOf } from '../support/evidence';
import { objectEvent, storeSession } from '../support/records';

const alice = storeSession('DataScientist=alice');
const bob = storeSession('DataScientist=bob');
const link = { signedAt: '20260302T095900Z' };
const on = (day: string, more: object = {}) => objectEvent({ time: `${day}T10:00:00Z`, link, ...more });
const file = (model: string, name = 'a') => `models/${model}/blobs/sha256/${name}`;

describe('new networks outside the perimeter', () => {
  const before = on('2026-02-02', { from: '198.51.100.7' });

  test('are distinguished by 16 bits of an IPv4 address, 32 bits of an IPv6 address, endpoint or service name', async () => {
    const records = [
      before, on('2026-02-02', { from: '2001:db8:1::1' }),
      on('2026-02-02', { from: '10.1.1.1', record: { vpcEndpointId: 'vpce-1' } }),
      on('2026-03-02', { from: '198.51.255.255' }), on('2026-03-02', { from: '198.52.0.1', who: bob, bytes: 20 }),
      on('2026-03-02', { from: '2001:db8:ffff::1' }), on('2026-03-02', { from: '2001:db9::1', bytes: 30 }),
      on('2026-03-02', { from: '10.9.9.9', record: { vpcEndpointId: 'vpce-1' } }),
      on('2026-03-02', { from: '10.1.1.1', record: { vpcEndpointId: 'vpce-2' }, bytes: 40 }),
      on('2026-03-02', { from: 'athena.amazonaws.com', bytes: 50 }),
    ];
    const answer = await answerOf('new-networks', { records }, '2026-03-02', '2026-03-02');
    expect(answer.map(
      ({ principal, one_address, vpc_endpoint, bytes_out }) => [principal, one_address, vpc_endpoint, bytes_out],
    )).toEqual([
      ['DataScientist=alice', 'athena.amazonaws.com', null, 50],
      ['DataScientist=alice', '10.1.1.1', 'vpce-2', 40],
      ['DataScientist=alice', '2001:db9::1', null, 30],
      ['DataScientist=bob', '198.52.0.1', null, 20],
    ]);
  });

  test('are not reported within the perimeter', async () => {
    const records = [
      before,
      on('2026-03-02', { from: '203.0.113.9' }),
      on('2026-03-02', { from: '10.0.0.1', record: { vpcEndpointId: 'vpce-0123456789abcdef0' } }),
    ];
    const networks = [['00000000000000000000ffffcb007100', '00000000000000000000ffffcb0071ff']] as const;
    expect(await answerOf('new-networks', { records, networks }, '2026-03-02', '2026-03-02')).toEqual([]);
  });

  test('are not reported at the beginning of the logs, for denied reads, or for manifests read by a function', async () => {
    const records = [
      on('2026-03-02', { from: '198.52.0.1', error: 'AccessDenied' }),
      on('2026-03-02', { from: '3.120.0.1', link: undefined, key: 'models/fraud/versions/1.0/manifest.json' }),
    ];
    expect(await answerOf('new-networks', { records: [before, ...records] }, '2026-03-02', '2026-03-02')).toEqual([]);
    expect(await answerOf('new-networks', { records: [on('2026-03-02')] }, '2026-03-02', '2026-03-02')).toEqual([]);
  });
});

describe('models that are new to a principal', () => {
  const history = on('2026-01-05', { key: file('old') });

  test('are reported if there are enough within 28 days, however slowly they are downloaded', async () => {
    const records = [
      history, on('2026-02-01', { key: file('a'), bytes: 1 }), on('2026-02-14', { key: file('b'), bytes: 2 }),
      on('2026-02-28', { key: file('c'), bytes: 4 }),
    ];
    expect(await answerOf('many-new-models', { records }, '2026-02-01', '2026-03-31')).toEqual([
      {
        principal: 'DataScientist=alice',
        models: 3,
        one_model: 'a',
        since: '2026-02-01',
        until: '2026-02-28',
        bytes_out: 7,
      },
    ]);
  });

  test('are not reported if they are fewer, further apart, known, or read by others', async () => {
    const records = [
      history, on('2026-01-06', { key: file('b') }),
      on('2026-02-01', { key: file('a') }), on('2026-02-01', { key: file('b') }),
      on('2026-02-01', { key: file('c'), who: bob }),
      on('2026-02-02', { key: file('d') }), on('2026-03-01', { key: file('e') }),
    ];
    expect(await answerOf('many-new-models', { records }, '2026-02-01', '2026-03-31')).toEqual([]);
  });

  test('are not reported at the beginning of the logs', async () => {
    const records = ['a', 'b', 'c'].map((model) => on('2026-02-01', { key: file(model) }));
    expect(await answerOf('many-new-models', { records }, '2026-02-01', '2026-02-28')).toEqual([]);
  });
});

describe('bulk downloads by new principals', () => {
  const others = on('2026-02-20', { who: bob });

  test('are summed over the first three days of reading', async () => {
    const records = [
      others, on('2026-03-02', { bytes: 300 }), on('2026-03-03', { bytes: 300 }), on('2026-03-09', { bytes: 400 }),
    ];
    expect(await answerOf('bulk-egress-by-new-principals', { records }, '2026-03-02', '2026-03-31')).toMatchObject([
      { principal: 'DataScientist=alice', since: '2026-03-02', until: '2026-03-09', bytes_out: 1000, reads: 3 },
    ]);
  });

  test('are not reported if smaller, on a fourth day, by known principals, or at the beginning of the logs', async () => {
    const days = ['2026-03-02', '2026-03-03', '2026-03-04'];
    const bulk = on('2026-03-05', { bytes: 5000 });
    const ask = async (records: ReturnType<typeof on>[]) => answerOf(
      'bulk-egress-by-new-principals', { records }, '2026-03-02', '2026-03-31',
    );
    expect(await ask([others, on('2026-03-02', { bytes: 999 })])).toEqual([]);
    expect(await ask([others, ...days.map((day) => on(day)), bulk])).toEqual([]);
    expect(await ask([...['2026-02-10', '2026-02-11', '2026-02-12'].map((day) => on(day)), bulk])).toEqual([]);
    expect(await ask([bulk])).toEqual([]);
  });
});

describe('a week far above each of the three weeks before', () => {
  const weeks = (bytes: readonly number[], more: object = {}) => bytes.map(
    (each, week) => on(`2026-02-${String(3 + 7 * week).padStart(2, '0')}`, { bytes: each, ...more }),
  );

  test('is reported even if no single day is unusual', async () => {
    const drip = ['02', '03', '04', '05', '06', '07', '08'].map((day) => on(`2026-03-${day}`, { bytes: 60 }));
    expect(await answerOf(
      'weekly-volume-anomalies', { records: [...weeks([100, 200, 100, 200]), ...drip] }, '2026-03-02', '2026-03-08',
    )).toEqual([
      {
        principal: 'DataScientist=alice', week_until: '2026-03-08', bytes_out: 420, fullest_week_before: 200, reads: 7,
      },
    ]);
  });

  test('is not reported at exactly the factor, if small, without earlier weeks, or after an absence', async () => {
    const week = (bytes: number, who = alice) => on('2026-03-08', { bytes, who });
    const ask = async (records: ReturnType<typeof on>[]) => answerOf(
      'weekly-volume-anomalies', { records }, '2026-03-02', '2026-03-08',
    );
    expect(await ask([...weeks([100, 200, 100, 200]), week(400)])).toEqual([]);
    expect(await ask([...weeks([1, 1, 1, 1]), week(99)])).toEqual([]);
    expect(await ask([...weeks([100]), week(5000)])).toEqual([]);
    expect(await ask([...weeks([0, 0, 400, 0]), ...weeks([0, 400], {}), week(800)])).toEqual([]);
    expect(await ask([...weeks([100, 200, 100, 200], { who: bob }), week(5000)])).toEqual([]);
  });
});

describe('a day with many different files', () => {
  const files = (day: string, count: number, who = alice) => Array.from(
    { length: count }, (_, index) => on(day, { who, key: file('fraud', `${index}`) }),
  );

  test('is reported if there are far more than usual, however small they are', async () => {
    const records = [...files('2026-02-23', 2), ...files('2026-02-24', 2), ...files('2026-03-02', 11)];
    expect(await answerOf('file-count-anomalies', { records }, '2026-03-02', '2026-03-02')).toMatchObject([
      { principal: 'DataScientist=alice', files: 11, median_files: 2, earlier_days: 2 },
    ]);
  });

  test('is reported for a principal without a history', async () => {
    expect(
      await answerOf('file-count-anomalies', { records: files('2026-03-02', 10) }, '2026-03-02', '2026-03-02'),
    ).toMatchObject([
      { files: 10, median_files: 0, earlier_days: 0 },
    ]);
  });

  test('is not reported for one file read in many parts, for few files, or at exactly the factor', async () => {
    const pieces = Array.from({ length: 50 }, () => on('2026-03-02'));
    expect(await answerOf('file-count-anomalies', { records: pieces }, '2026-03-02', '2026-03-02')).toEqual([]);
    expect(
      await answerOf('file-count-anomalies', { records: files('2026-03-02', 9) }, '2026-03-02', '2026-03-02'),
    ).toEqual([]);
    const usual = [...files('2026-02-23', 2), ...files('2026-03-02', 10)];
    expect(await answerOf('file-count-anomalies', { records: usual }, '2026-03-02', '2026-03-02')).toEqual([]);
  });
});
