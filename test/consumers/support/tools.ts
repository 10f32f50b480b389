import { type Language, missingTools, neededFor } from '../../../scripts/packages/tool-chains';

/** What every machine that decides whether a change lands has to have. */
const REQUIRED: readonly Language[] = ['python', 'java'];

/** Whether a consumer of that language can be tested here. With CI set, throws an error that names what is missing. */
export function canUse(language: Language, missing: readonly string[] = missingTools(language)): boolean {
  if (missing.length === 0) {
    return true;
  }
  const complaint = `${missing.join(' and ')} is not to be had; a consumer in ${language} needs ${neededFor(language)}`;
  if (process.env.CI === 'true' && REQUIRED.includes(language)) {
    throw new Error(complaint);
  }
  process.stderr.write(`skipped: the consumer in ${language}. ${complaint}\n`);
  return false;
}
