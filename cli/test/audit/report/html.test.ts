import { answer, reportOf } from './answers';
import { networkOf, cidrOf } from '../../../src/audit/database/networks';
import { html, visible } from '../../../src/audit/report/html';
import { reportPage } from '../../../src/audit/report/page';

test('values in HTML are escaped, unless they are HTML themselves', () => {
  const value = '<b a="1" c=\'2\'>&amp;</b>';
  expect(html`<p title="${value}">${value}${html`<i>${1}</i>`}${['<', html`<br>`]}</p>`.text).toBe(
    '<p title="&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;&lt;/b&gt;">&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;&lt;/b&gt;<i>1</i>&lt;<br></p>');
});

test.each([
  ['a\u0000b\nc\td', 'a\\u{0}b\\u{a}c\\u{9}d'], ['\u202egpj.exe', '\\u{202e}gpj.exe'],
  ['zero\u200bwidth\ufeff', 'zero\\u{200b}width\\u{feff}'],
  ['tag\u{e0041}', 'tag\\u{e0041}'], ['half\ud83d', 'half\\u{d83d}'], ['a\u00a0b\u2003c', 'a\\u{a0}b\\u{2003}c'],
  ['a b', 'a b'],
  ['Zoë 李 عربى 😀', 'Zoë 李 عربى 😀'], ['e\u0301\u0301\u0301\u0301\u0301', 'e\u0301\u0301\u0301\\u{301}\\u{301}'],
])('%j is shown as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});

test.each([
  '10.0.0.0/8', '192.0.2.7/32', '0.0.0.0/0', '2001:db8::/32', '::/0', '::1/128',
])('the network %s is shown in CIDR notation', (cidr) => {
  const { first_key, last_key } = networkOf(cidr)!;
  expect(cidrOf(first_key, last_key)).toBe(cidr);
});

describe('a page', () => {
  const rows = (count: number) => answer(...Array.from({ length: count }, (_, index) => ({
    principal: `person-${index}`, source_ip: `10.0.${Math.floor(index / 256) % 256}.${index % 256}`, vpc_endpoint: null,
    outside_perimeter: false,
    bytes_out: index, reads: 1, reads_of_unknown_size: 0, unchecked_reads: 0, first_read: '2026-11-01T00:00:00Z',
  })));

  test('limits the rows, and shows how many more there are and how to list them', () => {
    const page = reportPage(
      reportOf({ answers: { 'egress-by-principal': rows(1_234), 'egress-by-network': rows(3) } }),
    );
    expect(page).toContain('<p class="more">and 1,184 more: run <code>model-store audit query egress-by-principal --logs trail --from 2026-11-01 --to 2026-11-30</code></p>');
    expect(page).toContain('Empty in every row: vpc endpoint.');
  });

  test('allows no scripts, no sources and only its own style', () => {
    const page = reportPage(reportOf({ answers: { 'copies-to-other-buckets': answer() } }));
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)!;
    expect(policy.replace(/&#39;/g, '\'')).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; base-uri 'none'; form-action 'none'$/,
    );
    expect(page.replace(/<a href="https:\/\/github\.com\/[^"]*runbook\.md#[a-z-]+">/g, '')).not.toMatch(/<script|style="|https?:\/\//);
  });

  test('starts with what the gravest findings mean, what to do first, and who is named in several of them', () => {
    const eve = { principal: 'Admin=eve', what: 'deletion', result: 'ok', bytes_out: 1, reads: 1 };
    const page = reportPage(reportOf({ answers: {
      'direct-reads': answer(eve, { ...eve, principal: 'ada' }), deletions: answer(eve), 'two-places': answer({ ...eve, times: 1 }),
    } }));
    const [summary] = page.split('<ol class="glance">');
    expect(summary).toContain('<dt>“high” means</dt><dd>Models or evidence may be lost, or cannot be trusted. Investigate today.</dd>');
    expect(summary).toContain('<dt>What to do first</dt><dd>Ask who allowed the role to read the bucket.');
    expect(summary).toContain('<dt>Named most often</dt><dd>eve (Admin) in 2 high findings</dd>');
  });

  test('does not say what to do first if there are only notices', () => {
    const reader = answer({ principal: 'ada', bytes_out: 1, reads: 1 });
    const page = reportPage(reportOf({ answers: { 'first-time-readers': reader, deletions: answer() } }));
    expect(page).not.toContain('What to do first');
  });

  test('lists the gravest findings first, and says how many more there are and where', () => {
    const eve = { principal: 'eve', bytes_out: 1, reads: 1, what: 'deletion', result: 'ok', times: 1, deletions: 1, uses: 1, used_from: '1.1.1.1' };
    const high = ['direct-reads', 'read-then-delete', 'deletions', 'presigned-url-from-other-address', 'evidence-reads', 'protection-changes'];
    const others = ['two-places', 'weekly-volume-anomalies', 'first-time-readers'];
    const pageOf = (names: readonly string[]) => reportPage(reportOf({ answers: Object.fromEntries(names.map((name) => [name, answer(eve)])) }));
    const [, glance] = /<ol class="glance">(.*?)<\/section>/s.exec(pageOf([...high, ...others]))!;
    expect(glance.match(/<li>/g)).toHaveLength(8);
    expect(glance).toContain('<p class="rest"><a href="#finding-first-time-readers">1 more</a> under Findings: 1 notice</p>');
    expect(pageOf(high)).not.toContain('more</a> under Findings');
  });

  test('says which day is incomplete, why, and when to run the report again', () => {
    const known = { answers: { 'copies-to-other-buckets': answer() }, days: { from: '2026-11-01', to: '2026-11-30' } };
    const sentence = (...at: readonly [number, number, number]) =>
      /<p class="unfinished"><b>(.*)<\/b>/.exec(reportPage(reportOf({ ...known, madeAt: Date.UTC(2026, ...at) })))?.[1];
    expect(sentence(10, 30, 3)).toBe('2026-11-30 is incomplete: this report was generated before the day ended. '
      + 'Run the report again after 2026-12-01 06:00 UTC.');
    expect(sentence(10, 28, 3)).toMatch(/^2026-11-28 to 2026-11-30 are incomplete: .* before these days ended\. .* after 2026-12-01 06:00 UTC\.$/);
    expect(sentence(11, 1, 5)).toMatch(/^2026-11-30 may be incomplete: its last logs .* after 2026-12-01 06:00 UTC\.$/);
    expect(sentence(11, 1, 6)).toBeUndefined();
    expect(sentence(9, 1, 0)).toMatch(/^2026-11-01 to 2026-11-30 are incomplete/);
  });

  test('of a store with many results is as small as one of a store with some', () => {
    const pageOf = (count: number) => reportPage(reportOf({ answers: {
      'egress-by-principal': rows(count), 'egress-by-network': rows(count), 'egress-outside-perimeter': rows(count),
    } }));
    expect(pageOf(50_000).length).toBeLessThan(pageOf(500).length * 1.5);
  });
});
