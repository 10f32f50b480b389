import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { FUNCTION_NAMES, REGION, type EngineSite, type FunctionIdentity } from './engine';
import type { PolicyDocument } from './session-policies';
import { startStsServer, stsCredentials, type StsServer } from './sts-server';
import type { FunctionName } from '../../../src/contract/routes';

/** The only account in versitygw. */
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
 * Stands in for STS in front of versitygw, which checks sessions but has no AssumeRole: its own STS opens them only for
 * GitHub identities. This one implements AssumeRole and writes the session into the store of the IAM service of
 * versitygw. Everything else is done by versitygw: whether the token is known, the signature is valid, and role and
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
    // In the future, so that versitygw never records its use, and so never overwrites this file.
    RoleLastUsed: { LastUsedDate: '2100-01-01T00:00:00Z', Region: REGION },
    Policies: {
      inline: [{ PolicyName: 'permissions', PolicyDocument: JSON.stringify(policy), CreateDate: now, UpdateDate: now }],
    },
  };
}

/** versitygw reads this file for every request, so it must never see a partial one. */
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
