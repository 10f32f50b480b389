import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { isDefaultSessionName } from '../../../src/contract/default-session-names';
import type { Environment } from '../runtime/environment';

/** Where credentials of these kinds come from, AWS chose the session's name: the user, the instance or the task. */
const NAMED_BY_AWS = [
  'CREDENTIALS_SSO',
  'CREDENTIALS_SSO_LEGACY',
  'CREDENTIALS_HTTP',
  'CREDENTIALS_IMDS',
  'CREDENTIALS_LOGIN',
];
const NAMED_BY_THE_CALLER = ['CREDENTIALS_STS_ASSUME_ROLE', 'CREDENTIALS_STS_ASSUME_ROLE_WEB_ID'];

/**
 * Warns before anything is sent when the session of the credentials has the name that an SDK made up: the evidence
 * would then show a different stranger for each command.
 */
export async function warnOfSessionName(
  { warn, callerArn }: Pick<Environment, 'warn' | 'callerArn'>,
  credentials: AwsCredentialIdentityProvider,
  region: string,
): Promise<void> {
  if (warn === undefined || callerArn === undefined || !(await mayBeADefault(credentials))) {
    return;
  }
  const [, role, name] = /:assumed-role\/(.+)\/([^/]+)$/.exec((await callerArn(region)) ?? '') ?? [];
  if (name !== undefined && isDefaultSessionName(name)) {
    warn(
      `warning: the session of the role ${role} is named "${name}", which an AWS SDK made up. The audit shows `
        + 'this name instead of yours, '
        + 'and a store can refuse it.',
    );
    warn(
      'Set "role_session_name = YOUR-NAME" beside role_arn in the AWS profile, AWS_ROLE_SESSION_NAME for a web '
        + 'identity, or '
        + '--role-session-name of "aws sts assume-role".',
    );
  }
}

/** Keys of a user have no session; what fails here fails again, and is reported, when the first request is signed. */
async function mayBeADefault(provide: AwsCredentialIdentityProvider): Promise<boolean> {
  const found = (await provide().catch(() => undefined)) as
    { readonly sessionToken?: string; readonly $source?: { readonly [feature: string]: string } } | undefined;
  if (found?.sessionToken === undefined) {
    return false;
  }
  const source = found.$source ?? {};
  return NAMED_BY_THE_CALLER.some((feature) => feature in source) || !NAMED_BY_AWS.some((feature) => feature in source);
}
