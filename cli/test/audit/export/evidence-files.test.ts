import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readWithDigest } from '../../../src/audit/reader/file-digests';
import { Tally } from '../../../src/audit/reader/tally';
import { checksumList, filesByDay, sha256 } from '../../../src/audit/report/evidence-files';
import { evidenceSection } from '../../../src/audit/report/evidence-section';
import { Archive } from '../archive';
import { answer, reportOf } from '../report/answers';

let archive: Archive;
beforeEach(() => { archive = new Archive(); });
afterEach(() => archive.leave());

const LARGE_BYTES = 5 * 1024 * 1024;

async function digestOf(path: string, size: number, read: (content: Buffer | undefined) => void = () => undefined) {
  const tally = new Tally();
  tally.place = 3;
  await readWithDigest({ name: 'log', path, size }, tally, async ({ fetch }) => read(await fetch?.()));
  return tally.digests.get(3);
}

describe('the SHA-256 of a file that is read', () => {
  test('is that of the bytes that the reader gets, compressed or not', async () => {
    const path = archive.gzip('a.json.gz', { Records: [] });
    const content = readFileSync(path);
    expect(await digestOf(path, content.length, (got) => expect(got).toEqual(content))).toBe(createHash('sha256').update(content).digest('hex'));
  });

  test('of a large file is that of the whole file, unless the file changes while it is read', async () => {
    const content = Buffer.alloc(LARGE_BYTES, 'x');
    const path = archive.file('large.json', content);
    expect(await digestOf(path, LARGE_BYTES)).toBe(createHash('sha256').update(content).digest('hex'));
    expect(await digestOf(path, LARGE_BYTES, () => appendFileSync(path, 'y'))).toBeUndefined();
  });

  test('is missing if the file cannot be read', async () => {
    const path = join(archive.folder, 'gone.json');
    await expect(digestOf(path, 7)).rejects.toThrow('ENOENT');
    expect(await digestOf(path, LARGE_BYTES)).toBeUndefined();
    rmSync(archive.folder, { recursive: true });
  });
});

const file = (name: string, day?: string, digest: string | undefined = 'a'.repeat(64)) => ({ file: name, day, bytes: 5, sha256: digest });

test('a list is sorted, escapes names like sha256sum, and leaves out what could not be read', () => {
  expect(checksumList([file('b'), file('a\\\nc'), { file: 'x', sha256: undefined }])).toBe(
    `\\${'a'.repeat(64)}  a\\\\\\nc\n${'a'.repeat(64)}  b\n`,
  );
});

test('files are summarized by day, with the SHA-256 of the list of each day', () => {
  const files = [file('c'), file('b', '2026-11-02'), file('a', '2026-11-02'), file('d', '2026-11-01')];
  expect(filesByDay(files).map(({ day, files: those, bytes }) => [day, those.length, bytes])).toEqual([
    ['2026-11-01', 1, 5], ['2026-11-02', 2, 10], [undefined, 1, 5],
  ]);
  expect(filesByDay(files)[1].sha256).toBe(sha256(checksumList([file('a'), file('b')])));
});

describe('the evidence on the page', () => {
  const sectionOf = (count: number) => evidenceSection({
    ...reportOf({ answers: { 'direct-reads': answer() } }),
    files: Array.from({ length: count }, (_, index) => ({ ...file(`log-${index}.gz`, `2026-11-0${index % 2 + 1}`), sha256: sha256(String(index)) })),
  }).text;

  test('is every file, if there are few', () => {
    expect(sectionOf(2)).toContain(`<code>${sha256('1')}</code>`);
    expect(sectionOf(2)).toContain('<code>log-1.gz</code>');
  });

  test('is a line for each day, if there are many, and the SHA-256 of the complete list', () => {
    const text = sectionOf(1_000);
    expect(text).not.toContain('log-1.gz');
    expect(text.match(/<td>2026-11-0\d<\/td>/g)).toEqual(['<td>2026-11-01</td>', '<td>2026-11-02</td>']);
    const list = checksumList(Array.from({ length: 1_000 }, (_, index) => ({ file: `log-${index}.gz`, sha256: sha256(String(index)) })));
    expect(text).toContain(`<code>${sha256(list)}</code>`);
  });
});
