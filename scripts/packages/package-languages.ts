import * as fs from 'node:fs';
import * as path from 'node:path';
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
 * Makes the package of each language. Where a language's tool chain is missing, its code is generated all the same; that
 * is not a failure, unless the language was asked for by its name.
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
  const words = missing === '' ? `packed${language === 'go' ? ', after it was compiled,' : ''} in ${made}`
    : `CODE ONLY, in ${made}: ${missing} is not to be had, so nothing compiled it and there is no package; install ${neededFor(language)}`;
  return { language, words: [words], failed: false };
}
