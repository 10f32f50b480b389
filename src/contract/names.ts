/**
 * The rule for the name of a model, a version and an alias. It keeps names safe in an S3 key, an IAM resource, a URL
 * path and a file name on any system.
 */
export const NAME_PATTERN = '^[a-z0-9][a-z0-9._-]{0,127}$';

/** What `NAME_PATTERN` says, for people. */
export const NAME_RULE =
  'starts with a lower-case letter or a digit, continues with lower-case letters, digits, ".", "_" or "-", at most 128 characters';

const NAME = new RegExp(NAME_PATTERN);

export function isName(value: string): boolean {
  // `..` is no path segment in an S3 key, but it is one for every tool that writes a key to a disk.
  return NAME.test(value) && !value.includes('..');
}

/**
 * A model pattern for grants: a model's name, or the beginning of one followed by a single `*` at the end.
 */
export const MODEL_PATTERN_PATTERN = '^([a-z0-9][a-z0-9._-]{0,127}|[a-z0-9][a-z0-9._-]{0,126}\\*|\\*)$';

const MODEL_PATTERN = new RegExp(MODEL_PATTERN_PATTERN);

export function isModelPattern(value: string): boolean {
  return MODEL_PATTERN.test(value) && !value.includes('..');
}

export function matchesModelPattern(model: string, pattern: string): boolean {
  return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : model === pattern;
}
