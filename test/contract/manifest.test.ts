import { createHash } from 'node:crypto';
import * as path from 'node:path';
import * as fc from 'fast-check';
import {
  contradictions, fileProblems, manifestFiles, type FileEntry, type Manifest,
} from '../../src/contract/manifest';
import { isModelPattern, isName, matchesModelPattern } from '../../src/contract/names';
import { pathProblem } from '../../src/contract/path-rules';

function file(filePath: string, text = filePath): FileEntry {
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { path: filePath, size: Buffer.byteLength(text), sha256, digest: sha256 };
}

const anyPath = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(
    fc.constantFrom('..', '.', '', 'a', 'B', 'ü', 'u\u0308', '\u0000', '\\', 'C:', ' ', 'con', '\ud800'),
    { maxLength: 6 },
  ).map((parts) => parts.join('/')),
);

test('a valid path never leads out of the target folder on any operating system', () => {
  fc.assert(fc.property(anyPath, (candidate) => {
    fc.pre(pathProblem(candidate) === undefined);
    const posix = path.posix.resolve('/pull', candidate);
    const windows = path.win32.resolve('C:\\pull', candidate);
    return posix.startsWith('/pull/') && windows.startsWith('C:\\pull\\')
      && path.posix.normalize(candidate) === candidate
      && candidate === candidate.normalize('NFC');
  }), { numRuns: 5_000 });
});

test.each([
  '', '/etc/passwd', '../x', 'a/../b', 'a/..', './a', 'a//b', 'a/', 'a\\b', 'C:/x', 'c:x', 'a\u0000b', 'a\nb',
  'u\u0308', 'a'.repeat(1025), '\ud800',
])('the path %j is rejected', (candidate) => {
  expect(pathProblem(candidate)).toEqual(expect.any(String));
});

test.each([
  'a', 'a/b/c.bin', '..a', 'a..b', '...', '.hidden', 'with space', 'ü', '模型', '😀', 'a'.repeat(1024),
])('the path %j is accepted', (candidate) => {
  expect(pathProblem(candidate)).toBeUndefined();
});

test('paths that are identical on some file systems are rejected', () => {
  for (const [a, b] of [['a', 'A'], ['Straße', 'STRASSE'], ['x/y', 'X/y'], ['ſ', 's']]) {
    expect(fileProblems([file(a), file(b)]).map(({ field }) => field)).toEqual(['files[1].path']);
  }
  expect(fileProblems([file('a'), file('a/b')])).toHaveLength(1);
  expect(fileProblems([file('A'), file('a/b')])).toHaveLength(1);
  expect(fileProblems([file('a'), file('ab'), file('a-b'), file('b/a')])).toEqual([]);
});

test('the order of the given files does not matter', () => {
  fc.assert(fc.property(fc.shuffledSubarray(['a', 'b/c', 'b/d', 'z', 'ü', '😀']), (paths) => {
    const manifest = (files: readonly FileEntry[]): Manifest => ({
      schemaVersion: 1, model: 'm', version: 'v', createdAt: '', createdBy: '', files: manifestFiles(files),
      metadata: {},
    });
    const sorted = [...paths].sort();
    return contradictions(
      manifest(paths.map((name) => file(name))), { files: sorted.map((name) => file(name)) },
    ).length === 0;
  }));
});

test('no valid name changes the meaning of a key, a URL or a policy', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-z0-9._/*?%$-]*$/)), (name) => {
    fc.pre(isName(name));
    return encodeURIComponent(name) === name
      && path.posix.normalize(`models/${name}/blobs`) === `models/${name}/blobs` && !/[*?$/]/.test(name);
  }), { numRuns: 5_000 });
});

test('a model pattern matches only models that begin with its prefix', () => {
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,5}$/);
  fc.assert(fc.property(name, name, (model, start) => (
    matchesModelPattern(model, `${start}*`) === model.startsWith(start)
      && matchesModelPattern(model, start) === (model === start)
  )));
  expect(['*', 'a*', 'a-b'].every(isModelPattern)).toBe(true);
  expect(['', '**', 'a*b', '*a', 'a/*', 'A', 'a..*', '?'].some(isModelPattern)).toBe(false);
});
