import { answer } from './answers';
import { settingsOf } from '../../../src/audit/database/settings';
import { bytesByModel, bytesByNetwork, bytesOverTime } from '../../../src/audit/report/chart-data';
import { namedBars, stackedBars, ticksTo } from '../../../src/audit/report/charts';

const day = (event_day: string, principal: string | null, bytes_out: number | string | null) => ({
  event_day, principal, bytes_out,
});

describe('bytes over time', () => {
  test('every day of the period has a bar, with or without reads', () => {
    const { step, steps, series } = bytesOverTime(answer(
      day('2026-11-02', 'ada', 5), day('2026-11-04', 'bob', 7), day('2026-11-02', 'bob', 1),
    ),
    { from: '2026-11-01', to: '2026-11-05' }, settingsOf({}));
    expect({ step, steps }).toEqual({
      step: 'day', steps: ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04', '2026-11-05'],
    });
    expect(series.map(({ name, values }) => [name, values])).toEqual([
      ['bob', [0, 1, 0, 7, 0]], ['ada', [0, 5, 0, 0, 0]],
    ]);
  });

  test('six principals have a color, the others share one, and no byte is lost', () => {
    const rows = Array.from({ length: 40 }, (_, index) => day('2026-11-01', `p${index}`, index + 1));
    const { series } = bytesOverTime(answer(...rows), { from: '2026-11-01', to: '2026-11-01' }, settingsOf({}));
    expect(series.map(({ name }) => name)).toEqual(['p39', 'p38', 'p37', 'p36', 'p35', 'p34', '34 others']);
    expect(series.reduce((sum, { total }) => sum + total, 0)).toBe(40 * 41 / 2);
    expect(new Set(series.map(({ ink }) => ink)).size).toBe(7);
  });

  test('long periods are grouped by week from Monday, and longer ones by month', () => {
    const rows = answer(day('2026-01-01', 'ada', 1), day('2026-03-31', 'ada', 2), day('2026-03-30', 'ada', 4));
    const weeks = bytesOverTime(rows, { from: '2026-01-01', to: '2026-03-31' }, settingsOf({}));
    expect(weeks.step).toBe('week');
    expect([weeks.steps[0], weeks.steps.at(-1), weeks.steps.length]).toEqual(['2025-12-29', '2026-03-30', 14]);
    expect([weeks.series[0].values[0], weeks.series[0].values[13]]).toEqual([1, 6]);
    const months = bytesOverTime(rows, { from: '2025-01-01', to: '2026-12-31' }, settingsOf({}));
    expect([
      months.step, months.steps.length, months.series[0].values[12], months.series[0].values[14],
    ]).toEqual(['month', 24, 1, 6]);
  });

  test('unknown principals have a placeholder name, and unknown bytes count as 0', () => {
    const { series } = bytesOverTime(
      answer(day('2026-11-01', null, 3), day('2026-11-01', 'ada', null)), { from: '2026-11-01', to: '2026-11-01' },
      settingsOf({}),
    );
    expect(series.map(({ name, total }) => [name, total])).toEqual([['(unknown)', 3], ['ada', 0]]);
  });
});

test('the versions of a model are one bar', () => {
  const { bars, others } = bytesByModel(
    answer({ model: 'a', bytes_out: 1 }, { model: 'b', bytes_out: 5 }, { model: 'a', bytes_out: 7 }),
  );
  expect(bars).toEqual([{ name: 'a', ink: 'plain', value: 8 }, { name: 'b', ink: 'plain', value: 5 }]);
  expect(others).toEqual({ count: 0, value: 0 });
});

test('each network or VPC endpoint is one bar, with inside and outside kept apart', () => {
  const from = (
    source_ip: string | null, vpc_endpoint: string | null, outside_perimeter: boolean | null, bytes_out = 1,
  ) =>
    ({ source_ip, vpc_endpoint, outside_perimeter, bytes_out });
  const { bars } = bytesByNetwork(answer(
    from('10.1.2.3', null, false), from('10.1.2.200', null, false), from('10.1.2.201', null, true),
    from('10.1.3.1', 'vpce-1', false), from('10.9.9.9', 'vpce-1', false, 9),
    from('2001:db8:1:2::7', null, true), from('2001:db8:1:3::8', null, true), from('athena.amazonaws.com', null, null),
    from(null, null, null),
  ));
  expect(bars.map(({ name, ink, value }) => `${name} ${ink} ${value}`)).toEqual([
    'vpce-1 inside 10', '10.1.2.0/24 inside 2', '2001:db8:1::/48 outside 2', '10.1.2.0/24 outside 1',
    'athena.amazonaws.com plain 1', '(unknown) plain 1',
  ]);
});

