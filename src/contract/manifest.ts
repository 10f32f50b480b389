import { digestFitsSize, DIGEST_PATTERN, SHA256_HEX_PATTERN, partSizeOf } from './digest';
import type { ErrorDetail } from './errors';
import { MAX_FILES_PER_VERSION, S3_MAX_OBJECT_BYTES } from './limits';
import { clashes } from './path-clashes';
import { bareRepositories, pathProblem, UNSAFE_NAME_REFUSED, unsafeNameProblem } from './path-rules';
import { quotedText } from './visible-text';

export const MANIFEST_SCHEMA_VERSION = 1;

/** A file as described in a publish request. */
export interface FileEntry {
  /** Relative POSIX path, NFC. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** SHA-256 of the whole file, hexadecimal; for people and for the OpenSSF signature format. */
  readonly sha256: string;
  /** SHA-256 checksum that S3 computes for the object, hexadecimal, followed by `-<parts>` if there are several. */
  readonly digest: string;
}

export interface ManifestFile extends FileEntry {
  /** In bytes; depends only on `size`. */
  readonly partSize: number;
}

export type Metadata = { readonly [key: string]: string };

/** Content of `manifest.json`. */
export interface Manifest {
  readonly schemaVersion: typeof MANIFEST_SCHEMA_VERSION;
  readonly model: string;
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** The principal's full ARN, or the user name and pool of a Cognito user. */
  readonly createdBy: string;
  /** Sorted by path, in UTF-16 code unit order. */
  readonly files: readonly ManifestFile[];
  readonly metadata: Metadata;
  /** The version that this one is derived from. */
  readonly base?: string;
}

export interface FileRules {
  /** Whether to accept names that `unsafeNameProblem` describes. All other rules still apply. */
  readonly allowUnsafeNames?: boolean;
}

/**
 * Validates the files of a version and returns all problems. Clients apply the same rules before they read a file, and
 * the upload function applies them before it commits a version.
 */
export function fileProblems(
  files: readonly FileEntry[], { allowUnsafeNames = false }: FileRules = {},
): ErrorDetail[] {
  const problems: ErrorDetail[] = [];
  const report = (field: string, message: string) => problems.push({ field, message });

  if (files.length === 0) {
    report('files', 'is empty; a version needs at least one file');
  }
  if (files.length > MAX_FILES_PER_VERSION) {
    report('files', `has ${files.length} entries; a version can have at most ${MAX_FILES_PER_VERSION} files`);
  }

  const paths = files.map(({ path }) => path);
  const invalid = paths.map(pathProblem);
  // Invalid paths may be very long, so they are not compared with others.
  const valid = paths.map((path, index) => (invalid[index] === undefined ? path : undefined));
  const clashing = clashes(valid);
  files.forEach((file, index) => {
    const at = `files[${index}]`;
    const sayPath = (problem: string | undefined) =>
      problem !== undefined && report(`${at}.path`, `${quotedText(file.path)} ${problem}`);
    sayPath(invalid[index]);
    const unsafe = invalid[index] !== undefined || allowUnsafeNames ? undefined : unsafeNameProblem(file.path);
    sayPath(unsafe && `${unsafe}; ${UNSAFE_NAME_REFUSED}`);
    sayPath(clashing.get(index));
    contentProblems(file).forEach(({ field, message }) => report(`${at}.${field}`, message));
  });
  for (const { index, folder } of bareRepositories(valid)) {
    const where = folder === '' ? 'the folder of the model' : `the folder ${quotedText(folder)}`;
    report(`files[${index}].path`,
      `${quotedText(paths[index])} makes ${where} a Git repository, whose settings can run commands`);
  }
  return problems;
}

function contentProblems(file: FileEntry): ErrorDetail[] {
  if (!Number.isSafeInteger(file.size) || file.size < 0 || file.size > S3_MAX_OBJECT_BYTES) {
    const message = `${file.size} is not a valid size; S3 stores 0 to ${S3_MAX_OBJECT_BYTES} bytes`;
    return [{ field: 'size', message }];
  }
  const problems: ErrorDetail[] = [];
  if (!new RegExp(SHA256_HEX_PATTERN).test(file.sha256)) {
    const message = 'is not a valid SHA-256; must be 64 lower-case hexadecimal digits';
    problems.push({ field: 'sha256', message });
  }
  const digest = digestProblem(file);
  return digest === undefined ? problems : [...problems, { field: 'digest', message: digest }];
}

