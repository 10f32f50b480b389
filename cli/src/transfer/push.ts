import { folderNotes, platformNotes } from './folder-notes';
import { type HashedFile, type Sent, sendFiles } from './send-files';
import type { ErrorDetail } from '../../../src/contract/errors';
import { MAX_MANIFEST_BYTES } from '../../../src/contract/limits';
import {
  contradictions, type FileEntry, fileProblems, manifestFiles, type Manifest, type Metadata, sameFiles,
} from '../../../src/contract/manifest';
import type { PublishResponse } from '../../../src/contract/wire';
import type { FolderContents, FolderOptions, LeftOutPath, LocalFile } from '../folder/folder-contents';
import { fileChanged, hashFile } from '../folder/hash-file';
import { listFolder, readFolder, requirePushable } from '../folder/read-folder';
import { secretsInContents } from '../folder/secret-contents';
import { hasUnsafeNames } from '../folder/unsafe-names';
import { forEachInParallel } from '../runtime/concurrency';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure } from '../runtime/failure';
import { formatCount } from '../runtime/format';
import type { Progress } from '../runtime/progress';
import type { StoreClient } from '../store/store-client';
import { wellFormedVersion } from '../store/trusted-version';

export interface PushOptions {
  /** A folder or a single file. */
  readonly folder: string;
  readonly model: string;
  readonly version: string;
  readonly metadata: Metadata;
  /** Whether to accept an existing version with the same files even if its metadata or base differ. */
  readonly keepMetadata: boolean;
  readonly base?: string;
  readonly dryRun: boolean;
  readonly followLinks: boolean;
  /** Whether to publish files whose names some tools or systems treat in a special way. */
  readonly allowUnsafeNames: boolean;
  /** Patterns of files to leave out, in the syntax of `.gitignore`. */
  readonly exclude: readonly string[];
  /** Patterns of files to publish even if they look like secrets. */
  readonly allowSecrets: readonly string[];
  readonly concurrency: number;
}

export interface PushResult {
  readonly model: string;
  readonly version: string;
  /** `published`: the version is new. `unchanged`: it existed with the same files. `dry-run`: nothing was sent. */
  readonly outcome: 'published' | 'unchanged' | 'dry-run';
  readonly files: number;
  readonly bytes: number;
  readonly sentFiles: number;
  readonly sentBytes: number;
  readonly manifestSha256?: string;
  /** The metadata of the published version, even if it existed before. */
  readonly metadata?: Metadata;
  /** What is never part of a model, and what `.modelstoreignore` or `exclude` left out. */
  readonly leftOut: readonly LeftOutPath[];
  readonly entries: readonly FileEntry[];
}

export interface PushContext {
  readonly environment: Environment;
  readonly client: StoreClient;
  readonly progress: Progress;
}

export async function push(context: PushContext, options: PushOptions): Promise<PushResult> {
  const { environment, progress } = context;
  const folder = await listFolder(options.folder, folderOptions(options));
  folderNotes(folder, { all: options.dryRun }).forEach((line) => progress.note(line));
  const allowed = new Set(folder.allowedSecrets);
  const searched = folder.files.filter(({ path }) => !allowed.has(path));
  requirePushable(options.folder, folder, await secretsInContents(searched, environment.signal));
  platformNotes(folder.files).forEach((line) => progress.note(line));
  const files = await hashFiles(folder.files, context, options.concurrency);
  const entries = manifestFiles(files).map(({ path, size, sha256, digest }) => ({ path, size, sha256, digest }));
  requireValid(entries, options);
  await requireBase(context, options);
  const before = await published(context, options, entries);
  const wanted = typeof before === 'string' ? options : { ...options, metadata: before.metadata, base: before.base };
  const summary = {
    model: options.model,
    version: options.version,
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    entries,
    leftOut: folder.leftOut,
  };
  if (options.dryRun) {
    return { ...summary, outcome: 'dry-run', sentFiles: 0, sentBytes: 0 };
  }
  const sent = await send(files, context, options);
  await requireUnchanged(options, folder);
  const answer = await publish(context, wanted, entries);
  return {
    ...summary,
    // If the response to the first attempt was lost, the retry finds the version that this push published.
    outcome: answer.created || before === 'absent' ? 'published' : 'unchanged',
    sentFiles: sent.files,
    sentBytes: sent.bytes,
    manifestSha256: answer.manifestSha256,
    metadata: answer.manifest.metadata,
  };
}

