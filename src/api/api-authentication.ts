import { Token } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type { Problems } from '../common/problems';
import type { GroupPermissions } from '../contract/environment';
import { isModelPattern } from '../contract/names';

/**
 * What a Cognito group may be permitted to do; each route of the API needs exactly one.
 */
export enum ApiPermission {
  /** List and show models, versions and aliases; no file of a model. */
  READ = 'read',
  /** Send files and publish versions. */
  UPLOAD = 'upload',
  /** Get links to read the files of a version. */
  DOWNLOAD = 'download',
  /** Move aliases. */
  PROMOTE = 'promote',
}

/**
 * A Cognito group and what its members may do. Who is in several groups may do what any of them may.
 */
export interface CognitoGroup {
  /**
   * The group's name: no comma and no whitespace, because API Gateway hands a user's groups on as one list with commas.
   */
  readonly name: string;

  /**
   * What members may do.
   */
  readonly permissions: ApiPermission[];

  /**
   * With which models: names, or beginnings of names followed by one `*`, such as `fraud-*`.
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
   * A user pool that is there already. Its password policy and its second factor are then its owner's matter, and a token
   * of any client of the pool is accepted; what it may do is decided by `groups`.
   *
   * @default - a pool of its own: nobody can sign up, one-time passwords as a second factor are required, passwords of 14
   * characters at least, threat protection enforced (the Plus plan, about $0.02 per active user a month)
   */
  readonly userPool?: cognito.IUserPool;

  /**
   * The client of `userPool` that people sign in with; its id is what the command line is told. For `model-store login` it needs no
   * secret, the authorization code grant, the scope `openid`, and the callback URLs `http://localhost:18732/`,
   * `http://localhost:28732/` and `http://localhost:38732/`; the pool needs a domain.
   *
   * @default - for a pool of its own, a public client with the authorization code grant (PKCE) and the secure remote password
   * protocol; for a given pool, none
   */
  readonly userPoolClient?: cognito.IUserPoolClient;

  /**
   * Prefix of the domain with the sign-in pages of a pool of its own: `https://PREFIX.auth.REGION.amazoncognito.com`. No two pools
   * of a Region have the same, whosever they are. Lower-case letters, digits and hyphens, without `aws`, `amazon` and `cognito`.
   *
   * @default - `models-`, a part of the stack's id, and a hash of the construct's path
   */
  readonly domainPrefix?: string;

  /**
   * The groups and what they may do. A group that is not here may do nothing. In a pool of its own they are created.
   *
   * @default - for a pool of its own, `data-scientists` (read, upload, download), `pipelines` (read, download, promote) and
   * `auditors` (read), each for every model; for a given pool they have to be named
   */
  readonly groups?: CognitoGroup[];

  /**
   * OAuth scopes of which an access token must have at least one; for a given pool alone.
   *
   * @default - none: callers send their identity token
   */
  readonly oauthScopes?: string[];
}

const DEFAULT_GROUPS: readonly CognitoGroup[] = [
  { name: 'data-scientists', permissions: [ApiPermission.READ, ApiPermission.UPLOAD, ApiPermission.DOWNLOAD] },
  { name: 'pipelines', permissions: [ApiPermission.READ, ApiPermission.DOWNLOAD, ApiPermission.PROMOTE] },
  { name: 'auditors', permissions: [ApiPermission.READ] },
];

/**
 * Lambda's limit on all environment variables of a function together is 4 KB; the others of ours need less than half.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_GROUP_PERMISSIONS_BYTES = 2_048;

/**
 * How callers of the API prove who they are.
 */
export class ApiAuthentication {
  /**
   * IAM: requests are signed with AWS credentials (Signature Version 4), and IAM policies say which routes and models a
   * principal may call.
   */
  public static iam(): ApiAuthentication {
    return new ApiAuthentication('iam');
  }

  /**
   * A Cognito user pool: requests carry a token, and groups say which routes and models a user may call.
   *
   * @param options the pool, the groups and what tokens must say; without them a pool with three groups is made
   */
  public static cognito(options: CognitoAuthenticationOptions = {}): ApiAuthentication {
    return new ApiAuthentication('cognito', options);
  }

