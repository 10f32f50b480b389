import { isRemoved, removalText } from '../../contract/alias';
import type { AliasHistoryEntry } from '../../contract/wire';
import { StoreError } from '../common/errors';

/**
 * | `ifRevision`  | no alias yet  | alias at that revision | alias at another revision | alias was removed           |
 * | ------------- | ------------- | ---------------------- | ------------------------- | --------------------------- |
 * | absent        | created       | moved                  | moved                     | created again               |
 * | null          | created       | stale_alias            | stale_alias               | created again               |
 * | a revision    | stale_alias   | moved                  | stale_alias               | created again if it is that |
 * |               |               |                        |                           | of the removal; otherwise   |
 * |               |               |                        |                           | stale_alias                 |
 *
 * Removing an alias is the same for an alias that exists; without one, it is always unknown_alias.
 *
 * The write is always conditional on what was read, so one of two concurrent callers gets stale_alias.
 */
export function requireExpected(
  alias: string, latest: AliasHistoryEntry | undefined, ifRevision: string | null | undefined,
): void {
  const isAbsent = !latest || isRemoved(latest);
  if (ifRevision === undefined || (ifRevision === null && isAbsent) || ifRevision === latest?.revision) {
    return;
  }
  const now = latest === undefined ? 'does not exist'
    : isRemoved(latest) ? `does not exist: ${removalText(latest)}`
      : `has pointed to "${latest.version}" since ${latest.updatedAt} (revision ${latest.revision})`;
  throw new StoreError('stale_alias', `the alias "${alias}" ${now}; read it again, then retry`, [
    { field: 'ifRevision', message: 'is not the current revision' },
  ]);
}
