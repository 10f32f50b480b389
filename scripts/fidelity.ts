import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkOrWrite } from './generated/check-or-write';
import { BEHAVIOURS } from '../test/fidelity/behaviours';
import { renderPage } from '../test/fidelity/page';
import { mergeProofs, problemsOf, PROOFS_FILE, readProofs, readRecords, ROOT } from '../test/fidelity/proofs';

/*
 * Merges the records of test runs into test/fidelity/proofs.json and generates docs/fidelity.md. With `--check`, it
 * writes nothing, and fails if a committed proof refers to a test or behaviour that does not exist, or if the page is
 * out of date.
 */

export const PAGE_FILE = path.join(ROOT, 'docs', 'fidelity.md');

/** Returns the problems that `--check` reports. */
export function check(): string[] {
  const proofs = readProofs();
  const page = fs.existsSync(PAGE_FILE) ? fs.readFileSync(PAGE_FILE, 'utf8') : '';
  return [
    ...problemsOf(proofs, BEHAVIOURS.map(({ id }) => id)),
    ...(page === renderPage(proofs) ? [] : ['docs/fidelity.md is out of date. Run "npm run fidelity".']),
  ];
}

function write(): string[] {
  const records = readRecords();
  const proofs = mergeProofs(readProofs(), records);
  const problems = problemsOf(proofs, BEHAVIOURS.map(({ id }) => id));
  if (problems.length === 0) {
    fs.writeFileSync(PROOFS_FILE, `${JSON.stringify(proofs, undefined, 2)}\n`);
    fs.writeFileSync(PAGE_FILE, renderPage(proofs));
    console.log(`merged ${records.length} records: ${proofs.length} proofs in ${path.relative(ROOT, PROOFS_FILE)}`);
    console.log('wrote docs/fidelity.md');
  }
  return problems;
}

if (require.main === module) {
  checkOrWrite(process.argv.slice(2), { check, write });
}
