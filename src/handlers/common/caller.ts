import { createHash } from 'node:crypto';

/** The caller, as authenticated by API Gateway. */
export interface Caller {
  /** The full ARN, `cognito:<user pool>/<user>`, or `lambda-request:<id>` for a direct invocation. */
  readonly principal: string;
  /** `RoleSessionName` and `SourceIdentity` of the session that acts for the caller; unique per caller. */
  readonly sessionName: string;
  /** Cognito groups; absent with other authentication. */
  readonly groups?: readonly string[];
  /** Role and session names from the caller's ARN; absent if the caller did not assume a role. */
  readonly role?: RoleSession;
}

export interface RoleSession {
  readonly roleName: string;
  readonly sessionName: string;
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const SESSION_NAME_PATTERN = /^[\w+=,.@-]{2,64}$/;

const SESSION_NAME_LENGTH = 64;
const HASH_LENGTH = 16;
const HASHED = /\+[0-9a-f]{16}$/;

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
}

function toSessionCharacters(text: string): string {
  // Intentionally ASCII only: without the `u` flag, `\w` matches the characters that STS accepts.
  return text.replace(/[^\w+=,.@-]/g, '-');
}

/**
 * Returns `readable` if it identifies exactly one caller; otherwise as much of it as fits, followed by `+` and a hash
 * of `identity`. A readable name that looks hashed is hashed again, so that no caller can choose the session name of
 * another.
 */
function sessionName(readable: string, identity: string, unambiguous: boolean): string {
  if (unambiguous && SESSION_NAME_PATTERN.test(readable) && !HASHED.test(readable)) {
    return readable;
  }
  const kept = toSessionCharacters(readable).slice(0, SESSION_NAME_LENGTH - HASH_LENGTH - 1);
  return `${kept}+${shortHash(identity)}`;
}

const ASSUMED_ROLE = /^arn:[\w-]+:sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/;
const IAM_USER = /^arn:[\w-]+:iam::(\d{12}):user\/(?:.+\/)?([^/]+)$/;
const IDENTITY_POOL_SESSION = 'CognitoIdentityCredentials';
const LONGEST_ROLE_SHOWN = 20;


/**
 * The role of a permission set. IAM Identity Center generates a new suffix when the permission set is assigned to the
 * account again, so the suffix is not part of the caller's identity:
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
const PERMISSION_SET_ROLE = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/;
const PERMISSION_SET_PREFIX = 'AWSReservedSSO_';

/**
 * Returns the caller for the ARN that API Gateway passes in `requestContext.identity.userArn`.
 *
 * | caller                         | session name                           |
 * | ------------------------------ | -------------------------------------- |
 * | role session, same account     | `<role>=<session>`                     |
 * | session of a permission set    | the same, without the role suffix      |
 * | IAM user, same account         | `<user>` (contains no `=`)             |
 * | too long, other account, other | truncated name, `+`, hash of the ARN   |
 */
export function callerFromArn(arn: string, ownAccount: string, identityPoolId?: string): Caller {
  const role = ASSUMED_ROLE.exec(arn);
  if (role) {
    return roleCaller(arn, role, ownAccount, identityPoolId);
  }
  const user = IAM_USER.exec(arn);
  if (user) {
    const [, account, name] = user;
    return { principal: arn, sessionName: sessionName(name, arn, account === ownAccount && !name.includes('=')) };
  }
  return { principal: arn, sessionName: sessionName(arn.split(':').slice(5).join(':') || 'caller', arn, false) };
}

function roleCaller(
  arn: string, [, account, roleName, session]: readonly string[], ownAccount: string, identityPoolId?: string,
): Caller {
  // An identity pool uses the same session name for every user; only the identity ID identifies the user.
  const person = session === IDENTITY_POOL_SESSION && identityPoolId ? identityPoolId : session;
  const principal = person === session ? arn : `${arn}/${identityPoolId}`;
  const permissionSet = PERMISSION_SET_ROLE.exec(roleName)?.[1];
  const lasting = permissionSet === undefined ? roleName : PERMISSION_SET_PREFIX + permissionSet;
  // A role named like a permission set, but without the suffix, must not be mistaken for it.
  const imitates = permissionSet === undefined && roleName.startsWith(PERMISSION_SET_PREFIX);
  const readable = `${lasting}=${person}`;
  const fits = readable.length <= SESSION_NAME_LENGTH;
  const unambiguous = account === ownAccount && fits && !imitates && !roleName.includes('=') && !person.includes('=');
  // If the name is too long, shorten the role and keep the person.
  const shown = unambiguous ? readable : `${(permissionSet ?? roleName).slice(0, LONGEST_ROLE_SHOWN)}=${person}`;
  const identity = principal.replace(`/${roleName}/`, `/${lasting}${permissionSet === undefined ? '' : '_*'}/`);
  return {
    principal, sessionName: sessionName(shown, identity, unambiguous), role: { roleName, sessionName: session },
  };
}

export function callerFromCognito(claims: { readonly [name: string]: unknown }): Caller | undefined {
  const text = (name: string) => (typeof claims[name] === 'string' ? (claims[name] as string) : undefined);
  // The claim is `cognito:username` in an ID token and `username` in an access token.
  const user = text('cognito:username') ?? text('username') ?? text('sub');
  const pool = text('iss')?.split('/').pop();
  if (!user || !pool) {
    return undefined;
  }
  const principal = `cognito:${pool}/${user}`;
  return { principal, sessionName: sessionName(user, principal, true), groups: groupsOf(claims['cognito:groups']) };
}

function groupsOf(claim: unknown): readonly string[] {
  return Array.isArray(claim) ? claim.filter((group) => typeof group === 'string') : [];
}

/**
 * A direct invocation does not carry an authenticated caller. The caller is named by the request ID, which the trail
 * also records for the invocation, together with the principal.
 */
export function callerFromInvocation(lambdaRequestId: string): Caller {
  const principal = `lambda-request:${lambdaRequestId}`;
  return { principal, sessionName: sessionName(lambdaRequestId, principal, true) };
}

const TAG_VALUE_LENGTH = 256;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html */
export function toTagValue(text: string): string {
  const value = text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_');
  if (value.length <= TAG_VALUE_LENGTH) {
    return value;
  }
  // Truncation may split a surrogate pair.
  const kept = value.slice(0, TAG_VALUE_LENGTH - HASH_LENGTH - 1).replace(/\p{Surrogate}/gu, '');
  return `${kept}+${shortHash(text)}`;
}
