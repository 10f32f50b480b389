import { place } from './place';
import { receiveFile, WrongBytes } from './receive-file';
import { MAX_LINKS_PER_PAGE } from '../../../src/contract/limits';
import type { ManifestFile } from '../../../src/contract/manifest';
import type { DownloadLink } from '../../../src/contract/wire';
import { findDestination, inspect, type Inspection, makeDestination, requireAsInspected } from '../folder/destination';
import { Leftovers, type OtherFiles } from '../folder/leftovers';
import { RECORD_SCHEMA_VERSION, Records } from '../folder/pull-record';
import { checkSignature, type SignatureState, type SignatureTrust } from '../folder/signature';
import { unwritable } from '../folder/unwritable';
import { inParallel } from '../runtime/concurrency';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure } from '../runtime/failure';
import { formatCount } from '../runtime/format';
import type { Progress } from '../runtime/progress';
import { LinkDesk } from '../store/presigned-urls';
import type { Reference } from '../store/reference';
import { resolve } from '../store/registry';
import { rememberAlias } from '../store/seen-aliases';
import type { StoreClient } from '../store/store-client';
import { trustworthyVersion } from '../store/trusted-version';

export interface PullOptions {
  readonly reference: Reference;
  readonly folder: string;
  /** Whether to replace files in the destination that differ. */
  readonly force: boolean;
  /** Whether to remove files of earlier pulls that are not in the version. */
  readonly exact: boolean;
  /** Whether to write files whose names some tools or systems treat in a special way. */
  readonly allowUnsafeNames: boolean;
  readonly concurrency: number;
  /** Which signatures to accept. */
  readonly trust: SignatureTrust;
  /** The only manifest to accept: the SHA-256 of its bytes, hexadecimal. */
  readonly manifestSha256?: string;
}

export interface PullResult {
  readonly model: string;
  readonly version: string;
  readonly reference: string;
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  /** Files that were already present. */
  readonly keptFiles: number;
  readonly receivedFiles: number;
  /** Paths from earlier pulls that were removed because of `exact`. */
  readonly removed: readonly string[];
  /** Other files in the folder, which were neither checked nor changed. */
  readonly otherFiles: OtherFiles;
  readonly manifestSha256: string;
  readonly signature: SignatureState;
}

export interface PullContext {
  readonly environment: Environment;
  readonly client: StoreClient;
  readonly progress: Progress;
}

/**
 * Downloads to a private folder first. Only when all files are received and checked are they moved to their
 * destination; the record of the pull is written last. If interrupted at any point, an incomplete destination is never
 * taken for a complete one, and the next pull resumes.
 */
