import * as fs from 'node:fs';
import * as path from 'node:path';
import { BEHAVIOURS } from '../test/fidelity/behaviours';
import { renderPage } from '../test/fidelity/page';
import { mergeProofs, problemsOf, PROOFS_FILE, readProofs, readRecords, ROOT } from '../test/fidelity/proofs';

/*
 * Merges what tests recorded into test/fidelity/proofs.json and writes docs/fidelity.md from it. With `--check` it writes nothing,
 * and fails where a committed proof names a test or a behaviour that does not exist, or where the page is not that of the proofs.
 */

export const PAGE_FILE = path.join(ROOT, 'docs', 'fidelity.md');

/** What `--check` finds wrong, in sentences. */
export function check(): string[] {
  const proofs = readProofs();
  const page = fs.existsSync(PAGE_FILE) ? fs.readFileSync(PAGE_FILE, 'utf8') : '';
  return [
    ...problemsOf(proofs, BEHAVIOURS.map(({ id }) => id)),
    ...(page === renderPage(proofs) ? [] : ['docs/fidelity.md is not what behaviours and proofs make of it. Run "npm run fidelity".']),
  ];
}

function write(): string[] {
  const records = readRecords();
  const proofs = mergeProofs(readProofs(), records);
  const problems = problemsOf(proofs, BEHAVIOURS.map(({ id }) => id));
  if (problems.length === 0) {
    fs.writeFileSync(PROOFS_FILE, `${JSON.stringify(proofs, undefined, 2)}\n`);
    fs.writeFileSync(PAGE_FILE, renderPage(proofs));
    console.log(`${records.length} records merged; ${proofs.length} proofs in ${path.relative(ROOT, PROOFS_FILE)}; wrote docs/fidelity.md`);
  }
  return problems;
}

function main(words: readonly string[]): void {
  const unknown = words.filter((word) => word !== '--check');
  const problems = unknown.length > 0 ? unknown.map((word) => `Unknown option "${word}"; use --check or none.`)
    : words.includes('--check') ? check() : write();
  problems.forEach((problem) => console.error(problem));
  process.exitCode = problems.length === 0 ? 0 : 1;
}

if (require.main === module) {
  main(process.argv.slice(2));
}
