import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Auditor, NOVEMBER_DAYS } from './auditor';
import { type MonthOptions, NOVEMBER, OrdinaryMonth } from '../../../test/support/audit/ordinary-month';
import { type ObjectRequest } from '../../../test/support/audit/trail-record';
import { writeLogArchive } from '../../../test/support/audit/write-log-archive';
import { namedQueries } from '../../src/audit/queries/queries';

const MONTH: MonthOptions = { ...NOVEMBER, events: 3_000 };
const NAMES = namedQueries().map(({ name }) => name);

let auditor: Auditor;
let requests: readonly ObjectRequest[];
beforeAll(async () => {
  auditor = new Auditor();
  writeLogArchive(auditor.archive.folder, MONTH);
  requests = [...new OrdinaryMonth(MONTH).slots()].flatMap((slot) => slot.requests);
});
afterAll(async () => auditor.leave());

interface Report {
  readonly rows: readonly { readonly [column: string]: string | number | boolean | null }[];
  readonly [field: string]: unknown;
}

async function rowsOf(question: string, ...argv: string[]) {
  const { exitCode, stdout, stderr } = await auditor.audit(
    'query', question, '--logs', auditor.archive.folder, '--json', ...argv,
  );
  const { rows, status } = JSON.parse(stdout) as Report;
  expect({ exitCode, stderr: JSON.parse(stderr) as unknown }).toEqual({
    exitCode: status === 'checked' ? 0 : 3, stderr: { read: expect.anything() as unknown },
  });
  return rows;
}

const principalOf = (
  { session }: ObjectRequest,
) => session.sourceIdentity ?? `${session.roleName}=${session.sessionName}`;
const dayOf = ({ time }: ObjectRequest) => new Date(time).toISOString().slice(0, 10);

function bytesByPrincipal(wanted: (request: ObjectRequest) => boolean) {
  const bytes: { [principal: string]: number } = {};
  // Manifests and signatures are counted apart.
  const isFile = ({ key = '' }: ObjectRequest) => !/\/(?:manifest\.json|model\.sig|aliases\/[^/]+\.json)$/.test(key);
  for (const request of requests.filter((each) => each.action === 'GetObject' && wanted(each) && isFile(each))) {
    bytes[principalOf(request)] = (bytes[principalOf(request)] ?? 0) + request.bytesOut;
  }
  return bytes;
}

describe('an audit of a month with known totals', () => {
  test('every byte of egress is attributed to a principal', async () => {
    const rows = await rowsOf('egress-by-principal', ...NOVEMBER_DAYS);
    const expected = bytesByPrincipal(() => true);
    expect(Object.keys(expected).length).toBeGreaterThan(40);
    expect(Object.fromEntries(rows.map(({ principal, bytes_out }) => [principal, bytes_out]))).toEqual(expected);
  });

  test('reads by presigned URL are distinguished from reads with own credentials', async () => {
    const rows = await rowsOf('egress-by-principal', ...NOVEMBER_DAYS);
    const byLink = requests.filter(({ action, link }) => action === 'GetObject' && link !== undefined).length;
    expect(byLink).toBeGreaterThan(100);
    expect(rows.reduce((sum, { reads_by_link }) => sum + Number(reads_by_link), 0)).toBe(byLink);
    expect(rows.find(({ principal }) => principal === 'SageMakerTraining0=SageMaker')).toMatchObject({
      reads_by_link: 0, reads_of_unknown_size: 0, unchecked_reads: 0,
    });
  });

  test('only the requested days are counted; the days before and after are read for who opened the sessions', async () => {
    const { stdout } = await auditor.audit(
      'query', 'egress-by-principal', '--logs', auditor.archive.folder, '--json', '--from', '2026-11-03', '--to',
      '2026-11-04',
    );
    const report = JSON.parse(stdout) as Report;
    const asked = (request: ObjectRequest) => ['2026-11-03', '2026-11-04'].includes(dayOf(request));
    expect(
      Object.fromEntries(report.rows.map(({ principal, bytes_out }) => [principal, bytes_out])),
    ).toEqual(bytesByPrincipal(asked));
    const read = requests.filter(
      (request) => ['2026-11-02', '2026-11-03', '2026-11-04', '2026-11-05'].includes(dayOf(request)),
    ).length;
    expect(report).toMatchObject({ from: '2026-11-03', to: '2026-11-04', read: { records: read, skipped: [] } });
  });

  test('bytes by model add up to the total', async () => {
    const rows = await rowsOf('egress-by-model', ...NOVEMBER_DAYS);
    const all = Object.values(bytesByPrincipal(() => true)).reduce((sum, bytes) => sum + bytes, 0);
    expect(rows.reduce((sum, { bytes_out }) => sum + Number(bytes_out), 0)).toBe(all);
  });

  test('a principal seen before the requested days is not new', async () => {
    const rows = await rowsOf('first-time-readers', '--from', '2026-11-20', '--to', '2026-11-30');
    const before = bytesByPrincipal((request) => dayOf(request) < '2026-11-20');
    const since = bytesByPrincipal((request) => dayOf(request) >= '2026-11-20');
    expect(Object.keys(before).length).toBeGreaterThan(30);
    expect(rows.map(({ principal }) => principal).sort()).toEqual(
      Object.keys(since).filter((principal) => before[principal] === undefined).sort(),
    );
  });

  test.each(NAMES)('%s runs', async (name) => {
    expect(Array.isArray(await rowsOf(name, ...NOVEMBER_DAYS))).toBe(true);
  });

  test('no temporary files remain', async () => {
    const { TMPDIR } = process.env;
    const folder = mkdtempSync(join(tmpdir(), 'audit-temporary-'));
    process.env.TMPDIR = folder;
    try {
      await rowsOf('egress-by-principal', ...NOVEMBER_DAYS);
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      process.env.TMPDIR = TMPDIR ?? '';
      if (TMPDIR === undefined) {
        delete process.env.TMPDIR;
      }
      rmSync(folder, { recursive: true });
    }
  });
});
