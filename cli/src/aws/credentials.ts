import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { credentialsFailure, withoutCredentials } from './credentials-failure';
import { roleAssumer } from './own-session-name';
import { type AwsSettings, chosenProfile, configuredRegion, type Profile, profileFiles } from './profile';
import { RoleCache } from './role-cache';
import type { Agents } from '../runtime/network/connections';

export interface CredentialsOptions extends AwsSettings {
  readonly agents: () => Agents;
  /** Asks the user for an MFA code; undefined without a terminal. */
  readonly mfaCode?: (serialNumber: string) => Promise<string>;
}

/** Source of credentials. */
type CredentialSource = 'environment' | 'profile' | 'web identity' | 'container' | 'instance';

/**
 * Chooses the source in the order of the AWS CLI, which differs from the SDK: keys in the environment take precedence
 * over AWS_PROFILE, a role in the profile over a web identity in the environment, and both over the rest of the
 * profile.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-authentication.html#cli-chap-authentication-precedence
 */
function sourceOf({ variables }: AwsSettings, { settings }: Profile): CredentialSource {
  if (variables.AWS_ACCESS_KEY_ID && variables.AWS_SECRET_ACCESS_KEY) {
    return 'environment';
  }
  if (settings.role_arn && (settings.source_profile || settings.credential_source)) {
    return 'profile';
  }
  if (variables.AWS_WEB_IDENTITY_TOKEN_FILE && variables.AWS_ROLE_ARN) {
    return 'web identity';
  }
  const holdsCredentials = [
    'aws_access_key_id',
    'web_identity_token_file',
    'credential_process',
    'sso_session',
    'sso_start_url',
    'login_session',
  ];
  if (holdsCredentials.some((name) => settings[name])) {
    return 'profile';
  }
  return variables.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI || variables.AWS_CONTAINER_CREDENTIALS_FULL_URI
    ? 'container'
    : 'instance';
}

async function providerOf(
  source: CredentialSource,
  profile: Profile,
  options: CredentialsOptions,
): Promise<AwsCredentialIdentityProvider> {
  const sdk = await import('@aws-sdk/credential-providers');
  const region = await configuredRegion(options);
  const { configuration, credentials } = profileFiles(options);
  const common = {
    clientConfig: { requestHandler: options.agents() },
    parentClientConfig: { region },
    profile: profile.name,
    configFilepath: configuration,
    filepath: credentials,
    mfaCodeProvider: options.mfaCode,
  };
  switch (source) {
    case 'environment':
      return sdk.fromEnv();
    // An IAM Identity Center profile may also contain keys that another tool wrote. The AWS CLI ignores them.
    case 'profile':
      return (profile.settings.sso_session || profile.settings.sso_start_url) && !profile.settings.role_arn
        ? sdk.fromSSO(common)
        : sdk.fromIni({ ...common, roleAssumer: roleAssumer(profile.settings.region ?? region, options.agents) });
    case 'web identity':
      return sdk.fromTokenFile(common);
    case 'container':
      return sdk.fromHttp();
    case 'instance':
      return options.variables.AWS_EC2_METADATA_DISABLED?.toLowerCase() === 'true'
        ? async () => Promise.reject(new Error('AWS_EC2_METADATA_DISABLED is set'))
        : sdk.fromInstanceMetadata();
  }
}

const REFRESH_BEFORE_MILLISECONDS = 5 * 60_000;

/** Credentials, found as by the AWS CLI, cached until shortly before they expire. Explains errors. */
export function awsCredentials(options: CredentialsOptions): AwsCredentialIdentityProvider {
  let found: Promise<{
    readonly source: CredentialSource;
    readonly profile: Profile;
    readonly provide: AwsCredentialIdentityProvider;
  }> | undefined;
  let renewing: Promise<AwsCredentialIdentity> | undefined;
  const find = async () => {
    const profile = await chosenProfile(options);
    const source = sourceOf(options, profile);
    return { source, profile, provide: await providerOf(source, profile, options) };
  };
  const fresh = async (): Promise<AwsCredentialIdentity> => {
    found ??= find();
    const { source, profile, provide } = await found;
    const cache = source === 'profile' ? RoleCache.of(options, profile) : undefined;
    const cached = await cache?.read();
    if (cached !== undefined) {
      return cached;
    }
    try {
      const credentials = await provide();
      await cache?.write(credentials);
      return credentials;
    } catch (error) {
      throw source === 'instance'
        ? withoutCredentials(error, profile)
        : credentialsFailure(error, profile, source === 'profile');
    }
  };
  let known: AwsCredentialIdentity | undefined;
  const isGoodFor = (milliseconds: number) =>
    known !== undefined && (known.expiration === undefined || known.expiration.getTime() - Date.now() > milliseconds);
  const renew = async (): Promise<AwsCredentialIdentity> => {
    try {
      known = await fresh();
      return known;
    } catch (error) {
      if (isGoodFor(0)) {
        return known!;
      }
      throw error;
    } finally {
      renewing = undefined;
    }
  };
  return async () => {
    // Concurrent requests share one renewal: it may ask the user for an MFA code.
    renewing ??= isGoodFor(REFRESH_BEFORE_MILLISECONDS) ? undefined : renew();
    return renewing ?? known!;
  };
}
