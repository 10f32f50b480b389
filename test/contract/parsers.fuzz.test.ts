import * as fc from 'fast-check';
import { aliasProblems } from '../../src/contract/alias';
import { AUDIT_SETTINGS, auditSettingProblem } from '../../src/contract/audit-settings';
import { digestFitsSize, digestToS3Checksum, parseDigest, partCountOf, partRange, partSizeOf, s3ChecksumToDigest } from '../../src/contract/digest';
import { S3_MAX_OBJECT_BYTES, S3_MAX_PARTS } from '../../src/contract/limits';
import { contradictions, fileProblems, type FileEntry, type Manifest, manifestFiles, manifestProblems } from '../../src/contract/manifest';
import { clashes } from '../../src/contract/path-clashes';
import { bareRepositories, pathProblem, unsafeNameProblem } from '../../src/contract/path-rules';

fc.configureGlobal({ seed: 20261129, numRuns: 250 });

const anything = fc.anything({ withBigInt: false, withNullPrototype: true, maxDepth: 4 });
const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 });
const segment = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('.git', '..', '.', '', 'HEAD', 'objects', 'refs', 'commondir', 'a', 'A', 'ß', 'SS', 'con', 'git~1', '.envrc', ' ', 'x.', '\u202e', '\ufeff', '\\', 'C:'),
);
const path = fc.oneof(fc.array(segment, { maxLength: 6 }).map((parts) => parts.join('/')), fc.string({ unit: 'binary', maxLength: 1_100 }));
const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
const file: fc.Arbitrary<FileEntry> = fc.record({
  path,
  size: fc.oneof(fc.nat(), fc.double(), fc.constant(S3_MAX_OBJECT_BYTES + 1)),
  sha256: fc.oneof(hex, fc.string()), digest: fc.oneof(hex, fc.string()),
});

test('the rules for files never throw, and name a file for each problem', () => {
  fc.assert(fc.property(fc.array(file, { maxLength: 12 }), fc.boolean(), (files, allowUnsafeNames) => {
    for (const { field, message } of fileProblems(files, { allowUnsafeNames })) {
      expect(field).toMatch(/^files(\[\d+\]\.(path|size|sha256|digest))?$/);
      expect(message).not.toBe('');
      // eslint-disable-next-line no-control-regex
      expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\ufeff]/);
      const index = /\d+/.exec(field);
      expect(index === null || files[Number(index[0])] !== undefined).toBe(true);
    }
  }));
});

