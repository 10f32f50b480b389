import { type PromoteOptions, requireCurrent, resolve, staleAlias } from './registry';
import { requireConsistent } from './seen-aliases';
import type { StoreClient } from './store-client';
import { wellFormedVersion } from './trusted-version';
import type { AliasResponse } from '../../../src/contract/wire';
import { EXIT, Failure } from '../runtime/failure';

/** What a promotion would do. Nothing was changed. */
export interface PromotionPlan {
  readonly outcome: 'dry-run';
  readonly model: string;
  readonly alias: string;
  readonly version: string;
  /** `nothing`: the alias already points to the version, so the history would get no entry. */
  readonly would: 'create' | 'move' | 'nothing';
  /** The version that the alias points to now; absent if there is no such alias. */
  readonly previousVersion?: string;
  /** The alias that the version was given by, if any. */
  readonly from?: string;
}

/**
 * Checks everything that a promotion checks, with requests that only read. Unlike a promotion, it needs permission to
 * read: what it cannot read, it cannot check.
 */
export async function planPromotion(client: StoreClient, options: PromoteOptions): Promise<PromotionPlan> {
  const { alias, reference: { model, name } } = options;
  const { kind, version } = await resolve(client, options.reference);
  await wellFormedVersion(client, model, version);
  const current = await aliasNow(client, model, alias);
  requireExpected(model, alias, current, options);
  return {
    outcome: 'dry-run',
    model,
    alias,
    version,
    would: current === undefined ? 'create' : current.version === version ? 'nothing' : 'move',
    ...(current && { previousVersion: current.version }),
    ...(kind === 'alias' && { from: name }),
  };
}

/** The alias, or undefined if it does not exist. A name of a version is refused, because no alias can have it. */
async function aliasNow(client: StoreClient, model: string, alias: string): Promise<AliasResponse | undefined> {
  try {
    const resolved = await client.resolveReference(model, alias);
    requireConsistent({ model, name: alias }, resolved);
    if (resolved.alias !== undefined) {
      return resolved.alias;
    }
  } catch (error) {
    if (error instanceof Failure && error.code === 'unknown_version') {
      return undefined;
    }
    throw error;
  }
  throw new Failure(`"${alias}" is a version of ${model}; a version and an alias cannot have the same name`, {
    code: 'name_taken', exitCode: EXIT.CONFLICT,
  });
}

function requireExpected(
  model: string, alias: string, current: AliasResponse | undefined,
  { ifAbsent, ifCurrent, ifRevision }: PromoteOptions,
): void {
  if (current === undefined) {
    const message = `${model} has no alias "${alias}"`;
    if (ifCurrent !== undefined) {
      throw new Failure(message, { code: 'unknown_alias', exitCode: EXIT.NOT_FOUND });
    }
    if (ifRevision !== undefined) {
      throw new Failure(message, { code: 'stale_alias', exitCode: EXIT.CONFLICT });
    }
    return;
  }
  if (ifAbsent) {
    throw staleAlias(current, `exists and points to ${current.version}`);
  }
  if (ifCurrent !== undefined) {
    requireCurrent(current, ifCurrent);
  }
  if (ifRevision !== undefined && ifRevision !== current.revision) {
    throw staleAlias(current, `is at revision ${current.revision}, not ${ifRevision}`);
  }
}
