import type { GroupPermission } from '../../contract/environment';
import { matchesModelPattern } from '../../contract/names';
import type { Permission } from '../../contract/routes';
import type { Caller } from '../common/caller';
import type { Settings } from '../common/environment';
import { StoreError } from '../common/errors';

function modelPatterns(caller: Caller, permission: Permission, groupPermissions: readonly GroupPermission[]): string[] {
  return groupPermissions
    .filter(({ group, permissions }) => caller.groups?.includes(group) && permissions.includes(permission))
    .flatMap(({ models }) => models);
}

/**
 * The models with which the caller may do this, as patterns. With IAM the API has already asked the caller's policies,
 * and a direct invocation is a right to the whole function; with Cognito the groups decide, and here is the only place
 * that asks them.
 */
export function permittedModels(caller: Caller, permission: Permission, settings: Settings): readonly string[] {
  return settings.authentication === 'cognito' ? modelPatterns(caller, permission, settings.groupPermissions) : ['*'];
}

export function requirePermission(caller: Caller, permission: Permission, model: string | undefined, settings: Settings): void {
  const patterns = permittedModels(caller, permission, settings);
  const permitted = model === undefined ? patterns.length > 0 : patterns.some((pattern) => matchesModelPattern(model, pattern));
  if (!permitted) {
    throw new StoreError('forbidden', model === undefined
      ? `none of your groups has the permission "${permission}"`
      : `none of your groups has the permission "${permission}" for the model "${model}"`);
  }
}