function folderOptions({ followLinks, allowUnsafeNames, exclude, allowSecrets }: PushOptions): FolderOptions {
  return { followOutside: followLinks, allowUnsafeNames, exclude, allowSecrets };
}

async function hashFiles(
  files: readonly LocalFile[], { environment, progress }: PushContext, concurrency: number,
): Promise<HashedFile[]> {
  const hashed: HashedFile[] = new Array(files.length);
  const task = progress.begin('reading', files.reduce((sum, { size }) => sum + size, 0));
  const readers = Math.min(concurrency, 4);
  await forEachInParallel(files.entries(), readers, environment.signal, async ([index, file], signal) => {
    const onBytes = (bytes: number) => task.add(bytes);
    const digests = await hashFile(file.localPath, file.size, { signal, onBytes }).catch((error: unknown) => {
      throw error instanceof Failure && error.code === 'folder_changed' ? fileChanged([file.path])
        : (error as NodeJS.ErrnoException).syscall
          ? fileChanged([file.path], `cannot be read: ${(error as Error).message}`) : error;
    });
    hashed[index] = { ...file, ...digests };
  });
  task.end();
  return hashed;
}

function requireValid(entries: readonly FileEntry[], options: PushOptions): void {
  const problems = fileProblems(entries, options);
  const bytes = Buffer.byteLength(JSON.stringify({ files: entries, metadata: options.metadata }));
  if (bytes > MAX_MANIFEST_BYTES) {
    problems.push({
      field: 'files',
      message: `need a manifest of ${bytes} bytes, but the limit is ${MAX_MANIFEST_BYTES}: `
        + 'use fewer files or shorter paths',
    });
  }
  if (problems.length > 0) {
    throw new Failure(`cannot push ${options.folder}`, {
      code: 'invalid_manifest', exitCode: EXIT.USAGE, details: problems,
    });
  }
}

/**
 * Reads the version if it already exists. Publishing is the authoritative check, but it comes last: a conflict is
 * better reported before hours of uploading. Skipped if the caller can push but not read.
 */
async function published(
  { client, progress }: PushContext, options: PushOptions, entries: readonly FileEntry[],
): Promise<Manifest | 'absent' | 'unknown'> {
  const { model, version } = options;
  let there: Manifest;
  try {
    const reference = await client.resolveReference(model, version);
    if (reference.kind === 'alias') {
      throw new Failure(`"${version}" is an alias of ${model}; a version and an alias cannot have the same name`, {
        code: 'name_taken', exitCode: EXIT.CONFLICT,
      });
    }
    there = (await wellFormedVersion(client, model, version)).manifest;
  } catch (error) {
    if (error instanceof Failure && error.exitCode === EXIT.NOT_FOUND) {
      return 'absent';
    }
    if (error instanceof Failure && error.code === 'forbidden') {
      return 'unknown';
    }
    throw error;
  }
  const differences = contradictions(there, { files: entries, metadata: options.metadata, base: options.base });
  if (differences.length > 0 && !(options.keepMetadata && sameFiles(there, entries))) {
    throw refuseOther(options, there, entries, differences);
  }
  differences.forEach(({ field, message }) => progress.note(`kept the published value: ${field} ${message}`));
  return there;
}

/** Checks the base before the upload; the store checks it after. Skipped if the caller can push but not read. */
async function requireBase({ client }: PushContext, { model, base }: PushOptions): Promise<void> {
  if (base === undefined) {
    return;
  }
  const reference = await client.resolveReference(model, base).catch((error: unknown) => {
    if (error instanceof Failure && (error.exitCode === EXIT.NOT_FOUND || error.code === 'forbidden')) {
      return { kind: error.exitCode === EXIT.NOT_FOUND ? 'absent' : 'version' } as const;
    }
    throw error;
  });
  if (reference.kind !== 'version') {
    const what = reference.kind === 'alias' ? `is an alias of ${model}` : `is not a version of ${model}`;
    throw new Failure(`invalid base: "${base}" ${what}`, {
      code: 'unknown_version',
      exitCode: EXIT.NOT_FOUND,
      hint: `Use a published version; "model-store list ${model}" lists them. Nothing was sent.`,
    });
  }
}

