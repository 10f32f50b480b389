import { createHash } from 'node:crypto';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { contradictions, fileProblems, manifestFiles, pathProblem, type FileEntry, type Manifest } from '../../src/contract/manifest';
import { isModelPattern, isName, matchesModelPattern } from '../../src/contract/names';

function file(filePath: string, text = filePath): FileEntry {
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { path: filePath, size: Buffer.byteLength(text), sha256, digest: sha256 };
}

const anyPath = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom('..', '.', '', 'a', 'B', 'ü', 'u\u0308', '\u0000', '\\', 'C:', ' ', 'con', '\ud800'), { maxLength: 6 }).map((parts) => parts.join('/')),
);

test('a path without a problem stays below the folder it is written to, on every system', () => {
  fc.assert(fc.property(anyPath, (candidate) => {
    fc.pre(pathProblem(candidate) === undefined);
    const posix = path.posix.resolve('/pull', candidate);
    const windows = path.win32.resolve('C:\\pull', candidate);
    return posix.startsWith('/pull/') && windows.startsWith('C:\\pull\\') && path.posix.normalize(candidate) === candidate
      && candidate === candidate.normalize('NFC');
  }), { numRuns: 5_000 });
});

test.each([
  '', '/etc/passwd', '../x', 'a/../b', 'a/..', './a', 'a//b', 'a/', 'a\\b', 'C:/x', 'c:x', 'a\u0000b', 'a\nb', 'u\u0308', 'a'.repeat(1025), '\ud800',
])('the path %j is refused', (candidate) => {
  expect(pathProblem(candidate)).toEqual(expect.any(String));
});

test.each(['a', 'a/b/c.bin', '..a', 'a..b', '...', '.hidden', 'with space', 'ü', '模型', '😀', 'a'.repeat(1024)])('the path %j is fine', (candidate) => {
  expect(pathProblem(candidate)).toBeUndefined();
});

test('paths that some file system takes for the same are refused', () => {
  for (const [a, b] of [['a', 'A'], ['Straße', 'STRASSE'], ['x/y', 'X/y'], ['ſ', 's']]) {
    expect(fileProblems([file(a), file(b)]).map(({ field }) => field)).toEqual(['files[1].path']);
  }
  expect(fileProblems([file('a'), file('a/b')])).toHaveLength(1);
  expect(fileProblems([file('A'), file('a/b')])).toHaveLength(1);
  expect(fileProblems([file('a'), file('ab'), file('a-b'), file('b/a')])).toEqual([]);
});

test('the order in which files are given does not matter', () => {
  fc.assert(fc.property(fc.shuffledSubarray(['a', 'b/c', 'b/d', 'z', 'ü', '😀']), (paths) => {
    const manifest = (files: readonly FileEntry[]): Manifest => ({
      schemaVersion: 1, model: 'm', version: 'v', createdAt: '', createdBy: '', files: manifestFiles(files), metadata: {},
    });
    const sorted = [...paths].sort();
    return contradictions(manifest(paths.map((name) => file(name))), { files: sorted.map((name) => file(name)) }).length === 0;
  }));
});

test('no name leads out of its place in a key, a URL or a policy', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-z0-9._/*?%$-]*$/)), (name) => {
    fc.pre(isName(name));
    return encodeURIComponent(name) === name && path.posix.normalize(`models/${name}/blobs`) === `models/${name}/blobs` && !/[*?$/]/.test(name);
  }), { numRuns: 5_000 });
});

test('a model pattern matches only what begins like it', () => {
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,5}$/);
  fc.assert(fc.property(name, name, (model, start) => (
    matchesModelPattern(model, `${start}*`) === model.startsWith(start) && matchesModelPattern(model, start) === (model === start)
  )));
  expect(['*', 'a*', 'a-b'].every(isModelPattern)).toBe(true);
  expect(['', '**', 'a*b', '*a', 'a/*', 'A', 'a..*', '?'].some(isModelPattern)).toBe(false);
});
