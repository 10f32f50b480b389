import { ENV, type GroupPermission } from '../../contract/environment';

/** The one place where the functions read their environment, apart from the region and credentials that Lambda itself sets. */
export function requireEnv(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`the environment variable ${name} is not set; the store's constructs set it`);
  }
  return value;
}

function optionalEnv(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

function requireSeconds(name: string): number {
  const text = requireEnv(name);
  const seconds = Number(text);
  if (!Number.isSafeInteger(seconds) || seconds <= 0) {
    throw new Error(`the environment variable ${name} is "${text}"; it must be a whole number of seconds above 0`);
  }
  return seconds;
}

export type Authentication = 'iam' | 'cognito' | 'none';

export interface Settings {
  readonly bucketName: string;
  readonly encryptionKeyArn: string;
  readonly sessionRoleArn: string;
  readonly sessionSeconds: number;
  readonly linkSeconds: number;
  /** Absent if the store does not sign. */
  readonly signingKeyArn?: string;
  readonly authentication: Authentication;
  /** Names of roles, or their beginnings with a `*` behind, whose sessions may have a name that an SDK made up. */
  readonly rolesWithDefaultSessionNames: readonly string[];
  /** Empty unless `authentication` is `cognito`. */
  readonly groupPermissions: readonly GroupPermission[];
}

function readAuthentication(): Authentication {
  const value = requireEnv(ENV.AUTHENTICATION);
  if (value !== 'iam' && value !== 'cognito' && value !== 'none') {
    throw new Error(`the environment variable ${ENV.AUTHENTICATION} is "${value}"; it must be "iam", "cognito" or "none"`);
  }
  return value;
}

export function readSettings(): Settings {
  const authentication = readAuthentication();
  return {
    bucketName: requireEnv(ENV.BUCKET_NAME),
    encryptionKeyArn: requireEnv(ENV.ENCRYPTION_KEY_ARN),
    sessionRoleArn: requireEnv(ENV.SESSION_ROLE_ARN),
    sessionSeconds: requireSeconds(ENV.SESSION_SECONDS),
    linkSeconds: requireSeconds(ENV.LINK_SECONDS),
    signingKeyArn: optionalEnv(ENV.SIGNING_KEY_ARN),
    authentication,
    rolesWithDefaultSessionNames: JSON.parse(optionalEnv(ENV.ROLES_WITH_DEFAULT_SESSION_NAMES) ?? '[]') as string[],
    groupPermissions: authentication === 'cognito' ? (JSON.parse(requireEnv(ENV.GROUP_PERMISSIONS)) as GroupPermission[]) : [],
  };
}
