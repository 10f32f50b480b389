import { isDefaultSessionName } from '../../contract/default-session-names';
import type { Caller } from '../common/caller';
import type { Settings } from '../common/environment';
import { StoreError } from '../common/errors';

/**
 * Refuses a session of a role with a name that an SDK made up: the evidence would name nobody, and each command would be a
 * new principal.
 */
export function requireTellingSessionName({ role }: Caller, { rolesWithDefaultSessionNames }: Settings): void {
  if (!role || !isDefaultSessionName(role.sessionName) || rolesWithDefaultSessionNames.some((pattern) => matches(role.roleName, pattern))) {
    return;
  }
  throw new StoreError('unnamed_session', `your session of the role ${role.roleName} is named "${role.sessionName}", which an AWS SDK made up and which `
    + 'does not say who you are. Set "role_session_name" to your own name in the profile that has this "role_arn" (AWS_ROLE_SESSION_NAME for a '
    + 'web identity token, --role-session-name for "aws sts assume-role"), and try again');
}

function matches(roleName: string, pattern: string): boolean {
  return pattern.endsWith('*') ? roleName.startsWith(pattern.slice(0, -1)) : roleName === pattern;
}
