import type { Reference } from './reference';
import { requireCurrent, unlessForbidden } from './registry';
import type { StoreClient } from './store-client';
import { withKnownNames } from './unknown-name';
import type { AliasResponse, RemovedAliasResponse } from '../../../src/contract/wire';

export interface UnaliasOptions {
  /** The model and the name of the alias. */
  readonly alias: Reference;
  readonly reason?: string;
  /** Only if the alias points to this version now. */
  readonly ifCurrent?: string;
  readonly dryRun?: boolean;
}

export type Unaliased =
  | RemovedAliasResponse & { readonly outcome: 'removed' }
  | AliasResponse & { readonly outcome: 'dry-run' };

/**
 * Removes an alias. The removal is conditional on the revision that was read. A caller who can remove an alias but not
 * read it can still do so, without conditions.
 */
export async function unalias(client: StoreClient, options: UnaliasOptions): Promise<Unaliased> {
  const { alias: { model, name: alias }, reason, ifCurrent, dryRun = false } = options;
  const mustRead = dryRun || ifCurrent !== undefined;
  const shown = withKnownNames(client, options.alias, async () => client.showAlias(model, alias));
  const now = await (mustRead ? shown : unlessForbidden(shown));
  if (now !== undefined && ifCurrent !== undefined) {
    requireCurrent(now, ifCurrent);
  }
  if (dryRun) {
    return { ...now!, outcome: 'dry-run' };
  }
  const removed = await client.removeAlias(model, alias, {
    ...(now !== undefined && { ifRevision: now.revision }), ...(reason !== undefined && { reason }),
  });
  return { ...removed, outcome: 'removed' };
}
