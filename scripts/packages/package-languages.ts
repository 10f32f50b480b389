import * as fs from 'node:fs';
import * as path from 'node:path';
import { pack } from './pack';
import { type Language, missingTools, neededFor } from './tool-chains';

export interface PackageOptions {
  /** Output folder; each language has a subfolder. */
  readonly folder: string;
  /** Whether the languages were named explicitly, so that a missing tool chain is a failure. */
  readonly named: boolean;
  /** Returns the missing commands of the tool chain of a language. */
  readonly missing?: (language: Language) => string[];
}

/** Result for one language. */
export interface Outcome {
  readonly language: Language;
  readonly words: readonly string[];
  readonly failed: boolean;
}

/**
 * Builds the package of each language. If the tool chain of a language is missing, only its code is generated. This is
 * a failure only if the language was named explicitly.
 */
export async function packageLanguages(languages: readonly Language[], options: PackageOptions): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const language of languages) {
    const outcome = packageOne(language, options);
    outcomes.push(
      await outcome.catch((error: Error) => ({ language, words: [`FAILED: ${error.message}`], failed: true })),
    );
  }
  return outcomes;
}

async function packageOne(
  language: Language, { folder, named, missing: missingOf = missingTools }: PackageOptions,
): Promise<Outcome> {
  const missing = missingOf(language).join(' and ');
  if (missing !== '' && named) {
    return { language, words: [`FAILED: ${missing} not found; install ${neededFor(language)}`], failed: true };
  }
  const made = path.join(folder, language);
  fs.rmSync(made, { recursive: true, force: true });
  await pack(language, folder, { codeOnly: missing !== '' });
  const words = missing === ''
    ? `${language === 'go' ? 'compiled and packed' : 'packed'} in ${made}`
    : `CODE ONLY, in ${made}: not compiled or packed, because ${missing} was not found; install ${neededFor(language)}`;
  return { language, words: [words], failed: false };
}
