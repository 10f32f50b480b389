import { createHash } from 'node:crypto';

/** Who called, as far as the authentication in front of the function has proved it. */
export interface Caller {
  /** The full ARN; `cognito:<user pool>/<user>`; or `lambda-request:<id>` for a direct invocation. */
  readonly principal: string;
  /** `RoleSessionName` and `SourceIdentity` of the session that acts for the caller; no two callers share one. */
  readonly sessionName: string;
  /** The Cognito groups; absent with other authentication. */
  readonly groups?: readonly string[];
  /** The role and the session of it, as its ARN names them; absent for callers that have no role. */
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
  // ASCII on purpose: without the `u` flag `\w` means the same as in STS.
  return text.replace(/[^\w+=,.@-]/g, '-');
}

/**
 * `readable` itself wherever that says who it is and nobody else; otherwise as much of it as fits, and behind a `+` a
 * hash of `identity`. A readable name that looks hashed gets a hash too, so that nobody can pick another one's name.
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
 * The role of a permission set. IAM Identity Center gives it a new suffix when the permission set is assigned to the account
 * anew, so that the suffix is no part of who somebody is:
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
const PERMISSION_SET_ROLE = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/;
const PERMISSION_SET_PREFIX = 'AWSReservedSSO_';

/**
 * The caller behind an ARN as API Gateway gives it in `requestContext.identity.userArn`.
 *
 * | caller                         | session name                          |
 * | ------------------------------ | ------------------------------------- |
 * | role session, own account      | `<role>=<session>`                    |
 * | of a permission set            | the same, without the role's suffix   |
 * | IAM user, own account          | `<user>` (no `=` in it)               |
 * | too long, other account, other | what fits of it, `+`, hash of the ARN |
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

function roleCaller(arn: string, [, account, roleName, session]: readonly string[], ownAccount: string, identityPoolId?: string): Caller {
  // An identity pool names every user's session alike; the user is known by the identity id alone.
  const person = session === IDENTITY_POOL_SESSION && identityPoolId ? identityPoolId : session;
  const principal = person === session ? arn : `${arn}/${identityPoolId}`;
  const permissionSet = PERMISSION_SET_ROLE.exec(roleName)?.[1];
  const lasting = permissionSet === undefined ? roleName : PERMISSION_SET_PREFIX + permissionSet;
  // A role with the bare name of a permission set's must not be taken for it.
  const imitates = permissionSet === undefined && roleName.startsWith(PERMISSION_SET_PREFIX);
  const readable = `${lasting}=${person}`;
  const fits = readable.length <= SESSION_NAME_LENGTH;
  const unambiguous = account === ownAccount && fits && !imitates && !roleName.includes('=') && !person.includes('=');
  // Where something must go, the person stays and the role is shortened.
  const shown = unambiguous ? readable : `${(permissionSet ?? roleName).slice(0, LONGEST_ROLE_SHOWN)}=${person}`;
  const identity = principal.replace(`/${roleName}/`, `/${lasting}${permissionSet === undefined ? '' : '_*'}/`);
  return { principal, sessionName: sessionName(shown, identity, unambiguous), role: { roleName, sessionName: session } };
}

export function callerFromCognito(claims: { readonly [name: string]: unknown }): Caller | undefined {
  const text = (name: string) => (typeof claims[name] === 'string' ? (claims[name] as string) : undefined);
  // An id token says `cognito:username`, an access token `username`.
  const user = text('cognito:username') ?? text('username') ?? text('sub');
  const pool = text('iss')?.split('/').pop();
  if (!user || !pool) {
    return undefined;
  }
  const principal = `cognito:${pool}/${user}`;
  return { principal, sessionName: sessionName(user, principal, true), groups: groupsOf(claims['cognito:groups']) };
}

/**
 * A REST API flattens the claim's list into a string with commas, as AWS's own code takes it apart:
 * https://github.com/aws-amplify/amplify-cli/blob/dev/packages/amplify-category-auth/resources/adminAuth/admin-auth-app.js
 * The form of HTTP APIs, `[a b]`, is not read on purpose: brackets may be part of a group's name, so it could mean another.
 */
function groupsOf(claim: unknown): readonly string[] {
  const groups = Array.isArray(claim) ? claim.map(String) : typeof claim === 'string' ? claim.split(',') : [];
  return groups.map((group) => group.trim()).filter((group) => group !== '');
}

/** Nobody proves who invokes a function directly; the trail's record of the invocation carries the same request id, and the person. */
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
  // A cut may halve a character beyond the basic plane.
  const kept = value.slice(0, TAG_VALUE_LENGTH - HASH_LENGTH - 1).replace(/\p{Surrogate}/gu, '');
  return `${kept}+${shortHash(text)}`;
}
