import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CDPSession, Page } from 'puppeteer-core';
import { describeInChromium } from './chromium';
import { SETTINGS_FILE } from '../../../../test/support/audit/month-of-evidence';
import { NOVEMBER } from '../../../../test/support/audit/ordinary-month';
import { plantedMonth } from '../../../../test/support/audit/planted-month';
import { type ObjectRequest, STORE } from '../../../../test/support/audit/trail-record';
import { writeEvidence } from '../../../../test/support/audit/write-evidence';
import { writeLogArchive } from '../../../../test/support/audit/write-log-archive';
import { Auditor, NOVEMBER_DAYS } from '../auditor';
import { recordedRead } from '../recorded-read';

const RUNBOOK = 'https://github.com/secure-model-artifact-store/secure-model-artifact-store/blob/main/docs/runbook.md#';

const HOSTILE = '<script>top.taken=1</script>';

const taken = (changes: Partial<ObjectRequest> & { readonly person: string }) => recordedRead({
  time: Date.UTC(2026, 10, 12, 3), bytesOut: 90 * 1024 ** 3, sourceIp: '203.0.113.9', userAgent: HOSTILE, ...changes,
});

const HOSTILE_NAMES = [
  HOSTILE, '"><img src=x onerror="top.taken=1">', '\']]><svg onload=top.taken=1>',
  '</style><script>top.taken=1</script>', '--><script>top.taken=1</script>',
  'javascript:top.taken=1', '&lt;script&gt;', 'ada\u202e\u2066gpj.exe\u0000\u001b[2J', 'a\u200bd\u00ada', 'x\ud800y',
  `zalgo${'\u0301'.repeat(40)}`, 'ل'.repeat(90),
];

const hostile = HOSTILE_NAMES.flatMap((name) => [
  taken({ person: name, key: `models/${name.replace(/\//g, '')}/blobs/sha256/${name}`, sourceIp: name }),
  taken({
    person: name,
    action: 'CopyObject',
    bytesOut: 1,
    bucket: name,
    requestParameters: { 'x-amz-copy-source': `${STORE.bucket}/models/${name}/${name}` },
  }),
  taken({ person: name, action: 'DeleteObject', bytesOut: 0, key: name, errorCode: name }),
]);

interface Reported {
  readonly errors: string[];
  readonly requests: string[];
}

