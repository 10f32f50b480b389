import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { cycles, importsOf, ROOT, sourceFiles } from './measures/imports';
import { type Found, phrasesIn } from './measures/words';

/*
 * Prints code metrics: public types, the longest file and line, import cycles, and phrases to avoid. `--words` lists
 * each of these phrases with its location.
 */

const tracked = (...patterns: string[]) =>
  execFileSync('git', ['ls-files', ...patterns], { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean);
const linesOf = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8').split('\n');

const CODE = [...sourceFiles('src'), ...sourceFiles('cli/src')];
const PROSE = [
  ...CODE,
  ...tracked(
    'src/**/*.sql', 'README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/*.md', 'docs/guides/*.md', 'examples/**/*.md',
  )
    // Generated from test names and the documentation of AWS.
    .filter((file) => file !== 'docs/fidelity.md'),
];

function publicTypes(): number {
  const assembly = JSON.parse(fs.readFileSync(path.join(ROOT, '.jsii'), 'utf8')) as { readonly types: object };
  return Object.keys(assembly.types).length;
}

function summary(found: readonly Found[]): string[] {
  const byPhrase = new Map<string, number>();
  for (const { instead } of found) {
    byPhrase.set(instead, (byPhrase.get(instead) ?? 0) + 1);
  }
  return [...byPhrase].sort(([, a], [, b]) => b - a).map(
    ([instead, count]) => `  ${String(count).padStart(5)}  instead of: ${instead}`,
  );
}

function main(): void {
  const found = phrasesIn(PROSE);
  if (process.argv.includes('--words')) {
    found.forEach(({ file, line, text, instead }) => console.log(`${file}:${line}: "${text}"; write: ${instead}`));
    return;
  }
  const files = CODE.map((file) => ({ file, lines: linesOf(file).length - 1 })).sort((a, b) => b.lines - a.lines);
  const lines = CODE.flatMap(
    (file) => linesOf(file).map((text, index) => ({ place: `${file}:${index + 1}`, length: text.length })),
  )
    .sort((a, b) => b.length - a.length);
  console.log([
    `public types: ${publicTypes()}`,
    `files: ${files.length}; the longest is ${files[0].file} with ${files[0].lines} lines`,
    `longest line: ${lines[0].length} characters (${lines[0].place})`,
    `lines over 120 characters: ${lines.filter(({ length }) => length > 120).length}`,
    `import cycles: ${cycles(CODE.flatMap(importsOf)).length}`,
    `phrases to replace: ${found.length}`,
    ...summary(found),
  ].join('\n'));
}

main();
