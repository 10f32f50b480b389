import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import type { AwsCredentialIdentity } from '@smithy/types';
import type { AwsSettings, Profile } from './profile';
import { expandHome } from '../runtime/home';
import { writePrivateFile } from '../runtime/private-file';

/** The minimum of the AWS CLI for a cached session: https://github.com/boto/botocore, `CachedCredentialFetcher`. */
const LASTS_AT_LEAST_MILLISECONDS = 15 * 60_000;

/**
 * The AWS CLI's cache of sessions of roles (`~/.aws/cli/cache`), read and written in its form. Without it, a profile
 * with MFA would ask for a code at each command, and AWS accepts a code once. Only for profiles with `mfa_serial`:
 * other sessions cost one request and are not worth a file with credentials in it.
 */
export class RoleCache {
  public static of(settings: AwsSettings, profile: Profile): RoleCache | undefined {
    if (!profile.settings.role_arn || !profile.settings.mfa_serial) {
      return undefined;
    }
    const { join } = settings.platform === 'win32' ? win32 : posix;
    return new RoleCache(join(expandHome('~', settings), '.aws', 'cli', 'cache', `${cacheKey(profile)}.json`));
  }

  private constructor(private readonly file: string) {}

  /** The cached session, unless it is about to end. A file that cannot be read is ignored. */
  public async read(): Promise<AwsCredentialIdentity | undefined> {
    try {
      const { Credentials: cached } = JSON.parse(await readFile(this.file, 'utf8'));
      const expiration = new Date(cached.Expiration);
      const complete = [cached.AccessKeyId, cached.SecretAccessKey, cached.SessionToken]
        .every((text) => typeof text === 'string');
      return complete && expiration.getTime() - Date.now() >= LASTS_AT_LEAST_MILLISECONDS
        ? {
          accessKeyId: cached.AccessKeyId,
          secretAccessKey: cached.SecretAccessKey,
          sessionToken: cached.SessionToken,
          expiration,
        }
        : undefined;
    } catch {
      return undefined;
    }
  }

  /** Where the file cannot be written, the next command asks for a code again; this one has its session. */
  public async write({ accessKeyId, secretAccessKey, sessionToken, expiration }: AwsCredentialIdentity): Promise<void> {
    const session = {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        Expiration: expiration?.toISOString(),
      },
    };
    await writePrivateFile(this.file, JSON.stringify(session)).catch(() => {});
  }
}

/** The name of the file: a hash of the request for the session, written as Python's `json.dumps` writes it. */
function cacheKey({ settings }: Profile): string {
  const request: [name: string, value: string | number | undefined][] = [
    ['DurationSeconds', settings.duration_seconds === undefined ? undefined : Number(settings.duration_seconds)],
    ['ExternalId', settings.external_id],
    ['RoleArn', settings.role_arn],
    ['RoleSessionName', settings.role_session_name],
    ['SerialNumber', settings.mfa_serial],
  ];
  const members = request.filter(([, value]) => value !== undefined)
    .map(([name, value]) => `"${name}": ${asciiJson(value)}`);
  return createHash('sha1').update(`{${members.join(', ')}}`).digest('hex');
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
