import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MAX_LINKS_PER_PAGE } from '../../../src/contract/limits';
import type { ManifestFile } from '../../../src/contract/manifest';
import type { DownloadLink, VersionResponse } from '../../../src/contract/wire';
import { inParallel } from '../concurrency';
import type { Environment } from '../environment';
import { EXIT, Failure } from '../failure';
import { formatCount } from '../format';
import { moveFile } from '../move-file';
import type { Progress } from '../progress';
import type { Reference } from '../reference';
import { LinkDesk } from '../store/link-desk';
import type { StoreClient } from '../store/store-client';
import { requireTrustworthy } from '../trustworthy-manifest';
import { findDestination, inspect, type Inspection, makeDestination, makeWay, requireAsInspected } from './destination';
import { toLocalPath } from './local-path';
import { receiveFile, WrongBytes } from './receive-file';
import { RECORD_SCHEMA_VERSION, Records } from './record';
import { unwritable } from './unwritable';

export interface PullOptions {
  readonly reference: Reference;
  readonly folder: string;
  /** Replace files of the destination that differ. */
  readonly force: boolean;
  readonly concurrency: number;
}

export interface PullResult {
  readonly model: string;
  readonly version: string;
  readonly reference: string;
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  /** Files that were there already. */
  readonly keptFiles: number;
  readonly receivedFiles: number;
  readonly manifestSha256: string;
}

export interface PullContext {
  readonly environment: Environment;
  readonly client: StoreClient;
  readonly progress: Progress;
}

/**
 * Files arrive in a folder of this command's own; only when every one of them is there and checked are they moved to
 * where they belong, and the record of the pull is written last. Wherever it is interrupted, nothing looks whole that
 * is not, and the next pull goes on from there.
 */
export async function pull(context: PullContext, options: PullOptions): Promise<PullResult> {
  const { client, environment, progress } = context;
  const { model, name } = options.reference;
  const resolved = await client.resolveReference(model, name);
  const shown = await client.showVersion(model, resolved.version);
  const { manifest } = shown;
  requireTrustworthy(manifest, model, resolved.version, environment.platform);
  if (resolved.kind === 'alias') {
    progress.note(`${model}@${name} is ${model}@${resolved.version}`);
  }

  const root = await findDestination(options.folder);
  const records = new Records(root, environment);
  const inspection = await inspect(root, manifest.files, {
    signal: environment.signal, begin: (bytes) => progress.begin('comparing', bytes),
  });
  const absent = filesToReceive(inspection, progress, manifest.files, options);
  // The same bytes under several paths are fetched once.
  const unique = [...new Map(absent.map((file) => [file.digest, file])).values()];
  const desk = linksOf(unique, client, { ...options, version: resolved.version });
  // Not everybody who may look may pull: what the store refuses, it refuses before anything is made or changed here.
  await desk.open();
  const stillAsInspected = async () => requireAsInspected(root, options.folder, manifest.files, inspection, environment.signal);
  try {
    await makeDestination(options.folder);
    await records.start({ model, version: resolved.version, startedAt: new Date(environment.now()).toISOString() }, stillAsInspected);
    await receive(unique, desk, records, context, options.concurrency);
    await stillAsInspected();
    await place(root, absent, records, environment);
    await records.finish({
      schemaVersion: RECORD_SCHEMA_VERSION,
      model,
      version: resolved.version,
      reference: name,
      pulledAt: new Date(environment.now()).toISOString(),
      manifestSha256: shown.manifestSha256,
      manifest,
    }, shown.signature);
  } catch (error) {
    throw unwritable(options.folder, error);
  }
  return {
    model,
    version: resolved.version,
    reference: name,
    folder: options.folder,
    files: manifest.files.length,
    bytes: manifest.files.reduce((sum, { size }) => sum + size, 0),
    keptFiles: manifest.files.length - absent.length,
    receivedFiles: absent.length,
    manifestSha256: shown.manifestSha256,
  };
}

