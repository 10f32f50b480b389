import * as path from 'node:path';
import { packageLanguages } from './packages/package-languages';
import { type Language, LANGUAGES } from './packages/tool-chains';
import { PROJECT_ROOT } from '../test/local/rig/paths';

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.filter((arg) => !LANGUAGES.includes(arg as Language));
  if (unknown.length > 0) {
    throw new Error(`unknown language ${unknown.join(', ')}; use ${LANGUAGES.join(', ')}`);
  }
  const outcomes = await packageLanguages(args.length > 0 ? args as Language[] : LANGUAGES, {
    folder: path.relative(process.cwd(), path.join(PROJECT_ROOT, 'dist')), named: args.length > 0,
  });
  process.stdout.write(
    outcomes.map(({ language, words }) => `${language.padEnd(8)} ${words.join('\n         ')}\n`).join(''),
  );
  if (outcomes.some(({ failed }) => failed)) {
    process.exitCode = 1;
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
