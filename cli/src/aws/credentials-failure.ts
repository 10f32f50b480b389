import type { Profile } from './profile';
import { EXIT, Failure } from '../runtime/failure';
import { isNetworkFault, networkFailure } from '../runtime/network/network-failure';

const SIGN_IN =
  'Sign in (for example with "aws sso login", or with "model-store login" if the store uses Cognito), set AWS_PROFILE '
  + 'or the AWS_… variables, or pass a Cognito ID token with --token-file.';

/** No credentials are configured, and the container or instance provides none. */
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

/** Explains why a credential source failed, and how to fix it. */
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
 * Removes the command from the error of a credential process, because it may contain a secret, and keeps its stderr.
 */
function reasonOf({ message }: Error, { settings }: Profile): string {
  if (settings.credential_process === undefined || !message.startsWith('Command failed: ')) {
    return message;
  }
  const said = message.slice(`Command failed: ${settings.credential_process}`.length).trim();
  return `its credential_process failed${said ? `: ${said}` : ' without an error message'}`;
}

function hintFor(message: string, { name, settings }: Profile, ofProfile: boolean): string {
  if (!ofProfile) {
    return SIGN_IN;
  }
  const option = name === 'default' ? '' : ` --profile ${name}`;
  if (/MFA|multi-factor/i.test(message)) {
    return (
      'An MFA code can be entered only on a terminal. Elsewhere, export a session first:\n'
      + `eval "$(aws configure export-credentials${option} --format env)"`
    );
  }
  const signsIn = settings.sso_session !== undefined || settings.sso_start_url !== undefined;
  if (signsIn || /\bSSO\b/.test(message)) {
    // The profile of a role has no sign-in; its source profile has.
    const source = signsIn || !settings.source_profile ? option : ` --profile ${settings.source_profile}`;
    return `Sign in: aws sso login${source}`;
  }
  if (settings.role_arn && !settings.role_session_name && /sts:AssumeRole/.test(message)) {
    return 'The trust policy of the role may require a session name that identifies you. Set one in the profile: '
      + 'role_session_name = YOUR_NAME';
  }
  if (settings.login_session) {
    return `Sign in: aws login${option}`;
  }
  if (settings.credential_process !== undefined) {
    return (
      'Run the credential_process command by itself. It must print one JSON document with "Version": 1.'
    );
  }
  return `Make sure that "aws sts get-caller-identity${option}" works with this profile.`;
}
