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
 * Returns patterns for the models for which the caller has the permission. With IAM, API Gateway has already evaluated
 * the caller's policies, and permission to invoke a function directly covers every model. With Cognito, the groups
 * decide, and only this function evaluates them.
 */
export function permittedModels(caller: Caller, permission: Permission, settings: Settings): readonly string[] {
  return settings.authentication === 'cognito' ? modelPatterns(caller, permission, settings.groupPermissions) : ['*'];
}

export function requirePermission(
  caller: Caller, permission: Permission, model: string | undefined, settings: Settings,
): void {
  const patterns = permittedModels(caller, permission, settings);
  const permitted = model === undefined
    ? patterns.length > 0
    : patterns.some((pattern) => matchesModelPattern(model, pattern));
  if (!permitted) {
    throw new StoreError('forbidden', model === undefined
      ? `none of your groups has the permission "${permission}"`
      : `none of your groups has the permission "${permission}" for the model "${model}"`);
  }
}
