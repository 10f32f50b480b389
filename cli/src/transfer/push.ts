import { type HashedFile, type Sent, sendFiles } from './send-files';
import type { ErrorDetail } from '../../../src/contract/errors';
import { MAX_MANIFEST_BYTES } from '../../../src/contract/limits';
import {
  contradictions, type FileEntry, fileProblems, manifestFiles, type Manifest, type Metadata, sameFiles,
} from '../../../src/contract/manifest';
import type { PublishResponse } from '../../../src/contract/wire';
import { fileChanged, hashFile } from '../folder/hash-file';
import { localPathProblem } from '../folder/local-path';
import { type FolderContents, type LocalFile, readFolder } from '../folder/read-folder';
import { forEachInParallel } from '../runtime/concurrency';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure } from '../runtime/failure';
import { formatCount } from '../runtime/format';
import type { Progress } from '../runtime/progress';
import type { StoreClient } from '../store/store-client';
import { wellFormedVersion } from '../store/trusted-version';

export interface PushOptions {
  /** Or a single file. */
  readonly folder: string;
  readonly model: string;
  readonly version: string;
  readonly metadata: Metadata;
  /** Where the version exists with the same files, its own metadata and base are good enough. */
  readonly keepMetadata: boolean;
  readonly base?: string;
  readonly dryRun: boolean;
  readonly followLinks: boolean;
  readonly concurrency: number;
}

export interface PushResult {
  readonly model: string;
  readonly version: string;
  /** `published`: the version came to be; `unchanged`: it existed with the same files; `dry-run`: nothing was done. */
  readonly outcome: 'published' | 'unchanged' | 'dry-run';
  readonly files: number;
  readonly bytes: number;
  readonly sentFiles: number;
  readonly sentBytes: number;
  readonly manifestSha256?: string;
  /** As published, also if the version existed before. */
  readonly metadata?: Metadata;
  /** Files of the folder that are none of the model's: the system made them. */
  readonly leftOut: readonly string[];
  readonly entries: readonly FileEntry[];
}

export interface PushContext {
  readonly environment: Environment;
  readonly client: StoreClient;
  readonly progress: Progress;
}

export async function push(context: PushContext, options: PushOptions): Promise<PushResult> {
  const { progress } = context;
  const folder = await readFolder(options.folder, { followOutside: options.followLinks });
  tellWhatIsSpecial(folder, progress);
  const files = await hashFiles(folder.files, context, options.concurrency);
  const entries = manifestFiles(files).map(({ path, size, sha256, digest }) => ({ path, size, sha256, digest }));
  requireValid(entries, options);
  await requireBase(context, options);
  const before = await published(context, options, entries);
  const wanted = typeof before === 'string' ? options : { ...options, metadata: before.metadata, base: before.base };
  const summary = {
    model: options.model, version: options.version, files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0), entries,
    leftOut: folder.systemFiles,
  };
  if (options.dryRun) {
    return { ...summary, outcome: 'dry-run', sentFiles: 0, sentBytes: 0 };
  }
  const sent = await send(files, context, options);
  await requireUnchanged(options, folder);
  const answer = await publish(context, wanted, entries);
  return {
    ...summary,
    // When the answer to the first attempt was lost, the second finds the version there: it is ours all the same.
    outcome: answer.created || before === 'absent' ? 'published' : 'unchanged',
    sentFiles: sent.files,
    sentBytes: sent.bytes,
    manifestSha256: answer.manifestSha256,
    metadata: answer.manifest.metadata,
  };
}

function some(paths: readonly string[]): string {
  return paths.slice(0, 5).join(', ') + (paths.length > 5 ? ` and ${paths.length - 5} more` : '');
}

function tellWhatIsSpecial({ files, emptyFolders, systemFiles }: FolderContents, progress: Progress): void {
  if (emptyFolders.length > 0) {
    progress.note(`left out, because a version holds files only: the empty ${emptyFolders.length === 1 ? 'folder' : 'folders'} ${some(emptyFolders)}`);
  }
  if (systemFiles.length > 0) {
    const them = systemFiles.length === 1 ? 'it' : 'them';
    progress.note(`left out, because the operating system or Jupyter made ${them}: ${some(systemFiles)}`);
  }
  for (const [platform, system] of [['win32', 'Windows'], ['linux', 'Linux']] as const) {
    const paths = files.map(({ path }) => path).filter((path) => localPathProblem(path, platform) !== undefined);
    if (paths.length > 0) {
      progress.note(`nobody can pull this version on ${system}, because of the ${paths.length === 1 ? 'name' : 'names'} ${some(paths)}`);
    }
  }
}