test('a version without problems can be written on a file system that ignores case', () => {
  const plain = fc.array(fc.constantFrom('a', 'A', 'b', 'ß', 'SS', 'x.bin', 'X.BIN'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  fc.assert(fc.property(fc.array(plain, { maxLength: 8 }), (paths) => {
    const fold = (text: string) => text.toUpperCase().toLowerCase();
    const entries = paths.flatMap((each) => each.split('/').map((_, index, parts) => ({ name: parts.slice(0, index + 1).join('/'), isFile: index === parts.length - 1 })));
    const fits = entries.every((one, index) => entries.every((other, another) => (
      index === another || fold(one.name) !== fold(other.name) || (one.name === other.name && !one.isFile && !other.isFile))));
    expect(clashes(paths).size === 0).toBe(fits);
  }));
});

test('more problems are found without permission for unsafe names, never fewer', () => {
  fc.assert(fc.property(fc.array(file, { maxLength: 8 }), (files) => (
    fileProblems(files, { allowUnsafeNames: true })
      .every((problem) => fileProblems(files).some((each) => JSON.stringify(each) === JSON.stringify(problem))))));
});

test('no spelling that Git accepts for .git is a valid path', () => {
  // What Git compares on HFS+ and NTFS: letter case, ignored characters, dots and spaces at the end, streams, short names.
  const ignored = fc.constantFrom('', '\u200c', '\u200d', '\u200e', '\u200f', '\u202a', '\u202e', '\u206a', '\u206f', '\ufeff');
  const letters = fc.tuple(fc.constantFrom('g', 'G'), ignored, fc.constantFrom('i', 'I'), ignored, fc.constantFrom('t', 'T'), ignored)
    .map((parts) => parts.join(''));
  const ending = fc.stringMatching(/^[. ]{0,3}(:[a-z$:]{0,8})?$/);
  fc.assert(fc.property(fc.constantFrom('.', ''), letters, ending, fc.constantFrom('', 'a/'), (dot, git, end, before) => {
    expect(pathProblem(`${before}${dot === '' ? `${git}~1` : `.${git}`}${end}/config`)).toEqual(expect.any(String));
  }));
});

test('paths, folders and repositories of any text are decided without an exception', () => {
  fc.assert(fc.property(fc.array(path, { maxLength: 10 }), (paths) => {
    paths.forEach((each) => [pathProblem(each), unsafeNameProblem(each)]);
    bareRepositories(paths);
    clashes(paths);
  }));
});

test('the check of a stored manifest or alias takes anything, and accepts only what its type says', () => {
  fc.assert(fc.property(fc.oneof(anything, json), (value) => {
    expect(Array.isArray(manifestProblems(value, 'm', 'v'))).toBe(true);
    expect(Array.isArray(aliasProblems(value, 'm', 'a'))).toBe(true);
  }));
  const manifest = fc.record({
    schemaVersion: fc.constantFrom(1, 2), model: fc.constant('m'), version: fc.constant('v'), createdAt: json, createdBy: json, metadata: json,
    files: fc.oneof(json, fc.array(fc.record({ path: json, size: json, sha256: json, digest: json, partSize: json }))),
  }, { requiredKeys: [] });
  fc.assert(fc.property(manifest, (value) => {
    if (manifestProblems(value, 'm', 'v').length === 0) {
      const { files, metadata } = value as unknown as Manifest;
      expect(files.every((each) => typeof each.path === 'string' && typeof each.size === 'number')).toBe(true);
      expect(Object.values(metadata).every((each) => typeof each === 'string')).toBe(true);
    }
  }));
});

test('a manifest that is written is read again without problems, and contradicts nothing', () => {
  const good = fc.record({ path: fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8}){0,3}$/), size: fc.nat({ max: 1_000 }), sha256: hex })
    .map((each) => ({ ...each, digest: each.sha256 }));
  fc.assert(fc.property(fc.array(good, { minLength: 1, maxLength: 10 }), (files) => {
    fc.pre(fileProblems(files).length === 0);
    const written = { schemaVersion: 1, model: 'm', version: 'v', createdAt: '', createdBy: '', files: manifestFiles(files), metadata: {} };
    const read = JSON.parse(JSON.stringify(written)) as Manifest;
    expect(manifestProblems(read, 'm', 'v')).toEqual([]);
    expect(fileProblems(read.files)).toEqual([]);
    expect(contradictions(read, { files })).toEqual([]);
  }));
});

test('a digest is read as it was written, and other text is a RangeError', () => {
  fc.assert(fc.property(hex, fc.integer({ min: 2, max: S3_MAX_PARTS }), (sha256, parts) => {
    for (const digest of [sha256, `${sha256}-${parts}`]) {
      expect(s3ChecksumToDigest(digestToS3Checksum(digest))).toBe(digest);
      expect(parseDigest(digest)).toEqual({ sha256Hex: sha256, parts: digest.includes('-') ? parts : 1 });
    }
  }));
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9a-f]{60,68}(-[0-9]{1,6})?$/), fc.base64String()), (text) => {
    for (const parse of [parseDigest, s3ChecksumToDigest, digestToS3Checksum]) {
      try {
        parse(text);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
  }));
});

test('parts cover a file of any size exactly once, and other sizes are a RangeError', () => {
  fc.assert(fc.property(fc.oneof(fc.nat({ max: 10_000_000_000 }), fc.integer({ min: 0, max: S3_MAX_OBJECT_BYTES })), hex, (size, sha256) => {
    const parts = partCountOf(size);
    expect(parts).toBeLessThanOrEqual(S3_MAX_PARTS);
    expect(partRange(size, 1).start).toBe(0);
    expect(partRange(size, parts).end).toBe(size);
    expect(digestFitsSize(parts === 1 ? sha256 : `${sha256}-${parts}`, size)).toBe(true);
  }));
  fc.assert(fc.property(fc.oneof(fc.double(), fc.integer({ max: -1 })), (size) => {
    fc.pre(!Number.isSafeInteger(size) || size < 0 || size > S3_MAX_OBJECT_BYTES);
    expect(() => partSizeOf(size)).toThrow(RangeError);
  }));
});

test('an audit setting of any value is accepted or described', () => {
  fc.assert(fc.property(fc.constantFrom(...AUDIT_SETTINGS), fc.oneof(anything, json), (setting, value) => {
    expect([undefined, 'string']).toContain(typeof auditSettingProblem(setting, value) === 'string' ? 'string' : auditSettingProblem(setting, value));
  }));
});
