/**
 * Pattern of the names of models, versions and aliases. Matching names are safe in S3 keys, IAM resources, URL paths
 * and file names on every system.
 */
export const NAME_PATTERN = '^[a-z0-9][a-z0-9._-]{0,127}$';

/**
 * Names that are folders or path segments of the store. In an IAM resource, `*` also matches `/`. The route for
 * download URLs of a version named "uploads" (`/models/m/versions/uploads/links`) would match the permission to upload
 * (`…/uploads/links` of every model), and the manifest of a version named "aliases" would match the key pattern of
 * aliases.
 */
export const RESERVED_NAMES: readonly string[] = ['aliases', 'blobs', 'references', 'uploads', 'versions'];

/** The rule for names, for error messages. */
export const NAME_RULE =
  'starts with a lower-case letter or a digit, continues with lower-case letters, digits, ".", "_" or "-", '
  + `has at most 128 characters, and is not one of ${RESERVED_NAMES.join(', ')}`;

const NAME = new RegExp(NAME_PATTERN);

export function isName(value: string): boolean {
  // `..` has no special meaning in an S3 key, but it does for tools that write keys to a file system.
  return NAME.test(value) && !value.includes('..') && !RESERVED_NAMES.includes(value);
}

/**
 * Pattern of model patterns in grants: the name of a model, or the beginning of one followed by a single `*`.
 */
export const MODEL_PATTERN_PATTERN = '^([a-z0-9][a-z0-9._-]{0,127}|[a-z0-9][a-z0-9._-]{0,126}\\*|\\*)$';

/** The rule of `MODEL_PATTERN_PATTERN`, for error messages. */
export const MODEL_PATTERN_RULE = 'a model\'s name, or the beginning of one followed by a single "*" at the end';

const MODEL_PATTERN = new RegExp(MODEL_PATTERN_PATTERN);

export function isModelPattern(value: string): boolean {
  return MODEL_PATTERN.test(value) && !value.includes('..');
}

export function matchesModelPattern(model: string, pattern: string): boolean {
  return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : model === pattern;
}
