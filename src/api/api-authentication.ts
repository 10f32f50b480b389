import { Token } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type { Problems } from '../common/problems';
import type { GroupPermissions } from '../contract/environment';
import { isModelPattern } from '../contract/names';

/**
 * Permissions of a Cognito group. Each route of the API requires exactly one of them.
 */
export enum ApiPermission {
  /** List and show models, versions and aliases. Does not allow downloading files. */
  READ = 'read',
  /** Upload files and publish versions. */
  UPLOAD = 'upload',
  /** Get presigned URLs to download the files of a version. */
  DOWNLOAD = 'download',
  /** Move aliases. */
  PROMOTE = 'promote',
}

/**
 * A Cognito group and its permissions. A user in several groups has the permissions of all of them.
 */
export interface CognitoGroup {
  /**
   * The name of the group. It must not contain whitespace.
   */
  readonly name: string;

  /**
   * The permissions of the group's members.
   */
  readonly permissions: ApiPermission[];

  /**
   * The models that the permissions apply to: names, or name prefixes followed by a single `*`, such as `fraud-*`.
   *
   * @default ['*'] - every model
   */
  readonly models?: string[];
}

/**
 * Options of `ApiAuthentication.cognito`.
 */
export interface CognitoAuthenticationOptions {
  /**
   * An existing user pool. Its owner is responsible for its password policy and MFA. The API accepts tokens of any
   * client of the pool, and `groups` decides what their users can do.
   *
   * @default - a pool is created: no self-service sign-up, MFA with one-time passwords required, passwords of at least
   * 14 characters, threat protection enforced (the Plus plan, about $0.02 per active user a month)
   */
  readonly userPool?: cognito.IUserPool;

  /**
   * The client of `userPool` that people sign in with. The command line uses its ID.
   *
   * For `model-store login`, the client must have no secret, the authorization code grant, the scope `openid`, and the
   * callback URLs `http://localhost:18732/`, `http://localhost:28732/` and `http://localhost:38732/`, and the pool must
   * have a domain.
   *
   * @default - for a pool that is created, a public client with the authorization code grant (PKCE) and the Secure
   * Remote Password protocol; for an existing pool, none
   */
  readonly userPoolClient?: cognito.IUserPoolClient;

  /**
   * The domain prefix of the sign-in pages, for a pool that is created: `https://PREFIX.auth.REGION.amazoncognito.com`.
   * It must be unique within the Region, across all AWS accounts. Use lower-case letters, digits and hyphens, without
   * the words `aws`, `amazon` and `cognito`.
   *
   * @default - `models-`, a part of the stack's ID, and a hash of the construct's path
   */
  readonly domainPrefix?: string;

  /**
   * The groups and their permissions. Other groups have no permissions. If a pool is created, the groups are created in
   * it.
   *
   * @default - for a pool that is created, `data-scientists` (read, upload, download), `pipelines` (read, download,
   * promote) and `auditors` (read), each for every model; for an existing pool, groups are required
   */
  readonly groups?: CognitoGroup[];

  /**
   * OAuth scopes; an access token must have at least one of them. Only for an existing pool.
   *
   * @default - none; callers send their identity token
   */
  readonly oauthScopes?: string[];
}

const DEFAULT_GROUPS: readonly CognitoGroup[] = [
  { name: 'data-scientists', permissions: [ApiPermission.READ, ApiPermission.UPLOAD, ApiPermission.DOWNLOAD] },
  { name: 'pipelines', permissions: [ApiPermission.READ, ApiPermission.DOWNLOAD, ApiPermission.PROMOTE] },
  { name: 'auditors', permissions: [ApiPermission.READ] },
];

/**
 * Lambda limits the total size of a function's environment variables to 4 KB. The other variables need less than half.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_GROUP_PERMISSIONS_BYTES = 2_048;

/**
 * How the API authenticates callers.
 */
export class ApiAuthentication {
  /**
   * Authenticates callers with IAM. Requests are signed with AWS credentials (Signature Version 4), and IAM policies
   * decide which routes and models a principal can use.
   */
  public static iam(): ApiAuthentication {
    return new ApiAuthentication('iam');
  }

  /**
   * Authenticates callers with a Cognito user pool. Requests carry a token, and the user's groups decide which routes
   * and models the user can use.
   *
   * @param options the pool, the groups and the OAuth scopes; by default, a pool with three groups is created
   */
  public static cognito(options: CognitoAuthenticationOptions = {}): ApiAuthentication {
    return new ApiAuthentication('cognito', options);
  }

