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
  /** Of the configuration and the credentials file; the latter goes first. */
  readonly settings: { readonly [name: string]: string | undefined };
}

/** `~/.aws/config` and `~/.aws/credentials`, or where the environment says that they are. */
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

/** AWS_PROFILE, else AWS_DEFAULT_PROFILE, which the AWS CLI still reads. */
export function profileName({ variables }: AwsSettings): string | undefined {
  return variables.AWS_PROFILE || variables.AWS_DEFAULT_PROFILE || undefined;
}

/** The profile that the user chose, or the one named `default`. A chosen profile that does not exist is an error. */
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
    throw new Failure(`there is no AWS profile "${name}"`, {
      code: 'unknown_profile',
      exitCode: EXIT.USAGE,
      details: [
        { field: configuration, message: 'has no such profile' },
        { field: credentials, message: 'has no such profile' },
      ],
      hint:
        (known.length > 0 ? `Profiles there: ${known.join(', ')}. ` : '')
        + 'Check AWS_PROFILE; "aws configure list-profiles" lists them.',
    });
  }
  return { name, settings: { ...configFile[name], ...credentialsFile[name] } };
}

/** As in the AWS CLI: AWS_REGION, AWS_DEFAULT_REGION, then the profile. */
export async function configuredRegion(settings: AwsSettings): Promise<string | undefined> {
  const { AWS_REGION: region, AWS_DEFAULT_REGION: fallback } = settings.variables;
  return region || fallback || (await chosenProfile(settings)).settings.region || undefined;
}
