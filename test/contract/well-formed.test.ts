import { aliasProblems } from '../../src/contract/alias';
import { contradictions, manifestProblems, type Manifest } from '../../src/contract/manifest';

const FILE = { path: 'a.bin', size: 1, sha256: 'a'.repeat(64), digest: 'a'.repeat(64), partSize: 16 * 1024 * 1024 };
const MANIFEST: Manifest = {
  schemaVersion: 1, model: 'fraud', version: '1', createdAt: '2026-11-01T00:00:00Z', createdBy: 'ada', files: [FILE],
  metadata: { run: '1' }, base: '0',
};
const POINTER = {
  schemaVersion: 1, model: 'fraud', alias: 'production', version: '1', updatedAt: '2026-11-01T00:00:00Z',
  updatedBy: 'ada',
};

test('a valid manifest and a valid alias have no problems', () => {
  expect(manifestProblems(MANIFEST, 'fraud', '1')).toEqual([]);
  expect(aliasProblems({ ...POINTER, reason: 'better', previousVersion: '0' }, 'fraud', 'production')).toEqual([]);
});

test('all problems of a manifest or alias are reported at once', () => {
  expect(manifestProblems(
    { schemaVersion: 3, model: 'other', createdBy: 7, base: [], metadata: [], files: [FILE, { ...FILE, size: '1' }] },
    'fraud',
    '1',
  )
    .map(({ field, message }) => `${field} ${message}`)).toEqual([
    'schemaVersion is 3, not 1', 'model is "other", not "fraud"', 'version is missing, not "1"',
    'createdAt is not a string', 'createdBy is not a string',
    'metadata is not an object of strings', 'base is not a string',
    'files[1] has no path, size, SHA-256, digest or part size',
  ]);
  expect(aliasProblems(
    { schemaVersion: 1, model: 'fraud', alias: 'canary', version: '..', updatedAt: 1, reason: 1 },
    'fraud',
    'production',
  )
    .map(({ field }) => field)).toEqual(['alias', 'version', 'updatedAt', 'updatedBy', 'reason']);
});

test('a push differs from a published version by files and by given metadata and base, but not by omitted ones', () => {
  expect(contradictions(MANIFEST, { files: [FILE] })).toEqual([]);
  expect(contradictions(MANIFEST, { files: [FILE], metadata: { run: '1' }, base: '0' })).toEqual([]);
  expect(contradictions(
    MANIFEST, { files: [{ ...FILE, path: 'b.bin' }], metadata: { run: '2', constructor: 'x' }, base: '9' },
  )).toEqual([
    { field: 'b.bin', message: 'is not in the published version' },
    { field: 'a.bin', message: 'is only in the published version' },
    { field: 'metadata.run', message: 'is "1" in the published version, "2" here' },
    { field: 'metadata.constructor', message: 'is not given in the published version, "x" here' },
    { field: 'base', message: 'is "0" in the published version, "9" here' },
  ]);
});
