import { lstat, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { describeFault } from './describe-fault';
import type { Environment } from './environment';
import { EXIT, Failure } from './failure';
import { formatCount } from './format';
import type { Progress } from './progress';
import { inspect } from './pull/destination';
import { RECORD_FOLDER, Records } from './pull/record';
import { isSystemFile } from './system-files';
import { requireTrustworthy } from './trustworthy-manifest';
import type { ErrorDetail } from '../../src/contract/errors';
import type { Manifest } from '../../src/contract/manifest';

export interface VerifyResult {
  readonly model: string;
  readonly version: string;
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  readonly ok: boolean;
  readonly changed: readonly ErrorDetail[];
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  /** Not of the version, and of no harm: the system made them. */
  readonly ignored: readonly string[];
}

/** The manifest that `pull` left in a folder. */
export async function recordedManifest(folder: string): Promise<Manifest> {
  await requireFolder(folder);
  const records = new Records(folder);
  const marker = await records.marker();
  if (marker !== undefined) {
    throw new Failure(`the pull of ${marker.model}@${marker.version} into ${folder} did not end`, {
      code: 'not_whole', exitCode: EXIT.VERIFICATION, hint: 'Run the same pull again; it goes on where it stopped.',
    });
  }
  const record = await records.record();
  if (record === undefined) {
    throw new Failure(`${folder} holds no record of a pull`, {
      code: 'not_pulled', exitCode: EXIT.VERIFICATION, hint: 'Compare it with a version in the store: --model model@version.',
    });
  }
  return record.manifest;
}

/** Compares every byte of a folder with a manifest, and says everything that is not as it was pushed. */
export async function verify(
  context: { readonly environment: Environment; readonly progress: Progress }, folder: string, manifest: Manifest,
): Promise<VerifyResult> {
  const { environment, progress } = context;
  requireTrustworthy(manifest, manifest.model, manifest.version, environment.platform);
  const root = await requireFolder(folder);
  const bytes = manifest.files.reduce((sum, { size }) => sum + size, 0);
  const entries = await entriesBelow(root);
  const nameHere = namesHere(entries);
  const { standings, problems } = await inspect(root, manifest.files, {
    signal: environment.signal, begin: (count) => progress.begin('verifying', count), nameHere,
  });
  const known = new Set(manifest.files.map(({ path }) => nameHere(path)));
  const unknown = entries.filter((path) => !known.has(path));
  const ofTheSystem = await Promise.all(unknown.map(async (path) => isSystemEntry(root, path)));
  const extra = unknown.filter((_, index) => !ofTheSystem[index]);
  const missing = manifest.files.filter((_, index) => standings[index] === 'absent').map(({ path }) => path);
  return {
    model: manifest.model,
    version: manifest.version,
    folder,
    files: manifest.files.length,
    bytes,
    ok: problems.length === 0 && missing.length === 0 && extra.length === 0,
    changed: problems.map(({ field, message }) => ({ field, message })),
    missing,
    extra,
    ignored: unknown.filter((_, index) => ofTheSystem[index]),
  };
}

async function requireFolder(folder: string): Promise<string> {
  try {
    const root = await realpath(folder);
    if ((await lstat(root)).isDirectory()) {
      return root;
    }
  } catch (error) {
    throw new Failure(`cannot read ${folder}: ${describeFault(error)}`, { code: 'unreadable_folder', exitCode: EXIT.USAGE, cause: error });
  }
  throw new Failure(`${folder} is no folder`, { code: 'unreadable_folder', exitCode: EXIT.USAGE });
}

/** Everything in the folder but the records of a pull; of a symbolic link, the link itself. */
async function entriesBelow(root: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (localPath: string, path: string): Promise<void> => {
    for (const name of (await readdir(localPath)).sort()) {
      if (path === '' && name === RECORD_FOLDER) {
        continue;
      }
      const here = path === '' ? name : `${path}/${name}`;
      const entry = join(localPath, name);
      if ((await lstat(entry)).isDirectory()) {
        await walk(entry, here);
      } else {
        found.push(here);
      }
    }
  };
  await walk(root, '');
  return found;
}

/**
 * What a file of a manifest, whose path is in NFC, is called on this disk: macOS has long written names in NFD, and
 * archives made there keep them so. The very name goes first.
 */
function namesHere(entries: readonly string[]): (path: string) => string {
  const byNormalName = new Map(entries.map((path) => [path.normalize('NFC'), path]));
  const exact = new Set(entries);
  return (path) => (exact.has(path) ? path : byNormalName.get(path) ?? path);
}

async function isSystemEntry(root: string, path: string): Promise<boolean> {
  const entry = join(root, ...path.split('/'));
  return (await lstat(entry)).isFile() && isSystemFile(entry);
}

export function verifySummary(result: VerifyResult): string {
  const { changed, missing, extra } = result;
  return result.ok
    ? `${result.folder} is ${result.model}@${result.version}, byte for byte: ${formatCount(result.files, 'file')}`
    : `${result.folder} is not ${result.model}@${result.version}: `
      + `${changed.length} changed, ${missing.length} missing, ${extra.length} extra (of ${formatCount(result.files, 'file')})`;
}