describeInChromium('the report in a browser', (browser) => {
  let auditor: Auditor;
  let page: Page;
  let session: CDPSession;
  let reported: Reported;

  const address = (name: string) => pathToFileURL(auditor.person.path(`${name}.html`)).href;
  const report = async (name: string, given: object = { perimeter_networks: ['10.0.0.0/8'], artifact_bucket: STORE.bucket }) => {
    const { exitCode, stderr } = await auditor.audit(
      'report', '--logs', join(auditor.archive.folder, name), '--html', auditor.person.path(`${name}.html`),
      '--settings', auditor.archive.file('settings.json', JSON.stringify(given)), ...NOVEMBER_DAYS,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.any(String) as unknown });
  };

  beforeAll(async () => {
    auditor = new Auditor();
    writeLogArchive(join(auditor.archive.folder, 'month'), { ...NOVEMBER, events: 4_000 });
    auditor.archive.gzip('hostile/AWSLogs/2026/11/12/a.json.gz', { Records: hostile });
    auditor.archive.file(`hostile/${encodeURIComponent('x')}<img src=x onerror=alert(1)>.txt`, 'bought milk');
    // Both kinds of logs may be in one folder.
    writeEvidence(join(auditor.archive.folder, 'planted'), plantedMonth());
    await report('month');
    await report('hostile');
    await report('planted', SETTINGS_FILE);
  });
  afterAll(async () => auditor.leave());

  beforeEach(async () => {
    page = await browser().newPage();
    session = await page.createCDPSession();
    reported = { errors: [], requests: [] };
    page.on('console', (message) => reported.errors.push(message.text()));
    page.on('pageerror', (error) => reported.errors.push(String(error)));
    page.on('request', (request) => reported.requests.push(request.url()));
  });
  afterEach(async () => page.close());

  const look = async (name: string, { width = 1280, media = 'screen', scheme = 'light' } = {}) => {
    await page.setViewport({ width, height: 900 });
    await session.send(
      'Emulation.setEmulatedMedia', { media, features: [{ name: 'prefers-color-scheme', value: scheme }] },
    );
    await page.goto(address(name));
  };

  test.each(['month', 'hostile'])('loads nothing, runs nothing and logs no errors: %s', async (name) => {
    await look(name);
    expect(reported).toEqual({ errors: [], requests: [address(name)] });
    expect(await page.evaluate('document.scripts.length')).toBe(0);
  });

  test('renders hostile names as text', async () => {
    await look('hostile');
    const found = await page.evaluate(() => {
      const all = [...document.querySelectorAll('*')];
      return {
        taken: (globalThis as { taken?: unknown }).taken ?? null,
        elements: [...new Set(all.map(({ localName }) => localName))].sort(),
        attributes: [...new Set(all.flatMap((element) => element.getAttributeNames()))].sort(),
        links: [...new Set(all.flatMap((element) => element.getAttribute('href') ?? []))].filter(
          (link) => !link.startsWith('#'),
        ),
        text: document.body.innerText,
      };
    });
    expect(found.taken).toBeNull();
    expect(found.links.filter((link) => !link.startsWith(RUNBOOK))).toEqual([]);
    for (const element of [
      'script', 'img', 'iframe', 'object', 'embed', 'link', 'base', 'form', 'use', 'image', 'foreignObject', 'animate',
    ]) {
      expect(found.elements).not.toContain(element);
    }
    expect(found.attributes.filter((attribute) => /^on|^style$|src|:href/.test(attribute))).toEqual([]);
    for (const shown of [
      HOSTILE,
      '"><img src=x onerror="top.taken=1">',
      '&lt;script&gt;',
      'ada\\u{202e}\\u{2066}gpj.exe',
      'a\\u{200b}d\\u{ad}a',
    ]) {
      expect(found.text).toContain(shown);
    }
    expect(found.text).not.toMatch(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
  });

  test.each(['light', 'dark'])('%s: every text has a contrast of at least 4.5', async (scheme) => {
    await look('month', { scheme });
    const texts = await page.evaluate(contrasts);
    expect(texts.length).toBeGreaterThan(1_000);
    expect(texts.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
    expect(texts.filter(({ svg }) => svg).length).toBeGreaterThan(30);
  });

  test.each(['light', 'dark'])('%s: every bar has a contrast of at least 3', async (scheme) => {
    await look('month', { scheme });
    const bars = await page.evaluate(barContrasts);
    expect(bars.length).toBeGreaterThan(50);
    expect(bars.filter(({ ratio }) => ratio < 3)).toEqual([]);
  });

  test.each(['month', 'hostile', 'planted'])('is never wider than the screen: %s', async (name) => {
    for (const width of [1280, 800, 390, 320]) {
      await look(name, { width });
      expect([width, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([width, width]);
    }
  });

  test.each([1280, 390])('shows its three charts at %d pixels, each once, large enough to read', async (width) => {
    await look('month', { width });
    const charts = await page.evaluate(() => [...document.querySelectorAll('svg')].map((svg) => {
      const { width: wide, height } = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll('text')].map((text) => text.getBoundingClientRect().height);
      return {
        wide,
        height,
        smallest: Math.min(...texts),
        label: svg.getAttribute('aria-label'),
        role: svg.getAttribute('role'),
      };
    }).filter(({ wide }) => wide > 0));
    expect(charts.map(({ role }) => role)).toEqual(['img', 'img', 'img']);
    expect(charts.map(({ label }) => label)).toEqual([
      expect.stringMatching(
        /^Bar chart of egress by principal and day, 2026-11-01 to 2026-11-30\. Peak: .* on 2026-11-\d\d\./,
      ),
      expect.stringMatching(/^Bar chart of egress by model\. Largest: /),
      expect.stringMatching(/^Bar chart of egress by network\. Largest: /),
    ] as unknown[]);
    for (const { wide, height, smallest } of charts) {
      expect(wide).toBeGreaterThan(width === 390 ? 330 : 1_000);
      expect(height).toBeGreaterThan(120);
      expect(smallest).toBeGreaterThan(10);
    }
  });

  test.each(['month', 'hostile', 'planted'])('prints in light mode, completely, and cuts off no table: %s', async (name) => {
    await look(name, { media: 'print', scheme: 'dark', width: 1_010 });
    const paper = await page.evaluate(() => ({
      background: getComputedStyle(document.body).backgroundColor,
      hidden: [...document.querySelectorAll('section, figure, table, thead, h2, h3')].filter(
        (element) => element.getBoundingClientRect().height === 0,
      )
        .map((element) => element.id || element.localName),
      cut: [...document.querySelectorAll('table')]
        .map((table) => [table.caption?.textContent, Math.round(table.getBoundingClientRect().right - innerWidth)] as const)
        .filter(([, over]) => over > 0),
      heads: new Set([...document.querySelectorAll('thead')].map((head) => getComputedStyle(head).display)).size,
      // Names may have any length, but column headings must not be broken.
      broken: [...document.querySelectorAll('th')].filter(
        (head) => (head.textContent ?? '').split(/\s+/).every((word) => word.length < 10),
      ).filter((head) => {
        const words = (head.textContent ?? '').trim().split(/\s+/).length;
        const text = document.createRange();
        text.selectNodeContents(head);
        return new Set([...text.getClientRects()].map(({ top }) => Math.round(top))).size > words;
      }).map((head) => head.textContent),
      headings: [...document.querySelectorAll('h1, h2')].map((heading) => heading.textContent),
    }));
    expect(paper).toEqual({
      background: 'rgb(255, 255, 255)', hidden: [], cut: [], heads: 1, broken: [],
      headings: [
        'Egress report', 'Summary', 'Findings', 'Not checked', 'Checked, nothing found', 'Where the bytes went', 'Full results',
        'Evidence', 'Settings', 'Signatures',
      ],
    });
    const pdf = Buffer.from(await page.pdf({ preferCSSPageSize: true, outline: true })).toString('latin1');
    // The heading of the summary is for screen readers alone.
    for (const heading of paper.headings.slice(2)) {
      expect(pdf).toContain(`/Title (${heading})`);
    }
  });

  test('links every finding to its table and every chart to its numbers', async () => {
    await look('month');
    const links = await page.evaluate(
      () => [...document.querySelectorAll('a')].map((link) => link.getAttribute('href')!),
    );
    expect(links).toEqual(
      expect.arrayContaining(['#egress-outside-perimeter', '#over-time', '#egress-by-model', '#egress-by-network']),
    );
    const inside = links.filter((link) => link.startsWith('#'));
    const broken = await page.evaluate((ids) => ids.filter((id) => document.getElementById(id.slice(1)) === null), inside);
    expect(broken).toEqual([]);
    expect(links.filter((link) => !link.startsWith('#') && !link.startsWith(RUNBOOK))).toEqual([]);
  });

  test.each([
    ['light', 1280], ['light', 390], ['dark', 1280], ['dark', 390],
  ])('%s, %d pixels wide: axe finds no violation of WCAG 2.2 AA or of its best practices', async (scheme, width) => {
    await look('month', { scheme, width });
    expect(await violations()).toEqual([]);
    await look('hostile', { scheme, width });
    expect(await violations()).toEqual([]);
  });

  /** Through the protocol, because the page's policy forbids scripts. */
  const violations = async () => {
    await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
    const { violations: found, passes } = await page.evaluate(async () => (globalThis as unknown as { axe: Axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }));
    expect(passes.length).toBeGreaterThan(20);
    return found.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html.slice(0, 200))]);
  };

  test('shows the totals and the gravest findings on the first screen', async () => {
    await look('month');
    const seen = await page.evaluate(() => [...document.querySelectorAll('dl.totals dt, ol.glance a')]
      .filter((element) => element.getBoundingClientRect().bottom <= innerHeight).map((element) => element.textContent));
    expect(seen.slice(0, 5)).toEqual(['Model egress', 'Reads', 'Principals', 'Models', 'Addresses']);
    expect(seen.slice(5)).toEqual(expect.arrayContaining([expect.stringMatching(/downloaded models from outside the perimeter: .*iB/) as unknown]));
  });

  test.each(['month', 'hostile', 'planted'])('shows the bytes of every table without scrolling, 1280 pixels wide: %s', async (name) => {
    await look(name);
    const heads = await page.evaluate(() => [...document.querySelectorAll('th')].filter(({ textContent }) => textContent === 'bytes out')
      .map((head) => ({ right: head.getBoundingClientRect().right, edge: head.closest('.table')!.getBoundingClientRect().right })));
    expect(heads.length).toBeGreaterThan(3);
    expect(heads.filter(({ right, edge }) => right > edge)).toEqual([]);
  });

  test('has a contents list with every section, a link past it, and a caption for every table', async () => {
    await look('month');
    const found = await page.evaluate(() => ({
      contents: [...document.querySelectorAll('nav a')].map((link) => link.textContent),
      sections: [...document.querySelectorAll('main > section > h2')].map((heading) => heading.textContent),
      first: document.querySelector('a')!.getAttribute('href'),
      without: [...document.querySelectorAll('table')].filter(({ caption }) => !caption?.textContent).length,
    }));
    expect(['Summary', ...found.contents]).toEqual(found.sections);
    expect([found.first, found.without]).toEqual(['#main', 0]);
  });
});

