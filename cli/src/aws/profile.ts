import { posix, win32 } from 'node:path';
import { loadSharedConfigFiles } from '@smithy/core/config';
import { EXIT, Failure } from '../runtime/failure';
import { expandHome } from '../runtime/home';

export interface AwsSettings {
  readonly variables: { readonly [name: string]: string | undefined };
  readonly platform: NodeJS.Platform;
}

export interface Profile {
  readonly name: string;
  /** Settings from the config and credentials files; the latter takes precedence. */
  readonly settings: { readonly [name: string]: string | undefined };
}

/** `~/.aws/config` and `~/.aws/credentials`, unless environment variables override them. */
export function profileFiles({ variables, platform }: AwsSettings): {
  readonly configuration: string;
  readonly credentials: string;
} {
  const { join } = platform === 'win32' ? win32 : posix;
  const inHome = (name: string) => join(expandHome('~', { variables, platform }), '.aws', name);
  return {
    configuration: variables.AWS_CONFIG_FILE ?? inHome('config'),
    credentials: variables.AWS_SHARED_CREDENTIALS_FILE ?? inHome('credentials'),
  };
}

/** AWS_PROFILE, or AWS_DEFAULT_PROFILE, which the AWS CLI still supports. */
export function profileName({ variables }: AwsSettings): string | undefined {
  return variables.AWS_PROFILE || variables.AWS_DEFAULT_PROFILE || undefined;
}

/** The selected profile, or `default`. Fails if a selected profile does not exist. */
export async function chosenProfile(settings: AwsSettings): Promise<Profile> {
  const chosen = profileName(settings);
  const name = chosen ?? 'default';
  const { configuration, credentials } = profileFiles(settings);
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    configFilepath: configuration,
    filepath: credentials,
  });
  if (chosen !== undefined && configFile[name] === undefined && credentialsFile[name] === undefined) {
    const known = [...new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)])]
      .filter((key) => !key.includes('.'))
      .sort();
    throw new Failure(`AWS profile "${name}" does not exist`, {
      code: 'unknown_profile',
      exitCode: EXIT.USAGE,
      details: [
        { field: configuration, message: 'does not contain this profile' },
        { field: credentials, message: 'does not contain this profile' },
      ],
      hint:
        (known.length > 0 ? `Available profiles: ${known.join(', ')}. ` : '')
        + 'Check AWS_PROFILE; "aws configure list-profiles" lists them.',
    });
  }
  return { name, settings: { ...configFile[name], ...credentialsFile[name] } };
}

/** AWS_REGION, AWS_DEFAULT_REGION or the profile, in this order, as in the AWS CLI. */
export async function configuredRegion(settings: AwsSettings): Promise<string | undefined> {
  const { AWS_REGION: region, AWS_DEFAULT_REGION: fallback } = settings.variables;
  return region || fallback || (await chosenProfile(settings)).settings.region || undefined;
}
