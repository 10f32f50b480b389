import * as fs from 'node:fs';
import * as path from 'node:path';
import { GetRoleCommand, IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient, type AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import type { DeployedResource, DeployedStacks } from './deployed-stacks';
import type { IamWorld, PolicyDocument } from './iam-world';
import { valuesFor, type Values } from './values';
import { blobKey } from '../../../../src/contract/keys';
import { sessionPolicies } from '../../../../src/handlers/aws/session-policy';
import type { Settings } from '../../../../src/handlers/common/environment';
import type { Principal } from '../../../access/matrix/matrix';
import { clientConfiguration } from '../../rig/clients';
import type { Credentials } from '../../rig/environment';
import type { LocalAws } from '../../rig/local-aws';
import { PROJECT_ROOT } from '../../rig/paths';
import { inRole, makePerson, makeUser } from '../../rig/people';

/** A principal of the matrix, ready to send requests, with the policies that the second engine evaluates. */
export interface Caller {
  readonly principal: Principal;
  readonly values: Values;
  /** Absent for an anonymous request. */
  readonly arn?: string;
  readonly credentials?: Credentials;
  /** A token of the user pool, in place of credentials. */
  readonly token?: string;
  readonly identityPolicies: readonly PolicyDocument[];
  readonly sessionPolicy?: PolicyDocument;
  /** Condition keys about the caller. */
  readonly context: { readonly [key: string]: string };
}

export class Callers {
  constructor(
    private readonly localAws: LocalAws, private readonly stacks: DeployedStacks, private readonly world: IamWorld, private readonly values: Values,
    /** Of the names of users and sessions; other tests create users, too. */
    private readonly prefix: string,
  ) {}

  async create(principal: Principal): Promise<Caller> {
    if (principal.id === 'anonymous') {
      return this.caller(principal, { context: {} });
    }
    if (principal.id === 'root') {
      const { account, root } = this.localAws;
      const arn = `arn:aws:iam::${account}:root`;
      // No policy gives the root user its permissions. The second engine needs one.
      const everything: PolicyDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
      return this.caller(principal, {
        arn, credentials: root, identityPolicies: [everything], context: { 'aws:userid': account, 'aws:PrincipalArn': arn },
      });
    }
    return principal.role === undefined ? this.user(principal) : this.session(principal, principal.role);
  }

  private caller(principal: Principal, rest: Omit<Caller, 'principal' | 'values' | 'identityPolicies'> & Partial<Caller>): Caller {
    return { principal, identityPolicies: [], values: { ...this.values, ...valuesFor(principal.id, this.nameOf(principal)) }, ...rest };
  }

  private nameOf({ id }: Principal): string {
    return `${this.prefix}-${id}`;
  }

  private async user(principal: Principal): Promise<Caller> {
    const policy: PolicyDocument = principal.policyFile === undefined
      ? { Version: '2012-10-17', Statement: principal.statements as PolicyDocument['Statement'] }
      : JSON.parse(fs.readFileSync(path.join(PROJECT_ROOT, principal.policyFile), 'utf8')) as PolicyDocument;
    const name = this.nameOf(principal);
    const account = principal.account ?? this.localAws.account;
    // The local AWS takes the ID of an account as the access key of its root user.
    const root = principal.account === undefined ? this.localAws.root : { ...this.localAws.root, accessKeyId: principal.account };
    const credentials = await makeUser({ ...this.localAws, root }, name, policy.Statement);
    const arn = `arn:aws:iam::${account}:user/${name}`;
    return this.caller(principal, {
      arn, credentials, identityPolicies: [policy], context: { 'aws:username': name, 'aws:userid': `AIDA${name}`, 'aws:PrincipalArn': arn },
    });
  }

  private async session(principal: Principal, roleId: string): Promise<Caller> {
    const role = this.stacks.one('AWS::IAM::Role', new RegExp(`${roleId}[0-9A-F]{8}$`));
    const name = this.nameOf(principal);
    const sessionPolicy = principal.sessionPolicy === undefined ? undefined : this.sessionPolicy(role, principal.sessionPolicy);
    const credentials = principal.outside ? await this.assume(this.localAws.root, { RoleArn: role.arn, RoleSessionName: name })
      : principal.session ? await this.openSession(role, name, sessionPolicy)
        : await inRole(this.localAws, await makePerson(this.localAws, name, role.arn));
    return this.caller(principal, {
      arn: `arn:aws:sts::${this.localAws.account}:assumed-role/${role.name}/${name}`,
      credentials,
      identityPolicies: this.world.policiesOf(role),
      sessionPolicy,
      context: {
        'aws:userid': `AROA${role.id}:${name}`, 'aws:PrincipalArn': role.arn, ...(principal.session ? { 'aws:SourceIdentity': name } : {}),
      },
    });
  }

  /** The policy that the download function gives the session that signs one URL. */
  private sessionPolicy(role: DeployedResource, model: string): PolicyDocument {
    const names = { bucketName: this.values.bucket, encryptionKeyArn: this.values.artifactKey, sessionRoleArn: role.arn };
    const settings = { ...names, formerSigningKeyArns: [] } as unknown as Settings;
    const blobs = { actions: ['s3:GetObject'], keys: [blobKey(model, this.values.digest)] };
    return JSON.parse(sessionPolicies('download', { model, blobs, encryptionKey: ['kms:Decrypt'] }, settings).narrow) as PolicyDocument;
  }

  /**
   * A session of a function's session role. Only the function can open one, so for a moment the trust policy lets a user of this test
   * in. What the session may do does not depend on who opened it.
   */
  private async openSession(role: DeployedResource, name: string, sessionPolicy: PolicyDocument | undefined): Promise<Credentials> {
    const iam = new IAMClient(clientConfiguration(this.localAws, this.localAws.root));
    const opener = await makeUser(this.localAws, `${name}-opener`, [{ Effect: 'Allow', Action: 'sts:*', Resource: role.arn }]);
    const { Role: before } = await iam.send(new GetRoleCommand({ RoleName: role.name }));
    const trust = decodeURIComponent(before!.AssumeRolePolicyDocument!);
    const document = JSON.parse(trust) as PolicyDocument;
    const exception = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${this.localAws.account}:user/${name}-opener` }, Action: 'sts:*' };
    try {
      await iam.send(new UpdateAssumeRolePolicyCommand({
        RoleName: role.name, PolicyDocument: JSON.stringify({ ...document, Statement: [...document.Statement, exception] }),
      }));
      return await this.assume(opener, {
        RoleArn: role.arn, RoleSessionName: name, SourceIdentity: name, Policy: sessionPolicy && JSON.stringify(sessionPolicy),
      });
    } finally {
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: role.name, PolicyDocument: trust }));
      iam.destroy();
    }
  }

  private async assume(as: Credentials, input: AssumeRoleCommandInput): Promise<Credentials> {
    const sts = new STSClient(clientConfiguration(this.localAws, as));
    try {
      const { Credentials: given } = await sts.send(new AssumeRoleCommand(input));
      return { accessKeyId: given!.AccessKeyId!, secretAccessKey: given!.SecretAccessKey!, sessionToken: given!.SessionToken! };
    } finally {
      sts.destroy();
    }
  }
}