interface Axe {
  run(root: Document, options: object): Promise<{
    readonly passes: readonly object[];
    readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
  }>;
}

/** The contrast of each text with its background. Self-contained, because it runs in the browser. */
function contrasts(): { readonly text: string; readonly ratio: number; readonly svg: boolean }[] {
  const parts = (colour: string) => (/\(([^)]*)\)/.exec(colour)?.[1] ?? '').split(/[ ,/]+/).map(Number);
  const luminance = (colour: string) => {
    const [red, green, blue] = parts(colour).map(
      (part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4),
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element: Element | null): string => {
    if (element === null) {
      return 'rgb(255, 255, 255)';
    }
    const colour = getComputedStyle(element).backgroundColor;
    return (parts(colour)[3] ?? 1) === 0 ? behind(element.parentElement) : colour;
  };
  return [...document.querySelectorAll('body *')].flatMap((element) => {
    const text = [...element.childNodes]
      .filter((node) => node.nodeType === 3)
      .map((node) => node.textContent!.trim())
      .join('');
    if (text === '' || element.getBoundingClientRect().width === 0) {
      return [];
    }
    const svg = element.localName === 'text';
    const style = getComputedStyle(element);
    const [light, dark] = [luminance(svg ? style.fill : style.color), luminance(behind(element))].sort((a, b) => b - a);
    return [{ text: text.slice(0, 40), ratio: Math.round((light + 0.05) / (dark + 0.05) * 100) / 100, svg }];
  });
}

function barContrasts(): { readonly fill: string; readonly ratio: number }[] {
  const luminance = (colour: string) => {
    const [red, green, blue] = /\(([^)]*)\)/.exec(colour)![1].split(/[ ,/]+/).map(Number)
      .map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const paper = luminance(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll('svg rect')].map((bar) => {
    const { fill } = getComputedStyle(bar);
    const [light, dark] = [luminance(fill), paper].sort((a, b) => b - a);
    return { fill, ratio: Math.round((light + 0.05) / (dark + 0.05) * 100) / 100 };
  });
}
