import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkGeneratedCode, codeFolder } from './generated-code';
import { pack } from './pack';
import { type Language, missingTools, neededFor } from './tool-chains';

export interface PackageOptions {
  /** Where packages go, each language into a folder of its own. */
  readonly folder: string;
  /** Whether the languages were asked for by their names, so that code instead of a package is a failure. */
  readonly named: boolean;
  /** What of a language's tool chain the machine does not have. */
  readonly missing?: (language: Language) => string[];
}

/** How far a language came, in words. */
export interface Outcome {
  readonly language: Language;
  readonly words: readonly string[];
  readonly failed: boolean;
}

/**
 * Makes the package of each language. Where a language's tool chain is missing, its code is generated all the same, and read
 * for what a compiler would refuse; that is no failure, unless the language was asked for by its name.
 */
export async function packageLanguages(languages: readonly Language[], options: PackageOptions): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const language of languages) {
    const outcome = packageOne(language, options);
    outcomes.push(await outcome.catch((error: Error) => ({ language, words: [`FAILED: ${error.message}`], failed: true })));
  }
  return outcomes;
}

async function packageOne(language: Language, { folder, named, missing: missingOf = missingTools }: PackageOptions): Promise<Outcome> {
  const missing = missingOf(language).join(' and ');
  if (missing !== '' && named) {
    return { language, words: [`FAILED: ${missing} is not to be had, and the package needs ${neededFor(language)}`], failed: true };
  }
  const made = path.join(folder, language);
  fs.rmSync(made, { recursive: true, force: true });
  await pack(language, folder, { codeOnly: missing !== '' });
  const read = await readCode(language, folder);
  const words = missing === '' ? `packed${language === 'go' ? ', after it was compiled,' : ''} in ${made}`
    : `CODE ONLY, in ${made}: ${missing} is not to be had, so nothing compiled it and there is no package; install ${neededFor(language)}`;
  return { language, words: [words, ...read.words], failed: read.failed };
}

async function readCode(language: Language, folder: string): Promise<{ words: string[]; failed: boolean }> {
  // The others are packed wherever the tests run, and used by consumers there.
  if (language !== 'dotnet' && language !== 'go') {
    return { words: [], failed: false };
  }
  if (missingTools('python').length > 0) {
    return { words: [`code not read: that takes ${neededFor('python')}`], failed: false };
  }
  const { files, types, members, problems } = await checkGeneratedCode(language, codeFolder(language, folder));
  return problems.length === 0
    ? { words: [`code read: ${files} files parse, ${types} types have all of their ${members} members, no names clash`], failed: false }
    : { words: problems.map((problem) => `WRONG CODE: ${problem}`), failed: true };
}
