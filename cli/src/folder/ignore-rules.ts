import ignore, { type Ignore } from 'ignore';
import type { ErrorDetail } from '../../../src/contract/errors';
import { usageFailure } from '../runtime/failure';

/** Lists what a push leaves out, in the syntax and with the meaning of https://git-scm.com/docs/gitignore */
export const IGNORE_FILE = '.modelstoreignore';

interface Pattern {
  /** Relative to the folder that is pushed. */
  readonly pattern: string;
  /** Where it is written, such as `.modelstoreignore:3`. */
  readonly mark: string;
}

export type Decision = { readonly published: true } | { readonly published: false; readonly reason: string };

/** The patterns of `.modelstoreignore` files and of `--exclude`. As in Git, the last one that matches decides. */
export class IgnoreRules {
  static excluding(exclude: readonly string[]): IgnoreRules {
    return new IgnoreRules([], exclude.map((pattern) => ({ pattern, mark: `--exclude ${pattern}` })));
  }

  private readonly matcher: Ignore;

  private constructor(private readonly ofFiles: readonly Pattern[], private readonly excluded: readonly Pattern[]) {
    this.matcher = matcherOf([...ofFiles, ...excluded].map(({ pattern, mark }) => (
      { pattern: pattern.normalize('NFC'), mark })));
  }

  /** These rules and those of the `.modelstoreignore` in a subfolder. `''` is the folder that is pushed. */
  withFile(folder: string, text: string): IgnoreRules {
    const file = folder === '' ? IGNORE_FILE : `${folder}/${IGNORE_FILE}`;
    const patterns = text.replace(/^\ufeff/, '').split(/\r?\n/).flatMap((line, index) => (
      isBlank(line) ? [] : [{ pattern: below(folder, line), mark: `${file}:${index + 1}` }]));
    return new IgnoreRules([...this.ofFiles, ...patterns], this.excluded);
  }

  /** Undefined if no pattern matches. */
  decide(path: string, isFolder: boolean): Decision | undefined {
    const { ignored, unignored, rule } = this.matcher.test(isFolder ? `${path}/` : path);
    return ignored ? { published: false, reason: rule!.mark! } : unignored ? { published: true } : undefined;
  }
}

/** Matches paths with patterns that name files on the command line. */
export function pathMatcher(patterns: readonly string[]): (path: string) => boolean {
  const matcher = matcherOf(patterns.map((pattern) => pattern.normalize('NFC')));
  return (path) => matcher.ignores(path);
}

/** Upper and lower case differ on every machine, so that the same folder is the same version everywhere. */
function matcherOf(patterns: Parameters<Ignore['add']>[0]): Ignore {
  return ignore({ ignorecase: false, allowRelativePaths: true }).add(patterns);
}

function isBlank(line: string): boolean {
  return /^(#|!? *$)/.test(line);
}

/** A pattern in the `.modelstoreignore` of a subfolder, as if it were written in the top folder. */
function below(folder: string, line: string): string {
  if (folder === '') {
    return line;
  }
  const [, negation, pattern] = /^(!?)(.*)$/s.exec(line)!;
  const literal = folder.replace(/[\\*?[\]!# ]/g, '\\$&');
  // A "/" at the beginning or in the middle ties a pattern to the folder; without one, it matches at any depth.
  const anywhere = /\/(?! *$)/.test(pattern) ? '/' : '/**/';
  return `${negation}/${literal}${anywhere}${pattern.replace(/^\//, '')}`;
}

export interface PatternOptions {
  readonly exclude?: readonly string[];
  readonly allowSecret?: readonly string[];
}

/** Rejects patterns that match nothing, and those that would turn a check off instead of naming files. */
export function requirePatterns({ exclude = [], allowSecret = [] }: PatternOptions): void {
  const problems: ErrorDetail[] = [
    ...exclude.flatMap((pattern) => problem('--exclude', pattern, matchesNothing(pattern))),
    ...allowSecret.flatMap((pattern) => problem('--allow-secret', pattern, matchesNothing(pattern)
      ?? (pattern.startsWith('!') ? 'begins with "!"; name the files that may be published'
        : /^[*?/]*$/.test(pattern) ? 'matches every file; name the files that may be published' : undefined))),
  ];
  if (problems.length > 0) {
    throw usageFailure('invalid patterns', problems, 'The syntax is that of .gitignore files.');
  }
}

function matchesNothing(pattern: string): string | undefined {
  return isBlank(pattern) ? 'is empty or a comment'
    : /(^|[^\\])(\\\\)*\\$/.test(pattern) ? 'ends with a single backslash' : undefined;
}

function problem(option: string, pattern: string, message: string | undefined): ErrorDetail[] {
  return message === undefined ? [] : [{ field: `${option} ${JSON.stringify(pattern)}`, message }];
}
