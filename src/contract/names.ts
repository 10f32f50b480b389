/**
 * The rule for the name of a model, a version and an alias. It keeps names safe in an S3 key, an IAM resource, a URL
 * path and a file name on any system.
 */
export const NAME_PATTERN = '^[a-z0-9][a-z0-9._-]{0,127}$';

/**
 * Folders of the store itself. In an IAM resource a `*` matches `/` too, so a version named "uploads" would put the path of
 * its download links (`/models/m/versions/uploads/links`) among those that a permission to upload allows
 * (`…/uploads/links` of every model), and the manifest of one named "aliases" among the aliases.
 */
export const RESERVED_NAMES: readonly string[] = ['aliases', 'blobs', 'references', 'uploads', 'versions'];

/** What a name has to be, for people. */
export const NAME_RULE =
  'starts with a lower-case letter or a digit, continues with lower-case letters, digits, ".", "_" or "-", at most 128 characters, '
  + `and is none of ${RESERVED_NAMES.join(', ')}`;

const NAME = new RegExp(NAME_PATTERN);

export function isName(value: string): boolean {
  // `..` is no path segment in an S3 key, but it is one for every tool that writes a key to a disk.
  return NAME.test(value) && !value.includes('..') && !RESERVED_NAMES.includes(value);
}

/**
 * A model pattern for grants: a model's name, or the beginning of one followed by a single `*` at the end.
 */
export const MODEL_PATTERN_PATTERN = '^([a-z0-9][a-z0-9._-]{0,127}|[a-z0-9][a-z0-9._-]{0,126}\\*|\\*)$';

/** What `MODEL_PATTERN_PATTERN` says, for people. */
export const MODEL_PATTERN_RULE = 'a model\'s name, or the beginning of one followed by a single "*" at the end';

const MODEL_PATTERN = new RegExp(MODEL_PATTERN_PATTERN);

export function isModelPattern(value: string): boolean {
  return MODEL_PATTERN.test(value) && !value.includes('..');
}

export function matchesModelPattern(model: string, pattern: string): boolean {
  return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : model === pattern;
}
