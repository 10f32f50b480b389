import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { BEHAVIOURS } from './behaviours';
import { enginesOf, renderPage, unproved } from './page';
import { mergeProofs, problemsOf, readProofs, readRecords, ROOT, testExists, type Proof } from './proofs';
import { check } from '../../scripts/fidelity';

const HERE = 'test/fidelity/fidelity.test.ts';
const NAME = 'a proof names a test that exists';
const proof = (behaviour: string, name = NAME, engine = { name: 'MinIO', version: '1' }): Proof => ({ behaviour, engine, test: { file: HERE, name } });

describe('the committed proofs and docs/fidelity.md', () => {
  test('agree with the tests and the behaviours, as "npm run fidelity -- --check" says', () => {
    expect(check()).toEqual([]);
  });

  test('are linked from the index, the architecture and the threat model', () => {
    for (const document of ['README.md', 'architecture.md', 'threat-model.md']) {
      expect(fs.readFileSync(path.join(ROOT, 'docs', document), 'utf8')).toContain('(fidelity.md)');
    }
  });

  test('count behaviours without an engine as not proved, even with vendor documentation', () => {
    const page = renderPage([]);

    expect(unproved([])).toEqual(BEHAVIOURS);
    expect(page).toContain(`${BEHAVIOURS.length} are not proved yet`);
  });

  test('list emulators after independent engines, and mark them', () => {
    const proofs = [proof('s3.versioning', NAME, { name: 'moto', version: '5' }), proof('s3.versioning')];

    expect(enginesOf('s3.versioning', proofs)).toEqual(['MinIO 1', 'moto 5 (an emulator)']);
  });
});

describe('a behaviour', () => {
  test('has a unique ID that starts with its service', () => {
    const ids = BEHAVIOURS.map(({ id }) => id);

    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.filter((id) => !/^[a-z0-9]+(\.[a-z0-9-]+)+$/.test(id))).toEqual([]);
  });

  test('is one sentence, relied on by a file that exists', () => {
    expect(BEHAVIOURS.filter(({ statement }) => !/^[^|\n]+\.$/.test(statement))).toEqual([]);
    expect(BEHAVIOURS.filter(({ reliedOn }) => !fs.existsSync(path.join(ROOT, reliedOn))).map(({ id, reliedOn }) => `${id}: ${reliedOn}`)).toEqual([]);
  });

  test('has a vendor page only with the date when it was read', () => {
    for (const { page } of BEHAVIOURS) {
      expect(page?.url ?? 'https://').toMatch(/^https:\/\//);
      expect(page?.read ?? '2026-11-28').toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
});

describe('a proof', () => {
  test('of an unknown behaviour is a problem that names it and the test', () => {
    const problems = problemsOf([proof('s3.teleport'), proof('s3.versioning')], BEHAVIOURS.map(({ id }) => id), () => true);

    expect(problems).toEqual([expect.stringMatching(/^Unknown behaviour "s3\.teleport", proved by test\/fidelity\/fidelity\.test\.ts\./)]);
  });

  test('by a test that no longer exists is a problem that names both', () => {
    const problems = problemsOf([proof('s3.versioning', 'something that nobody tests')], ['s3.versioning']);

    expect(problems).toEqual([expect.stringContaining('"something that nobody tests", which is not in test/fidelity/fidelity.test.ts')]);
  });

  test.each(['one', 'another'])('by a test with parameters, such as %s, is by an existing test', (which) => {
    const name = `a proof by a test with parameters, such as ${which}, is by an existing test`;
    expect(testExists({ file: HERE, name })).toBe(true);
    expect(testExists({ file: HERE, name: `a proof by a test with parameters, such as ${which}, is something else` })).toBe(false);
    expect(testExists({ file: 'test/fidelity/gone.test.ts', name: NAME })).toBe(false);
  });

  test('that its test records again replaces the old one; those of tests that did not run stay', () => {
    const committed = [proof('s3.versioning', 'ran', { name: 'MinIO', version: '1' }), proof('s3.put.if-match', 'ran'), proof('s3.get.range', 'did not run')];

    const merged = mergeProofs(committed, [proof('s3.versioning', 'ran', { name: 'MinIO', version: '2' })], () => true);

    expect(merged).toEqual([proof('s3.get.range', 'did not run'), proof('s3.versioning', 'ran', { name: 'MinIO', version: '2' })]);
  });

  test('by a removed test is removed', () => {
    expect(mergeProofs([proof('s3.versioning', 'gone')], [], () => false)).toEqual([]);
  });

  test('is read from the records of every process that ran tests', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'records-'));
    try {
      for (const [process, behaviour] of [[1, 's3.versioning'], [2, 's3.get.range']]) {
        fs.writeFileSync(path.join(folder, `${process}.ndjson`), `${JSON.stringify(proof(String(behaviour)))}\n`);
      }
      expect(readRecords(folder).map(({ behaviour }) => behaviour).sort()).toEqual(['s3.get.range', 's3.versioning']);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  test('is committed only for a known behaviour', () => {
    const ids = BEHAVIOURS.map(({ id }) => id);

    expect(readProofs().filter(({ behaviour }) => !ids.includes(behaviour))).toEqual([]);
  });
});