describe('a drawn chart', () => {
  const hostile = '"/><script>alert(1)</script><style>]]>\u202e&amp;';
  const drawn = [
    stackedBars(
      hostile,
      ['1 Nov', hostile],
      [{ name: hostile, ink: 'series1', values: [1024, 0] }, { name: 'b', ink: 'others', values: [3 * 1024 ** 3, 5] }],
    ).text,
    namedBars(hostile, [{ name: hostile, ink: 'plain', value: 2048 }, { name: 'b', ink: 'outside', value: 0 }]).text,
  ];

  test.each(drawn)('contains only elements that draw', (text) => {
    expect(new Set([...text.matchAll(/<\/?([a-zA-Z]+)/g)].map(([, element]) => element))).toEqual(
      new Set(['div', 'svg', 'rect', 'path', 'text']),
    );
    expect(text).not.toMatch(/style=|<style|href|\son\w+=|url\(|\u202e/);
    expect(text).toContain('&lt;script&gt;');
    expect(text).toContain('role="img" aria-label="&quot;/&gt;&lt;script&gt;');
  });

  test.each(drawn)('gets its colors from the page', (text) => {
    expect(text).not.toMatch(/#[0-9a-f]{3,8}\b|rgb/i);
    expect(text).toMatch(/class="fill-text"/);
  });

  test('can consist of zeros', () => {
    expect(stackedBars('a', ['x'], [{ name: 'y', ink: 'series1', values: [0] }]).text).toContain('<svg');
    expect(namedBars('a', [{ name: 'y', ink: 'plain', value: 0 }]).text).toContain('0 B');
  });

  test('shows each value as a bar of its length, and a name that is too long shortened', () => {
    const widths = (text: string) => [...text.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
    const { text } = namedBars('a', [
      { name: 'a'.repeat(60), ink: 'plain', value: 4096 }, { name: 'b', ink: 'plain', value: 1024 },
    ]);
    const [wide, narrow] = [widths(text).slice(0, 2), widths(text).slice(2)];
    for (const [first, second] of [wide, narrow]) expect(first / second).toBeCloseTo(4, 1);
    expect(text).toContain(`>${'a'.repeat(44)}…</text>`);
    expect(text).toContain('>4.00 KiB</text>');
  });

  test('stacks the values of a day, and names as many days as there is room for', () => {
    const days = Array.from({ length: 90 }, (_, index) => `${index + 1} Nov`);
    const { text } = stackedBars('a', days, [
      { name: 'ada', ink: 'series1', values: days.map(() => 1024) },
      { name: 'bob', ink: 'series2', values: days.map(() => 3072) },
    ]);
    const [, wide] = text.split('class="wide"');
    const first = [...wide.matchAll(/<rect class="fill-(series[12])"[^>]* y="([\d.]+)"[^>]* height="([\d.]+)"/g)]
      .slice(0, 2).map(([, ink, y, height]) => ({ ink, y: Number(y), end: Number(y) + Number(height) }));
    expect(first[0].end).toBeCloseTo(275, 0);
    expect(first[1].end).toBeCloseTo(first[0].y - 1, 1);
    expect(wide).toContain('>1 Nov</text>');
    expect(wide).not.toContain('>2 Nov</text>');
    expect(wide).toContain('>4 KiB</text>');
  });

  test.each([
    [0, [0, 1]], [1, [0, 0.25, 0.5, 0.75, 1]], [3.2, [0, 1, 2, 3, 4]], [7, [0, 2, 4, 6, 8]], [1023, [0, 500, 1000, 1500]],
  ])('has round ticks up to %f', (largest, ticks) => {
    expect(ticksTo(largest)).toEqual(ticks);
  });
});
