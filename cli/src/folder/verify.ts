import { lstat, realpath } from 'node:fs/promises';
import { inspect } from './destination';
import { entriesBelow } from './folder-entries';
import { type PullRecord, Records } from './pull-record';
import { type GivenVersion, type SignatureState, signatureSummary } from './signature';
import { requireTrustworthy, requireWellFormed } from './trustworthy-manifest';
import type { ErrorDetail } from '../../../src/contract/errors';
import type { Manifest } from '../../../src/contract/manifest';
import { describeFault } from '../runtime/describe-fault';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure } from '../runtime/failure';
import { formatCount } from '../runtime/format';
import type { Progress } from '../runtime/progress';

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
  /** Files that are not in the version but are harmless: the operating system or Jupyter created them. */
  readonly ignored: readonly string[];
  readonly signature: SignatureState;
}

/** What `pull` recorded in a folder. Anyone who can change the folder can change it. */
export async function recordedVersion(folder: string): Promise<GivenVersion & Pick<PullRecord, 'storeUrl'>> {
  await requireFolder(folder);
  const records = new Records(folder);
  const marker = await records.marker();
  if (marker !== undefined) {
    throw new Failure(`the pull of ${marker.model}@${marker.version} into ${folder} did not finish`, {
      code: 'not_whole', exitCode: EXIT.VERIFICATION, hint: 'Run the same pull again; it resumes where it stopped.',
    });
  }
  const record = await records.record();
  if (record === undefined) {
    throw new Failure(`${folder} has no record of a pull`, {
      code: 'not_pulled',
      exitCode: EXIT.VERIFICATION,
      hint: 'To compare it with a version in the store, use --model model@version.',
    });
  }
  requireWellFormed(record.manifest, record.model, record.version);
  const { manifest, manifestSha256, storeUrl } = record;
  return { manifest, manifestSha256, storeUrl, signature: await records.signature() };
}

/** Compares every byte of a folder with a manifest, whose signature was checked, and reports every difference. */
export async function verify(
  context: { readonly environment: Environment; readonly progress: Progress },
  folder: string, manifest: Manifest, signature: SignatureState,
): Promise<VerifyResult> {
  const { environment, progress } = context;
  // Nothing is written here, and the pull has accepted the names.
  requireTrustworthy(manifest, manifest.model, manifest.version, environment.platform, { allowUnsafeNames: true });
  const root = await requireFolder(folder);
  const bytes = manifest.files.reduce((sum, { size }) => sum + size, 0);
  const { others, ofTheSystem } = await entriesBelow(root);
  const nameHere = namesHere([...others, ...ofTheSystem]);
  const { standings, problems } = await inspect(root, manifest.files, {
    signal: environment.signal, begin: (count) => progress.begin('verifying', count), nameHere,
  });
  const known = new Set(manifest.files.map(({ path }) => nameHere(path)));
  const extra = others.filter((path) => !known.has(path));
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
    ignored: ofTheSystem.filter((path) => !known.has(path)),
    signature,
  };
}

async function requireFolder(folder: string): Promise<string> {
  try {
    const root = await realpath(folder);
    if ((await lstat(root)).isDirectory()) {
      return root;
    }
  } catch (error) {
    throw new Failure(`cannot read ${folder}: ${describeFault(error)}`, {
      code: 'unreadable_folder', exitCode: EXIT.USAGE, cause: error,
    });
  }
  throw new Failure(`${folder} is not a folder`, { code: 'unreadable_folder', exitCode: EXIT.USAGE });
}

/**
 * Maps a manifest path, which is in NFC, to its name on this disk. Names written by older macOS versions, and archives
 * made there, are in NFD. An exact match takes precedence.
 */
function namesHere(entries: readonly string[]): (path: string) => string {
  const byNormalName = new Map(entries.map((path) => [path.normalize('NFC'), path]));
  const exact = new Set(entries);
  return (path) => (exact.has(path) ? path : byNormalName.get(path) ?? path);
}

export function verifySummary(result: VerifyResult): string {
  const { changed, missing, extra } = result;
  return result.ok
    ? `${result.folder} is ${result.model}@${result.version}, byte for byte: ${formatCount(result.files, 'file')}`
      + (result.ignored.length === 0 ? '' : `; ignored ${formatCount(result.ignored.length, 'other')}`)
      + `; ${signatureSummary(result.signature)}`
    : `${result.folder} is not ${result.model}@${result.version}: `
      + `${changed.length} changed, ${missing.length} missing, ${extra.length} extra `
      + `(of ${formatCount(result.files, 'file')})`;
}