export async function pull(context: PullContext, options: PullOptions): Promise<PullResult> {
  const { client, environment, progress } = context;
  const { model, name } = options.reference;
  const resolved = await resolve(client, options.reference);
  const shown = await trustworthyVersion(client, model, resolved.version, environment.platform, options);
  const { manifest } = shown;
  const signature = checkSignature(shown, options.trust);
  requireManifest(shown.manifestSha256, options);
  if (resolved.alias !== undefined) {
    await rememberAlias(client.store, resolved.alias);
  }
  if (resolved.kind === 'alias') {
    progress.note(`${model}@${name} is ${model}@${resolved.version}`);
  }

  const root = await findDestination(options.folder);
  const records = new Records(root, environment);
  const inspecting = { signal: environment.signal, begin: (bytes: number) => progress.begin('comparing', bytes) };
  const inspection = await inspect(root, manifest.files, inspecting);
  const leftovers = await Leftovers.find(root, records, manifest.files);
  const changed = options.exact ? await leftovers.inspect(inspecting) : [];
  const absent = filesToReceive(inspection, changed, progress, manifest.files, options);
  // Identical content under several paths is downloaded once.
  const unique = [...new Map(absent.map((file) => [file.digest, file])).values()];
  const desk = linksOf(unique, client, { ...options, version: resolved.version });
  // Permission to read does not imply permission to download. Fail before anything is created or changed locally.
  await desk.open();
  const stillAsInspected = async () => (
    requireAsInspected(root, options.folder, manifest.files, inspection, environment.signal));
  let removed: readonly string[] = [];
  try {
    await makeDestination(options.folder);
    const startedAt = new Date(environment.now()).toISOString();
    await records.start({ model, version: resolved.version, startedAt }, manifest, stillAsInspected);
    await receive(unique, desk, records, context, options.concurrency);
    await stillAsInspected();
    await place(root, absent, records, environment);
    // Only now is the new version complete.
    removed = options.exact ? await leftovers.remove(manifest.files, environment.signal) : [];
    await records.finish({
      schemaVersion: RECORD_SCHEMA_VERSION,
      model,
      version: resolved.version,
      reference: name,
      pulledAt: new Date(environment.now()).toISOString(),
      manifestSha256: shown.manifestSha256,
      manifest,
      storeUrl: client.store.url.href,
      earlierFiles: await leftovers.present(),
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
    removed,
    otherFiles: await leftovers.otherFiles(manifest.files),
    manifestSha256: shown.manifestSha256,
    signature,
  };
}

function requireManifest(actual: string, { reference: { model, name }, manifestSha256 }: PullOptions): void {
  if (manifestSha256 !== undefined && manifestSha256 !== actual) {
    throw new Failure(`${model}@${name} does not have the manifest that --manifest-sha256 names; nothing was written`, {
      code: 'wrong_manifest',
      exitCode: EXIT.VERIFICATION,
      details: [{ field: 'manifest', message: `its SHA-256 is ${actual}, expected ${manifestSha256}` }],
    });
  }
}

function filesToReceive(
  { standings, problems }: Inspection, changed: Inspection['problems'], progress: Progress,
  files: readonly ManifestFile[], options: PullOptions,
): ManifestFile[] {
  const refused = [...problems, ...changed].filter(({ blocked }) => blocked || !options.force);
  if (refused.length > 0) {
    const wouldDo = changed.length === 0 ? 'replace' : problems.length === 0 ? 'remove' : 'replace or remove';
    const refusedFiles = formatCount(refused.length, 'file');
    throw new Failure(`the pull would have to ${wouldDo} ${refusedFiles} in ${options.folder}; nothing was changed`, {
      code: 'destination_differs',
      exitCode: EXIT.CONFLICT,
      details: refused.map(({ field, message }) => ({ field, message })),
      hint: refused.some(({ blocked }) => !blocked)
        ? `Pull into another folder, or use --force to ${wouldDo} them.`
        : 'Pull into another folder, or remove these files first.',
    });
  }
  const kept = standings.filter((standing) => standing === 'same').length;
  if (kept > 0) {
    progress.note(`${formatCount(kept, 'file is', 'files are')} already present`);
  }
  return files.filter((_, index) => standings[index] !== 'same');
}

function linksOf(
  files: readonly ManifestFile[],
  client: StoreClient,
  { reference: { model }, version, concurrency }: PullOptions & { readonly version: string },
): LinkDesk<ManifestFile, DownloadLink> {
  return new LinkDesk({
    tasks: files,
    ask: async (asked) => {
      const { links } = await client.downloadLinks(model, version, { paths: asked.map(({ path }) => path) });
      if (links.length !== asked.length || links.some(({ path }, index) => path !== asked[index].path)) {
        throw new Failure('invalid response from the store: presigned URLs for files that are not in the request', {
          code: 'bad_answer', exitCode: EXIT.FAILURE,
        });
      }
      return links;
    },
    now: () => client.now(),
    firstPage: concurrency * 2,
    largestPage: MAX_LINKS_PER_PAGE,
  });
}

async function receive(
  files: readonly ManifestFile[],
  desk: LinkDesk<ManifestFile, DownloadLink>,
  records: Records,
  context: PullContext,
  concurrency: number,
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
          linkUrl: (used) => client.linkUrl(used, 'GET'),
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
    const affected = formatCount(wrong.length, 'file does', 'files do');
    throw new Failure(`${affected} not match the manifest; no files were moved into the destination`, {
      code: 'wrong_digest',
      exitCode: EXIT.VERIFICATION,
      details: wrong.flatMap(({ details }) => details),
      hint: 'The bytes were changed in the store or in transit. Report this to the operators of the store.',
    });
  }
  task.end();
}
