import type { ErrorDetail } from '../../../src/contract/errors';
import { pathProblem, UNSAFE_NAME_REFUSED, unsafeNameProblem } from '../../../src/contract/path-rules';

/** What to do about names that are refused only because they are unsafe; undefined if there are none. */
export function unsafeNamesHint(problems: readonly ErrorDetail[]): string | undefined {
  return problems.some(({ message }) => message.endsWith(UNSAFE_NAME_REFUSED))
    ? 'If the version must have such names and you trust its files, use --allow-unsafe-names. '
      + 'It never allows Git repositories or invisible characters.' : undefined;
}

/** Whether some valid paths are accepted only with `allowUnsafeNames`. */
export function hasUnsafeNames(paths: readonly string[]): boolean {
  return paths.some((path) => pathProblem(path) === undefined && unsafeNameProblem(path) !== undefined);
}