  /**
   * @param mode `iam` or `cognito`
   * @param cognitoOptions the Cognito options; undefined with IAM
   */
  private constructor(public readonly mode: string, public readonly cognitoOptions?: CognitoAuthenticationOptions) {}

  /**
   * The groups, including the default groups. Empty with IAM.
   */
  public get groups(): CognitoGroup[] {
    return this.mode === 'cognito' ? this.cognitoOptions?.groups ?? [...DEFAULT_GROUPS] : [];
  }

  /**
   * Returns the groups as the functions receive them.
   *
   * @internal
   */
  public _groupPermissions(): GroupPermissions {
    return this.groups.map(({ name, permissions, models }) => ({ group: name, permissions, models: models ?? ['*'] }));
  }

  /**
   * @internal
   */
  public _check(problems: Problems): void {
    const options = this.cognitoOptions;
    if (!options) {
      return;
    }
    if (options.userPool && !options.groups) {
      problems.add('authentication.userPool is set without authentication.groups, so no user would have permissions; '
        + 'set the permissions of the pool\'s groups');
    }
    if (options.userPoolClient && !options.userPool) {
      problems.add('authentication.userPoolClient is set without authentication.userPool, but the client cannot belong '
        + 'to the pool that would be created; set both or neither');
    }
    if (options.oauthScopes && !options.userPool) {
      problems.add('authentication.oauthScopes is set without authentication.userPool, but callers send the identity '
        + 'token of the pool that would be created, which has no scopes; set userPool too, or omit oauthScopes');
    }
    if (options.domainPrefix !== undefined && options.userPool) {
      problems.add('authentication.domainPrefix is for a pool that would be created, but authentication.userPool is '
        + 'set; set the domain where that pool is defined');
    }
    checkDomainPrefix(problems, options.domainPrefix);
    if (!options.userPool && this.groups.some(({ name }) => Token.isUnresolved(name))) {
      problems.add('authentication.groups has a name that is known only at deployment, but the groups of a pool that '
        + 'is created must be named at synthesis; use a literal name, or set userPool');
    }
    problems.items('authentication.oauthScopes', options.oauthScopes);
    checkGroups(problems, this.groups);
    const bytes = Buffer.byteLength(JSON.stringify(this._groupPermissions()));
    if (bytes > MAX_GROUP_PERMISSIONS_BYTES) {
      problems.add(`authentication.groups is ${bytes} bytes as JSON, but the functions' environment allows at most `
        + `${MAX_GROUP_PERMISSIONS_BYTES}; use fewer groups, or patterns instead of model names`);
    }
  }
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html */
function checkDomainPrefix(problems: Problems, prefix: string | undefined): void {
  if (prefix === undefined || Token.isUnresolved(prefix)) {
    return;
  }
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(prefix) || /aws|amazon|cognito/.test(prefix)) {
    problems.add(`authentication.domainPrefix is ${JSON.stringify(prefix)}; use 1 to 63 lower-case letters, digits and `
      + '"-", with a letter or digit at both ends, and without the words "aws", "amazon" and "cognito"');
  }
}

function checkGroups(problems: Problems, groups: readonly CognitoGroup[]): void {
  if (groups.length === 0) {
    problems.add('authentication.groups is empty, so no user would have permissions; name at least one group');
  }
  const seen = new Set<string>();
  groups.forEach(({ name, permissions, models }, index) => {
    const at = `authentication.groups[${index}]`;
    if (!Token.isUnresolved(name)) {
      if (!/^\S{1,128}$/u.test(name)) {
        problems.add(`${at}.name is ${JSON.stringify(name)}; use 1 to 128 characters without whitespace`);
      }
      if (seen.has(name)) {
        problems.add(`${at}.name is "${name}", the same as an earlier group; list each group once`);
      }
      seen.add(name);
    }
    if (permissions.length === 0) {
      problems.add(`${at}.permissions is empty; remove the group if it needs no permissions`);
    }
    if (models?.length === 0) {
      problems.add(`${at}.models is empty; remove the group if it needs no permissions, or omit models to allow every `
        + 'model');
    }
    for (const [pattern, modelIndex] of problems.items(`${at}.models`, models)) {
      if (!isModelPattern(pattern)) {
        problems.add(`${at}.models[${modelIndex}] is ${JSON.stringify(pattern)}; a model pattern is a name, or a name `
          + 'prefix followed by a single "*"');
      }
    }
  });
}
