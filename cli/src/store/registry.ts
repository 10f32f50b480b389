import { everyPage } from './every-page';
import type { Reference } from './reference';
import { requireConsistent, requireNotOlder } from './seen-aliases';
import type { StoreClient } from './store-client';
import { wellFormedVersion } from './trusted-version';
import { withKnownNames } from './unknown-name';
import { storedAliasProblems } from '../../../src/contract/alias';
import type { Manifest } from '../../../src/contract/manifest';
import type {
  AliasHistoryEntry, AliasResponse, MoveAliasRequest, ReferenceResponse, VersionResponse,
} from '../../../src/contract/wire';
import { requireWellFormed } from '../folder/trustworthy-manifest';
import { EXIT, Failure } from '../runtime/failure';

export interface Shown extends VersionResponse {
  readonly reference: ReferenceResponse;
}

/** Resolves a reference to a version. An alias must not point where it pointed before it was last seen. */
export async function resolve(client: StoreClient, reference: Reference): Promise<ReferenceResponse> {
  const resolved = await withKnownNames(
    client, reference, async () => client.resolveReference(reference.model, reference.name));
  requireConsistent(reference, resolved);
  if (resolved.alias !== undefined) {
    requireNotOlder(client.store, resolved.alias);
  }
  return resolved;
}

export async function show(client: StoreClient, { model, name }: Reference): Promise<Shown> {
  const reference = await resolve(client, { model, name });
  return { ...await wellFormedVersion(client, model, reference.version), reference };
}

export interface PromoteOptions {
  /** The version, or an alias for the version that it points to now. */
  readonly reference: Reference;
  readonly alias: string;
  readonly reason?: string;
  /** Only if the alias points to this version now. */
  readonly ifCurrent?: string;
  /** Only if the alias does not exist yet. */
  readonly ifAbsent?: boolean;
  /** Only if the alias is still at this revision. */
  readonly ifRevision?: string;
}

export interface Promoted extends AliasResponse {
  /** `unchanged`: the alias already pointed to the version, so the history has no new entry. */
  readonly outcome: 'moved' | 'unchanged';
  /** The alias that the version was given by, if any. */
  readonly from?: string;
}

export async function promote(client: StoreClient, options: PromoteOptions): Promise<Promoted> {
  const { model, name } = options.reference;
  const { version, kind } = await versionToPromote(client, options.reference);
  const ifRevision = options.ifRevision ?? await expectedRevision(client, options);
  const seen = ifRevision === undefined ? await revisionNow(client, model, options.alias) : ifRevision;
  const request: MoveAliasRequest = {
    version,
    ...(ifRevision !== undefined && { ifRevision }),
    ...(options.reason !== undefined && { reason: options.reason }),
  };
  const moved = await client.moveAlias(model, options.alias, request);
  const outcome = moved.revision === seen ? 'unchanged' : 'moved';
  return { ...moved, outcome, ...(kind === 'alias' && { from: name }) };
}

/**
 * Reads the version first, because an alias must never point to a version that cannot be read. If the caller can
 * promote but not read, only the store checks this.
 */
async function versionToPromote(
  client: StoreClient, reference: Reference,
): Promise<Pick<ReferenceResponse, 'version' | 'kind'>> {
  const resolved = await unlessForbidden(resolve(client, reference));
  const { version, kind } = resolved ?? { version: reference.name, kind: 'version' };
  const shown = await unlessForbidden(client.showVersion(reference.model, version));
  if (shown !== undefined) {
    requireWellFormed(shown.manifest, reference.model, version);
  }
  return { version, kind };
}

export async function unlessForbidden<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Failure && error.code === 'forbidden') {
      return undefined;
    }
    throw error;
  }
}

/** Used only to report whether the alias moved. A caller who can move an alias but not read it can still promote. */
async function revisionNow(client: StoreClient, model: string, alias: string): Promise<string | undefined> {
  try {
    return (await client.showAlias(model, alias)).revision;
  } catch (error) {
    if (error instanceof Failure && (error.exitCode === EXIT.NOT_FOUND || error.exitCode === EXIT.FORBIDDEN)) {
      return undefined;
    }
    throw error;
  }
}

async function expectedRevision(client: StoreClient, options: PromoteOptions): Promise<string | null | undefined> {
  const { ifCurrent, ifAbsent, alias, reference: { model } } = options;
  if (ifAbsent) {
    return null;
  }
  if (ifCurrent === undefined) {
    return undefined;
  }
  const now = await client.showAlias(model, alias);
  requireCurrent(now, ifCurrent);
  return now.revision;
}

/** Refuses an alias that points to another version than the caller expects. */
export function requireCurrent(now: AliasResponse, expected: string): void {
  if (now.version !== expected) {
    throw staleAlias(now, `points to ${now.version}, not ${expected}`);
  }
}

export function staleAlias(now: AliasResponse, what: string): Failure {
  return new Failure(`${now.model}@${now.alias} ${what}`, {
    code: 'stale_alias',
    exitCode: EXIT.CONFLICT,
    details: [{ field: now.alias, message: `was moved to ${now.version} at ${now.updatedAt} by ${now.updatedBy}` }],
    hint: 'See who moved it with "model-store history" before you retry.',
  });
}

export async function history(client: StoreClient, model: string, alias: string): Promise<AliasHistoryEntry[]> {
  const moves = await withKnownNames(client, { model, name: alias }, async () => (
    everyPage(async (page) => client.aliasHistory(model, alias, page), (response) => response.history)));
  const problems = moves.flatMap((move, index) => (
    storedAliasProblems(move, model, alias)
      .map(({ field, message }) => ({ field: `history[${index}].${field}`, message }))));
  if (problems.length > 0) {
    const what = `the history of ${model}@${alias}`;
    throw new Failure(`${what} is damaged or in a format that this version of model-store does not support`, {
      code: 'damaged_object', exitCode: EXIT.VERIFICATION, details: problems,
    });
  }
  return moves;
}

export function totalBytes(manifest: Manifest): number {
  return manifest.files.reduce((sum, { size }) => sum + size, 0);
}
