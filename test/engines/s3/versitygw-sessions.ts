import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { FUNCTION_NAMES, REGION, type EngineSite, type FunctionIdentity } from './engine';
import type { PolicyDocument } from './session-policies';
import { startStsServer, stsCredentials, type StsServer } from './sts-server';
import type { FunctionName } from '../../../src/contract/routes';

/** The only account that versitygw knows. */
export const VERSITYGW_ACCOUNT = '000000000000';

export interface VersitygwSessions extends StsServer {
  readonly functions: { readonly [name in FunctionName]: FunctionIdentity };
}

interface Role {
  readonly RoleName: string;
  readonly RoleID: string;
  readonly Arn: string;
  readonly [field: string]: unknown;
}

/**
 * Stands in for STS in front of versitygw, which checks sessions but has no AssumeRole: its own STS opens them for
 * GitHub's identities alone. This one answers AssumeRole and writes the session into the store of versitygw's own IAM
 * service. From there on everything is versitygw's: whether the token is known, the signature right, and role and
 * session policy together allow the request.
 */
export async function startVersitygwSessions(
  site: EngineSite,
  iamFolder: string,
  policies: { readonly [name in FunctionName]: PolicyDocument },
): Promise<VersitygwSessions> {
  const roles = FUNCTION_NAMES.map((name) => roleOf(name, policies[name]));
  const store = sessionStore(path.join(iamFolder, 'iam.json'), roles);
  const functions = Object.fromEntries(
    FUNCTION_NAMES.map((name, index) => [
      name,
      {
        credentials: { accessKeyId: accessKeyId('AKIA'), secretAccessKey: crypto.randomBytes(20).toString('hex') },
        sessionRoleArn: roles[index].Arn,
      },
    ]),
  ) as unknown as VersitygwSessions['functions'];
  const server = await startStsServer({
    ...site,
    functions: Object.values(functions),
    open: async ({ sessionRoleArn }, asked) => {
      const role = roles.find(({ Arn }) => Arn === sessionRoleArn)!;
      const seconds = Number(asked.get('DurationSeconds') ?? 3_600);
      const credentials = {
        AccessKeyId: accessKeyId('ASIA'),
        SecretAccessKey: crypto.randomBytes(20).toString('hex'),
        SessionToken: crypto.randomBytes(48).toString('base64url'),
        Expiration: `${new Date(Date.now() + seconds * 1_000).toISOString().slice(0, 19)}Z`,
      };
      store(role, credentials, asked);
      return stsCredentials(credentials);
    },
  });
  return { ...server, functions };
}

function accessKeyId(prefix: string): string {
  return `${prefix}${crypto.randomBytes(8).toString('hex').toUpperCase()}`;
}

function roleOf(name: FunctionName, policy: PolicyDocument): Role {
  const now = new Date().toISOString();
  const roleName = `${name}-session-role`;
  return {
    Path: '/',
    RoleName: roleName,
    RoleID: accessKeyId('AROA'),
    Arn: `arn:aws:iam::${VERSITYGW_ACCOUNT}:role/${roleName}`,
    CreateDate: now,
    AssumeRolePolicyDocument: '{}',
    MaxSessionDuration: 3_600,
    // A day that is still to come: versitygw then never writes about its use, and so never into what is written here.
    RoleLastUsed: { LastUsedDate: '2100-01-01T00:00:00Z', Region: REGION },
    Policies: {
      inline: [{ PolicyName: 'permissions', PolicyDocument: JSON.stringify(policy), CreateDate: now, UpdateDate: now }],
    },
  };
}

/** versitygw reads this file whenever it is asked; it must never see half of one. */
function sessionStore(file: string, roles: readonly Role[]) {
  const sessions: { [accessKeyId: string]: object } = {};
  const write = () => {
    const stored = {
      users: {},
      accessKeyIndex: {},
      userNameIndex: {},
      oidcProviders: {},
      sessions,
      roles: Object.fromEntries(roles.map((role) => [role.RoleName, role])),
      roleNameIndex: Object.fromEntries(roles.map(({ RoleName }) => [RoleName, RoleName])),
    };
    fs.writeFileSync(`${file}.new`, JSON.stringify(stored), { mode: 0o600 });
    fs.renameSync(`${file}.new`, file);
  };
  write();
  return (role: Role, credentials: { readonly [name: string]: string }, asked: URLSearchParams) => {
    sessions[credentials.AccessKeyId] = {
      accessKeyId: credentials.AccessKeyId,
      secretAccessKey: credentials.SecretAccessKey,
      sessionToken: credentials.SessionToken,
      roleArn: role.Arn,
      roleName: role.RoleName,
      roleId: role.RoleID,
      roleSessionName: asked.get('RoleSessionName') ?? '',
      createDate: new Date().toISOString(),
      expiration: credentials.Expiration,
      policy: asked.get('Policy') ?? '',
    };
    write();
  };
}