async function hashFiles(files: readonly LocalFile[], { environment, progress }: PushContext, concurrency: number): Promise<HashedFile[]> {
  const hashed: HashedFile[] = new Array(files.length);
  const task = progress.begin('reading', files.reduce((sum, { size }) => sum + size, 0));
  await forEachInParallel(files.entries(), Math.min(concurrency, 4), environment.signal, async ([index, file], signal) => {
    const digests = await hashFile(file.localPath, file.size, { signal, onBytes: (bytes) => task.add(bytes) }).catch((error: unknown) => {
      throw error instanceof Failure && error.code === 'folder_changed' ? fileChanged([file.path])
        : (error as NodeJS.ErrnoException).syscall ? fileChanged([file.path], `cannot be read: ${(error as Error).message}`) : error;
    });
    hashed[index] = { ...file, ...digests };
  });
  task.end();
  return hashed;
}

function requireValid(entries: readonly FileEntry[], options: PushOptions): void {
  const problems = fileProblems(entries);
  const bytes = Buffer.byteLength(JSON.stringify({ files: entries, metadata: options.metadata }));
  if (bytes > MAX_MANIFEST_BYTES) {
    problems.push({ field: 'files', message: `make a manifest of ${bytes} bytes; it may have ${MAX_MANIFEST_BYTES}: use fewer files or shorter paths` });
  }
  if (problems.length > 0) {
    throw new Failure(`${options.folder} cannot be pushed as it is`, { code: 'invalid_manifest', exitCode: EXIT.USAGE, details: problems });
  }
}

/**
 * The version as it was published before. Publishing is what decides, but it comes last: that a version exists with
 * other content is better said before hours of sending. A caller who may push but not read skips this.
 */
async function published(
  { client, progress }: PushContext, options: PushOptions, entries: readonly FileEntry[],
): Promise<Manifest | 'absent' | 'unknown'> {
  const { model, version } = options;
  let there: Manifest;
  try {
    const reference = await client.resolveReference(model, version);
    if (reference.kind === 'alias') {
      throw new Failure(`"${version}" is an alias of ${model}; a version and an alias may not share a name`, {
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
  differences.forEach(({ field, message }) => progress.note(`kept as it was published: ${field} ${message}`));
  return there;
}

/** The store refuses it too, but only when everything is sent. Whoever may push but not read skips this. */
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
    const what = reference.kind === 'alias' ? `is an alias of ${model}, which moves` : `is no version of ${model}`;
    throw new Failure(`"${base}" ${what}; a version is made from a published version`, {
      code: 'unknown_version', exitCode: EXIT.NOT_FOUND, hint: `See "model-store list ${model}" for what there is. Nothing was sent.`,
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
    ? `${model}@${version} was published with the same files, but with other metadata or another base; `
      + 'versions never change'
    : `${model}@${version} was published with other files; versions never change`, {
    code: 'version_exists',
    exitCode: EXIT.CONFLICT,
    details: [
      ...differences.slice(0, MOST_DIFFERENCES),
      ...more > 0 ? [{ field: '…', message: `and ${formatCount(more, 'more difference')}` }] : [],
    ],
    hint: onlyMetadata
      ? 'Nothing was sent. Push under another version name; or, in a job that may run twice, accept what was published '
        + 'with --keep-metadata.'
      : 'Push under another version name. Nothing was sent.',
  });
}

async function send(files: readonly HashedFile[], { environment, client, progress }: PushContext, options: PushOptions): Promise<Sent> {
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

/** A version is a picture of the folder at one moment: whatever came, went or changed meanwhile spoils it. */
async function requireUnchanged(options: PushOptions, before: FolderContents): Promise<void> {
  const now = new Map((await readFolder(options.folder, { followOutside: options.followLinks })).files.map((file) => [file.path, file]));
  const changed: { path: string; how: string }[] = [];
  for (const file of before.files) {
    const found = now.get(file.path);
    now.delete(file.path);
    if (found === undefined) {
      changed.push({ path: file.path, how: 'is gone' });
    } else if (found.size !== file.size || found.modifiedMilliseconds !== file.modifiedMilliseconds) {
      changed.push({ path: file.path, how: 'changed' });
    }
  }
  changed.push(...[...now.keys()].map((path) => ({ path, how: 'is new' })));
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
  try {
    return await client.publish(options.model, options.version, {
      files: entries,
      ...(Object.keys(options.metadata).length > 0 && { metadata: options.metadata }),
      ...(options.base !== undefined && { base: options.base }),
    });
  } catch (error) {
    if (error instanceof Failure && error.code === 'version_exists' && options.keepMetadata) {
      // Somebody published it since we looked. What this says of the files, it says of what is there now.
      return client.publish(options.model, options.version, { files: entries });
    }
    throw error;
  }
}