function filesToReceive(
  { standings, problems }: Inspection, progress: Progress, files: VersionResponse['manifest']['files'], options: PullOptions,
): ManifestFile[] {
  const refused = options.force ? problems.filter(({ blocked }) => blocked) : problems;
  if (refused.length > 0) {
    throw new Failure(`${options.folder} holds ${formatCount(refused.length, 'file')} that the pull would have to replace; nothing was touched`, {
      code: 'destination_differs',
      exitCode: EXIT.CONFLICT,
      details: refused.map(({ field, message }) => ({ field, message })),
      hint: refused.some(({ blocked }) => !blocked)
        ? 'Pull into another folder, or replace them with --force.' : 'Pull into another folder, or clear the way.',
    });
  }
  const kept = standings.filter((standing) => standing === 'same').length;
  if (kept > 0) {
    progress.note(`${formatCount(kept, 'file is', 'files are')} there already`);
  }
  return files.filter((_, index) => standings[index] !== 'same');
}

function linksOf(
  files: readonly ManifestFile[], client: StoreClient, { reference: { model }, version, concurrency }: PullOptions & { readonly version: string },
): LinkDesk<ManifestFile, DownloadLink> {
  return new LinkDesk({
    tasks: files,
    ask: async (asked) => {
      const { links } = await client.downloadLinks(model, version, { paths: asked.map(({ path }) => path) });
      if (links.length !== asked.length || links.some(({ path }, index) => path !== asked[index].path)) {
        throw new Failure('the store gave links for other files than were asked for', { code: 'bad_answer', exitCode: EXIT.FAILURE });
      }
      return links;
    },
    now: () => client.now(),
    firstPage: concurrency * 2,
    largestPage: MAX_LINKS_PER_PAGE,
  });
}

async function receive(
  files: readonly ManifestFile[], desk: LinkDesk<ManifestFile, DownloadLink>, records: Records, context: PullContext, concurrency: number,
): Promise<void> {
  const { client, environment, progress } = context;
  const task = progress.begin('receiving', files.reduce((sum, { size }) => sum + size, 0));
  const wrong: WrongBytes[] = [];
  await inParallel(concurrency, environment.signal, async (signal) => {
    for (let ticket = await desk.take(); ticket !== undefined; ticket = await desk.take()) {
      const { task: file, link } = ticket;
      try {
        await receiveFile(file, records.partialFile(file.digest), link, {
          environment,
          signal,
          linkUrl: (text) => client.linkUrl(text),
          renew: async () => desk.renew(file),
          expiring: (held) => desk.expiring(held),
          onBytes: (bytes) => task.add(bytes),
        });
      } catch (error) {
        if (!(error instanceof WrongBytes)) {
          throw error;
        }
        wrong.push(error);
      }
    }
  });
  if (wrong.length > 0) {
    throw new Failure(`${formatCount(wrong.length, 'file is', 'files are')} not what was pushed; nothing was put in place`, {
      code: 'wrong_digest',
      exitCode: EXIT.VERIFICATION,
      details: wrong.flatMap(({ details }) => details),
      hint: 'The store holds, or the way delivered, other bytes than the manifest promises: tell the people who run the store.',
    });
  }
  task.end();
}

/** Moves what is checked to where it belongs. */
async function place(root: string, files: readonly ManifestFile[], records: Records, environment: Environment): Promise<void> {
  const last = new Map(files.map((file) => [file.digest, file]));
  const folders = new Set<string>();
  for (const file of files) {
    environment.signal.throwIfAborted();
    await makeWay(root, file.path);
    const target = toLocalPath(root, file.path);
    const partial = records.partialFile(file.digest);
    if (last.get(file.digest) === file) {
      await moveFile(partial, target, environment);
    } else {
      const copy = join(records.partialFolder, `${basename(partial)}.copy`);
      await copyChecked(partial, copy, file);
      await moveFile(copy, target, environment);
    }
    folders.add(dirname(target));
  }
  for (const folder of folders) {
    await syncFolder(folder);
  }
}

async function copyChecked(source: string, copy: string, file: ManifestFile): Promise<void> {
  await rm(copy, { force: true });
  const handle = await open(copy, 'wx');
  try {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(source, { highWaterMark: 1024 * 1024 })) {
      hash.update(chunk as Buffer);
      await handle.appendFile(chunk as Buffer);
    }
    if (hash.digest('hex') !== file.sha256) {
      throw new WrongBytes(file.path, 'it changed on the disk while it was put in place');
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the names themselves durable; Windows neither needs nor allows it. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EACCES', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw error;
    }
  } finally {
    await handle?.close();
  }
}
