import * as fs from 'node:fs';
import * as path from 'node:path';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { clientConfiguration } from '../rig/clients';
import { localAwsEnvironment } from '../rig/environment';
import type { LocalStore } from '../rig/local-store';
import { MODEL_STORE_CLI } from '../rig/paths';
import { tryCommand, type CommandResult } from '../rig/run-command';

/**
 * Assigns a permission set as IAM Identity Center does: a role with its reserved name, the customer managed policies
 * attached by name, and the inline policy.
 */
export async function assignPermissionSet(
  { localAws }: LocalStore, roleName: string, policies: { readonly customerManaged?: readonly string[]; readonly inline?: object },
): Promise<string> {
  const iam = new IAMClient(clientConfiguration(localAws, localAws.root));
  try {
    const { Role: role } = await iam.send(new CreateRoleCommand({
      RoleName: roleName,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${localAws.account}:root` }, Action: 'sts:AssumeRole' }],
      }),
    }));
    for (const name of policies.customerManaged ?? []) {
      await iam.send(new AttachRolePolicyCommand({ RoleName: roleName, PolicyArn: `arn:aws:iam::${localAws.account}:policy/${name}` }));
    }
    if (policies.inline) {
      await iam.send(new PutRolePolicyCommand({ RoleName: roleName, PolicyName: 'AwsSSOInlinePolicy', PolicyDocument: JSON.stringify(policies.inline) }));
    }
    return role!.Arn!;
  } finally {
    iam.destroy();
  }
}

/** A home folder with the profiles of a user. Session keys stand in for the sign-in of Identity Center. */
export class SignedIn {
  private readonly configFile: string;
  private readonly credentialsFile: string;

  constructor(private readonly store: LocalStore, private readonly folder: string) {
    fs.mkdirSync(folder, { recursive: true });
    this.configFile = path.join(folder, 'config');
    this.credentialsFile = path.join(folder, 'credentials');
    fs.writeFileSync(this.configFile, '');
    fs.writeFileSync(this.credentialsFile, '');
  }

  /** `aws sso login` for one profile: a session of the permission set's role, named after the user. */
  public async signIn(profile: string, roleArn: string, userName: string): Promise<void> {
    const { localAws } = this.store;
    const sts = new STSClient(clientConfiguration(localAws, localAws.root));
    const { Credentials: given } = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: userName }));
    sts.destroy();
    fs.appendFileSync(this.credentialsFile, `[${profile}]\naws_access_key_id = ${given!.AccessKeyId}\naws_secret_access_key = ${given!.SecretAccessKey}\n`
      + `aws_session_token = ${given!.SessionToken}\n`, { mode: 0o600 });
  }

  public configure(text: string): void {
    fs.appendFileSync(this.configFile, `${text}\n`);
  }

  public async run(profile: string, ...args: string[]): Promise<CommandResult> {
    const {
      AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _secret, AWS_SESSION_TOKEN: _token, ...environment
    } = localAwsEnvironment(this.store.localAws, { accessKeyId: '', secretAccessKey: '' });
    return tryCommand(process.execPath, [MODEL_STORE_CLI, ...args], {
      cwd: this.folder,
      env: {
        ...environment,
        AWS_PROFILE: profile,
        AWS_CONFIG_FILE: this.configFile,
        AWS_SHARED_CREDENTIALS_FILE: this.credentialsFile,
        MODEL_STORE_URL: this.store.url,
        MODEL_STORE_NAME: this.store.name,
      },
    });
  }
}
