import type { fromIni } from '@aws-sdk/credential-providers';
import type { AwsCredentialIdentity } from '@smithy/types';
import { arnOf } from './caller';
import type { Agents } from '../runtime/network/connections';

type RoleAssumer = NonNullable<NonNullable<Parameters<typeof fromIni>[0]>['roleAssumer']>;

/** The name that the SDK generates for a profile without `role_session_name`. */
const GENERATED = /^aws-sdk-js-\d+$/;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;

/**
 * Assumes the roles of a profile. Without `role_session_name`, the session is named after the caller: by the user name,
 * or by the name of the session that assumes the role. The store's roles accept no other name by default.
 */
export function roleAssumer(region: string | undefined, agents: () => Agents): RoleAssumer {
  return async (source, parameters) => {
    const { getDefaultRoleAssumer } = await import('@aws-sdk/client-sts');
    const assume = getDefaultRoleAssumer({ requestHandler: agents(), parentClientConfig: { region } });
    const { RoleSessionName: name = '' } = parameters;
    const ownName = GENERATED.test(name) ? await ownNameOf(source, region, agents) : undefined;
    return assume(source, { ...parameters, RoleSessionName: ownName ?? name });
  };
}

/** Undefined if STS did not answer: the SDK's name remains, and a role that requires another one refuses it. */
async function ownNameOf(
  credentials: AwsCredentialIdentity, region: string | undefined, agents: () => Agents,
): Promise<string | undefined> {
  const arn = await arnOf({ region: region ?? 'us-east-1', credentials, requestHandler: agents() });
  const [, name = ''] = /:(?:user|assumed-role)\/(?:.+\/)?([^/]+)$/.exec(arn ?? '') ?? [];
  return SESSION_NAME.test(name) ? name : undefined;
}
