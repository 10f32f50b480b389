import type { Profile } from './profile';
import { EXIT, Failure } from '../runtime/failure';
import { isNetworkFault, networkFailure } from '../runtime/network/network-failure';

const SIGN_IN =
  'Sign in (for example with "aws sso login"), set AWS_PROFILE or the AWS_… variables, or give a Cognito token '
  + 'with --token-file.';

/** Nothing names credentials, and this machine has none of its own. */
export function withoutCredentials(error: unknown, { name }: Profile): Failure {
  const details = [
    {
      field: 'environment',
      message: 'no AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, no AWS_WEB_IDENTITY_TOKEN_FILE',
    },
    { field: `profile "${name}"`, message: 'no credentials' },
    { field: 'container, instance', message: (error as Error).message },
  ];
  return new Failure('no AWS credentials', {
    code: 'unauthenticated',
    exitCode: EXIT.FORBIDDEN,
    details,
    hint: SIGN_IN,
    cause: error,
  });
}

/** The reason that a source of credentials gave, and what mends it. */
export function credentialsFailure(error: unknown, profile: Profile, ofProfile: boolean): Failure {
  if (error instanceof Failure) {
    return error;
  }
  if (isNetworkFault(error)) {
    return networkFailure(error, { host: 'AWS (for credentials)' }) as Failure;
  }
  const where = ofProfile ? ` for the profile "${profile.name}"` : '';
  return new Failure(`no AWS credentials${where}: ${reasonOf(error as Error, profile)}`, {
    code: 'unauthenticated',
    exitCode: EXIT.FORBIDDEN,
    hint: hintFor((error as Error).message, profile, ofProfile),
    cause: error,
  });
}

/**
 * A credential process says why on its standard error, after Node's repetition of the command, which may hold a
 * secret.
 */
function reasonOf({ message }: Error, { settings }: Profile): string {
  if (settings.credential_process === undefined || !message.startsWith('Command failed: ')) {
    return message;
  }
  const said = message.slice(`Command failed: ${settings.credential_process}`.length).trim();
  return `its credential_process failed${said ? `: ${said}` : ' and did not say why'}`;
}

function hintFor(message: string, { name, settings }: Profile, ofProfile: boolean): string {
  if (!ofProfile) {
    return SIGN_IN;
  }
  const option = name === 'default' ? '' : ` --profile ${name}`;
  if (/MFA|multi-factor/i.test(message)) {
    return (
      'The code of the MFA device can be asked for on a terminal only. Elsewhere take a session along:\n'
      + `eval "$(aws configure export-credentials${option} --format env)"`
    );
  }
  if (settings.sso_session ?? settings.sso_start_url ?? /\bSSO\b/.test(message)) {
    return `Sign in: aws sso login${option}`;
  }
  if (settings.login_session) {
    return `Sign in: aws login${option}`;
  }
  if (settings.credential_process !== undefined) {
    return (
      'Run the command that credential_process names by itself; it has to print one JSON document with '
      + '"Version": 1.'
    );
  }
  return `"aws sts get-caller-identity${option}" has to work with this profile.`;
}