const MOST_DIFFERENCES = 20;

function refuseOther(
  { model, version }: PushOptions, there: Manifest, entries: readonly FileEntry[], differences: readonly ErrorDetail[],
): Failure {
  const onlyMetadata = sameFiles(there, entries);
  const more = differences.length - MOST_DIFFERENCES;
  return new Failure(onlyMetadata
    ? `${model}@${version} already exists with the same files but different metadata or a different base; `
      + 'versions are immutable'
    : `${model}@${version} already exists with different files; versions are immutable`, {
    code: 'version_exists',
    exitCode: EXIT.CONFLICT,
    details: [
      ...differences.slice(0, MOST_DIFFERENCES),
      ...more > 0 ? [{ field: '…', message: `and ${formatCount(more, 'more difference')}` }] : [],
    ],
    hint: onlyMetadata
      ? 'Nothing was sent. Push under another version name. In a job that may run twice, use --keep-metadata to accept '
        + 'the published version.'
      : 'Nothing was sent. Push under another version name.',
  });
}

async function send(
  files: readonly HashedFile[], { environment, client, progress }: PushContext, options: PushOptions,
): Promise<Sent> {
  const unique = [...new Map(files.map((file) => [file.digest, file])).values()];
  const task = progress.begin('sending', unique.reduce((sum, { size }) => sum + size, 0));
  const sent = await sendFiles(unique, {
    environment,
    client,
    model: options.model,
    concurrency: options.concurrency,
    onBytes: (bytes) => task.add(bytes),
    onExpected: (bytes) => task.expect(bytes),
  });
  task.end();
  return sent;
}

/**
 * Fails if files were added, removed or changed during the push: a version is a snapshot of the folder. So is what its
 * `.modelstoreignore` files left out of it.
 */
async function requireUnchanged(options: PushOptions, before: FolderContents): Promise<void> {
  const { files, ignoreFiles } = await readFolder(options.folder, folderOptions(options));
  const now = new Map([...files, ...ignoreFiles].map((file) => [file.path, file]));
  const changed: { path: string; how: string }[] = [];
  for (const file of [...before.files, ...before.ignoreFiles]) {
    const found = now.get(file.path);
    now.delete(file.path);
    if (found === undefined) {
      changed.push({ path: file.path, how: 'was removed' });
    } else if (found.size !== file.size || found.modifiedMilliseconds !== file.modifiedMilliseconds) {
      changed.push({ path: file.path, how: 'was changed' });
    }
  }
  changed.push(...[...now.keys()].map((path) => ({ path, how: 'was added' })));
  if (changed.length > 0) {
    const failure = fileChanged([]);
    throw new Failure(failure.message, {
      code: failure.code,
      exitCode: failure.exitCode,
      hint: failure.hint,
      details: changed.map(({ path, how }) => ({ field: path, message: `${how} since the push began` })),
    });
  }
}

async function publish(
  context: PushContext, options: PushOptions, entries: readonly FileEntry[],
): Promise<PublishResponse> {
  const { client, progress } = context;
  progress.note(`publishing ${options.model}@${options.version}`);
  const unsafe = hasUnsafeNames(entries.map(({ path }) => path)) && { allowUnsafeNames: true };
  try {
    return await client.publish(options.model, options.version, {
      files: entries,
      ...(Object.keys(options.metadata).length > 0 && { metadata: options.metadata }),
      ...(options.base !== undefined && { base: options.base }),
      ...unsafe,
    });
  } catch (error) {
    if (error instanceof Failure && error.code === 'version_exists' && options.keepMetadata) {
      // Published by another process since the check. Publish the files alone, which compares them with that version.
      return client.publish(options.model, options.version, { files: entries, ...unsafe });
    }
    throw error;
  }
}
