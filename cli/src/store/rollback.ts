import type { Reference } from './reference';
import { history } from './registry';
import { requireNotOlder } from './seen-aliases';
import type { StoreClient } from './store-client';
import { wellFormedVersion } from './trusted-version';
import { isRemoved, removalText } from '../../../src/contract/alias';
import type { AliasResponse } from '../../../src/contract/wire';
import { EXIT, Failure } from '../runtime/failure';

export interface RollbackOptions {
  /** The model and the name of the alias. */
  readonly alias: Reference;
  /** A version that the alias pointed to before; by default, the one before the current version. */
  readonly to?: string;
  readonly reason?: string;
  readonly dryRun?: boolean;
}

export interface RolledBack {
  readonly outcome: 'moved' | 'unchanged' | 'dry-run';
  readonly model: string;
  readonly alias: string;
  /** The version that the alias points to now or, in a dry run, would point to. */
  readonly version: string;
  readonly previousVersion: string;
  /** The first move of the alias to `version`, as far as the history is kept. */
  readonly promoted: AliasResponse;
  /** The new entry of the history; absent if there is none. */
  readonly move?: AliasResponse;
  /** The move to `previousVersion`, if that was a move back from `version`, which this one returns to. */
  readonly undone?: AliasResponse;
  /** The other versions that the alias pointed to, newest first. */
  readonly others: readonly string[];
}

/**
 * Points an alias back at a version of its history. The move is conditional on the revision that was read, so a
 * concurrent one makes it fail instead of being undone by accident.
 */
export async function rollBack(client: StoreClient, options: RollbackOptions): Promise<RolledBack> {
  const { alias: { model, name: alias }, to, reason, dryRun = false } = options;
  const entries = await history(client, model, alias);
  const [current] = entries;
  if (isRemoved(current)) {
    throw new Failure(`${model} has no alias "${alias}": ${removalText(current)}`, {
      code: 'unknown_alias',
      exitCode: EXIT.NOT_FOUND,
      hint: `It pointed to ${current.previousVersion}. To create it again, run "model-store promote `
        + `${model}@${current.previousVersion} ${alias} --if-absent".`,
    });
  }
  const moves = entries.filter((entry): entry is AliasResponse => !isRemoved(entry));
  requireNotOlder(client.store, current);
  const earlier = [...new Set(moves.map(({ version }) => version))].filter((version) => version !== current.version);
  const version = to ?? earlier.at(0);
  if (version === undefined || ![current.version, ...earlier].includes(version)) {
    throw noEarlierVersion(current, version, earlier);
  }
  const others = earlier.filter((each) => each !== version);
  const plan = {
    model, alias, version, previousVersion: current.version, others,
    promoted: moves.findLast((move) => move.version === version)!,
    ...(to === undefined && isMoveBack(moves) && { undone: current }),
  };
  if (version === current.version) {
    return { outcome: 'unchanged', ...plan };
  }
  await requireReadable(client, plan);
  if (dryRun) {
    return { outcome: 'dry-run', ...plan };
  }
  const move = await client.moveAlias(model, alias, {
    version, ifRevision: current.revision, ...(reason !== undefined && { reason }),
  });
  return { outcome: 'moved', ...plan, move };
}

/** Whether the alias already pointed to its current version before the version that it moved from. */
function isMoveBack([current, ...before]: readonly AliasResponse[]): boolean {
  const other = before.findIndex(({ version }) => version !== current.version);
  return before.slice(other + 1).some(({ version }) => version === current.version);
}

function noEarlierVersion(
  { model, alias, version: current }: AliasResponse, wanted: string | undefined, earlier: readonly string[],
): Failure {
  const options = { code: 'no_earlier_version', exitCode: EXIT.NOT_FOUND };
  return wanted === undefined
    ? new Failure(`${model}@${alias} points to ${current}, and its history has no other version`, {
      ...options, hint: `To point it at another version, run "model-store promote ${model}@VERSION ${alias}".`,
    })
    : new Failure(`${model}@${alias} never pointed to ${wanted}, as far as its history is kept`, {
      ...options,
      hint: earlier.length === 0 ? `It only pointed to ${current}.`
        : `It points to ${current}, and before to ${earlier.join(', ')}.`,
    });
}

async function requireReadable(
  client: StoreClient, { model, alias, version, others }: Omit<RolledBack, 'outcome'>,
): Promise<void> {
  try {
    await wellFormedVersion(client, model, version);
  } catch (error) {
    if (!(error instanceof Failure) || (error.exitCode !== EXIT.VERIFICATION && error.exitCode !== EXIT.NOT_FOUND)) {
      throw error;
    }
    const { code, exitCode, details, requestId, hint } = error;
    const other = others.length === 0 ? undefined : `Choose another version with --to: ${others.join(', ')}.`;
    throw new Failure(`cannot roll ${model}@${alias} back to ${version}: ${error.message}`, {
      code, exitCode, details, requestId, cause: error,
      hint: [hint, other].filter((sentence) => sentence !== undefined).join(' ') || undefined,
    });
  }
}