  /**
   * @param mode `iam` or `cognito`
   * @param cognitoOptions what was asked for; absent with IAM
   */
  private constructor(public readonly mode: string, public readonly cognitoOptions?: CognitoAuthenticationOptions) {}

  /**
   * The groups, those of the default included; empty with IAM.
   */
  public get groups(): CognitoGroup[] {
    return this.mode === 'cognito' ? this.cognitoOptions?.groups ?? [...DEFAULT_GROUPS] : [];
  }

  /**
   * What the functions are told about the groups.
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
      problems.add('authentication.userPool is given but authentication.groups is not, so nobody could do anything; '
        + 'say which of the pool\'s groups may do what');
    }
    if (options.userPoolClient && !options.userPool) {
      problems.add('authentication.userPoolClient is given but authentication.userPool is not, so the client cannot belong to the '
        + 'pool that would be created; give both or neither');
    }
    if (options.oauthScopes && !options.userPool) {
      problems.add('authentication.oauthScopes is given but authentication.userPool is not, and callers send the identity token of the pool '
        + 'that would be created, which has no scope; give a pool too, or leave oauthScopes out');
    }
    if (options.domainPrefix !== undefined && options.userPool) {
      problems.add('authentication.domainPrefix is for a pool that would be created, but authentication.userPool is given; set the domain where '
        + 'that pool is made');
    }
    checkDomainPrefix(problems, options.domainPrefix);
    if (!options.userPool && this.groups.some(({ name }) => Token.isUnresolved(name))) {
      problems.add('authentication.groups has a name that only the deployment knows, but the groups of a pool of its own are named here; '
        + 'write the name out, or give userPool');
    }
    problems.items('authentication.oauthScopes', options.oauthScopes);
    checkGroups(problems, this.groups);
    const bytes = Buffer.byteLength(JSON.stringify(this._groupPermissions()));
    if (bytes > MAX_GROUP_PERMISSIONS_BYTES) {
      problems.add(`authentication.groups takes ${bytes} bytes as JSON; the functions can be told at most `
        + `${MAX_GROUP_PERMISSIONS_BYTES}: name fewer groups, or fewer models by patterns`);
    }
  }
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html */
function checkDomainPrefix(problems: Problems, prefix: string | undefined): void {
  if (prefix === undefined || Token.isUnresolved(prefix)) {
    return;
  }
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(prefix) || /aws|amazon|cognito/.test(prefix)) {
    problems.add(`authentication.domainPrefix is ${JSON.stringify(prefix)}; use 1 to 63 lower-case letters, digits and "-", a letter or a digit `
      + 'at both ends, and none of the words "aws", "amazon" and "cognito"');
  }
}

function checkGroups(problems: Problems, groups: readonly CognitoGroup[]): void {
  if (groups.length === 0) {
    problems.add('authentication.groups is empty, so nobody could do anything; name at least one group');
  }
  const seen = new Set<string>();
  groups.forEach(({ name, permissions, models }, index) => {
    const at = `authentication.groups[${index}]`;
    if (!Token.isUnresolved(name)) {
      if (!/^[^\s,]{1,128}$/u.test(name)) {
        problems.add(`${at}.name is ${JSON.stringify(name)}; a group's name has 1 to 128 characters, no whitespace and no comma`);
      }
      if (seen.has(name)) {
        problems.add(`${at}.name is "${name}", which an earlier group has too; say once what a group may do`);
      }
      seen.add(name);
    }
    if (permissions.length === 0) {
      problems.add(`${at}.permissions is empty; leave the group out if it may do nothing`);
    }
    if (models?.length === 0) {
      problems.add(`${at}.models is empty; leave the group out if it may do nothing, or models out if it means every model`);
    }
    for (const [pattern, modelIndex] of problems.items(`${at}.models`, models)) {
      if (!isModelPattern(pattern)) {
        problems.add(`${at}.models[${modelIndex}] is ${JSON.stringify(pattern)}; a model pattern is a model's name, or the beginning `
          + 'of one followed by a single "*" at the end');
      }
    }
  });
}