function digestProblem({ digest, size, sha256 }: FileEntry): string | undefined {
  if (!new RegExp(DIGEST_PATTERN).test(digest)) {
    return 'is not a valid digest; must be 64 lower-case hexadecimal digits, followed by "-<parts>" for several parts';
  }
  if (!digestFitsSize(digest, size)) {
    return `does not match ${size} bytes in parts of ${partSizeOf(size)}; see the rule for part sizes`;
  }
  return !digest.includes('-') && digest !== sha256
    ? 'differs from sha256, although the file has a single part' : undefined;
}

/** Converts files to the form used in a manifest: sorted by path, with their part sizes. */
export function manifestFiles(files: readonly FileEntry[]): ManifestFile[] {
  return [...files]
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    .map(({ path, size, sha256, digest }) => ({ path, size, sha256, digest, partSize: partSizeOf(size) }));
}

/**
 * Validates a stored manifest: its structure, and that it belongs to this model and version. Returns all problems. It
 * does not apply the rules of `fileProblems`, which may have been different when the version was published.
 */
export function manifestProblems(value: unknown, model: string, version: string): ErrorDetail[] {
  const isRecord = (what: unknown): what is { readonly [key: string]: unknown } =>
    typeof what === 'object' && what !== null && !Array.isArray(what);
  if (!isRecord(value)) {
    return [{ field: 'manifest', message: 'is not a JSON object' }];
  }
  const problems: ErrorDetail[] = [];
  const require = (isRight: boolean, field: string, message: string) => isRight || problems.push({ field, message });
  const { files, metadata, base } = value;
  for (const [field, expected] of Object.entries({ schemaVersion: MANIFEST_SCHEMA_VERSION, model, version })) {
    const found = JSON.stringify(value[field]) ?? 'missing';
    require(value[field] === expected, field, `is ${found}, not ${JSON.stringify(expected)}`);
  }
  for (const field of ['createdAt', 'createdBy']) {
    require(typeof value[field] === 'string', field, 'is not a string');
  }
  const isText = (each: unknown) => typeof each === 'string';
  require(isRecord(metadata) && Object.values(metadata).every(isText), 'metadata', 'is not an object of strings');
  require(base === undefined || typeof base === 'string', 'base', 'is not a string');
  if (!Array.isArray(files)) {
    return [...problems, { field: 'files', message: 'is not a list' }];
  }
  const isFile = (file: unknown) => isRecord(file) && [file.path, file.sha256, file.digest].every(isText)
    && [file.size, file.partSize].every((each) => typeof each === 'number');
  const misshapen = files.findIndex((file) => !isFile(file));
  require(misshapen === -1, `files[${misshapen}]`, 'has no path, size, SHA-256, digest or part size');
  return problems;
}

/**
 * Returns the differences between a push and the published version; empty if pushing it again would not change
 * anything. Metadata and a base that are not given are not compared. File contents are compared by digest.
 */
export function contradictions(
  published: Manifest,
  wanted: { readonly files: readonly FileEntry[]; readonly metadata?: Metadata; readonly base?: string },
): ErrorDetail[] {
  const before = new Map(published.files.map((file) => [file.path, file]));
  const found = manifestFiles(wanted.files).flatMap(({ path, digest }) => {
    const known = before.get(path);
    before.delete(path);
    return known === undefined ? [{ field: path, message: 'is not in the published version' }]
      : known.digest === digest ? [] : [{ field: path, message: 'has different content in the published version' }];
  });
  found.push(...[...before.keys()].map((path) => ({ field: path, message: 'is only in the published version' })));
  for (const [key, value] of Object.entries(wanted.metadata ?? {})) {
    const known = Object.hasOwn(published.metadata, key) ? published.metadata[key] : undefined;
    if (known !== value) {
      found.push({ field: `metadata.${key}`, message: difference(known, value) });
    }
  }
  if (wanted.base !== undefined && wanted.base !== published.base) {
    found.push({ field: 'base', message: difference(published.base, wanted.base) });
  }
  return found;
}

function difference(published: string | undefined, wanted: string): string {
  const before = published === undefined ? 'not given' : JSON.stringify(published);
  return `is ${before} in the published version, ${JSON.stringify(wanted)} here`;
}

/** Whether a push has the same files as the published version. Metadata and base are ignored. */
export function sameFiles(published: Manifest, files: readonly FileEntry[]): boolean {
  return contradictions(published, { files }).length === 0;
}
