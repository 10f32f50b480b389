import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Engine } from './proves';

export const ROOT = path.resolve(__dirname, '../..');
export const PROOFS_FILE = path.join(__dirname, 'proofs.json');
/** Where `proves()` writes while tests run. */
export const RECORDS_FOLDER = path.join(ROOT, 'test-reports', 'fidelity');

export interface Proof {
  readonly behaviour: string;
  readonly engine: Engine;
  readonly test: { readonly file: string; readonly name: string };
}

export function readProofs(file = PROOFS_FILE): Proof[] {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) as Proof[] : [];
}

/** The records of the last test runs, unordered. */
export function readRecords(folder = RECORDS_FOLDER): Proof[] {
  if (!fs.existsSync(folder)) {
    return [];
  }
  return fs.readdirSync(folder).filter((name) => name.endsWith('.ndjson'))
    .flatMap((name) => fs.readFileSync(path.join(folder, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Proof);
}

/**
 * The committed proofs with new records: what a test recorded takes the place of all that the same test proved before. A proof whose
 * test did not run stays as it is, unless there is no such test any more.
 */
export function mergeProofs(committed: readonly Proof[], records: readonly Proof[], exists: (test: Proof['test']) => boolean = testExists): Proof[] {
  const ran = new Set(records.map(({ test }) => identityOf(test)));
  const kept = committed.filter(({ test }) => !ran.has(identityOf(test)) && exists(test));
  const all = new Map([...kept, ...records].map((proof) => [JSON.stringify(inOrder(proof)), inOrder(proof)]));
  return [...all].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, proof]) => proof);
}

/** The problems of proofs, in sentences: unknown behaviours, and tests that do not exist. All at once. */
export function problemsOf(proofs: readonly Proof[], ids: readonly string[], exists: (test: Proof['test']) => boolean = testExists): string[] {
  const unknown = [...new Set(proofs.map(({ behaviour }) => behaviour))].filter((id) => !ids.includes(id));
  const missing = proofs.filter(({ test }) => !exists(test));
  return [
    ...unknown.map((id) => `Unknown behaviour "${id}", proved by ${proofs.find(({ behaviour }) => behaviour === id)!.test.file}. `
      + 'Describe it in test/fidelity/behaviours/, or correct the id in the test.'),
    ...missing.map(({ behaviour, test }) => `The proof of "${behaviour}" names the test "${test.name}", which is not in ${test.file}. `
      + 'Run the test that proves it today, then "npm run fidelity".'),
  ];
}

/** Whether a file has a test of this name; the placeholders of parameterised titles match anything. */
export function testExists({ file, name }: Proof['test']): boolean {
  const source = path.join(ROOT, file);
  return fs.existsSync(source) && titlesIn(fs.readFileSync(source, 'utf8')).some((title) => matches(title, name));
}

/** The titles of tests in a source file, as quoted. */
function titlesIn(source: string): string[] {
  return [...source.matchAll(/(?:\btest|\bit|\))\(\s*(['"])((?:(?!\1)[^\\\n]|\\.)+)\1,/g)].map(([, , title]) => title.replace(/\\(.)/g, '$1'));
}

/** Jest puts the titles of the surrounding describes before that of the test. */
function matches(title: string, name: string): boolean {
  const pattern = title.split(/%[a-zA-Z%#]|\$#|\$[\w.]+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[\\s\\S]*');
  return new RegExp(`(^|\\s)${pattern}$`).test(name);
}

function identityOf({ file, name }: Proof['test']): string {
  return `${file} ${name}`;
}

function inOrder({ behaviour, engine, test }: Proof): Proof {
  return { behaviour, engine: { name: engine.name, version: engine.version }, test: { file: test.file, name: test.name } };
}
