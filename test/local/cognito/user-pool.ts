import * as crypto from 'node:crypto';
import {
  AdminAddUserToGroupCommand, AdminCreateUserCommand, AdminSetUserPasswordCommand, AssociateSoftwareTokenCommand,
  type AuthenticationResultType, CognitoIdentityProviderClient, CreateGroupCommand, CreateUserPoolClientCommand, CreateUserPoolCommand,
  InitiateAuthCommand, RespondToAuthChallengeCommand, type RespondToAuthChallengeCommandOutput, SetUserMFAPreferenceCommand,
  SetUserPoolMfaConfigCommand, VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { CognitoStore } from './cognito-store';
import { oneTimePassword } from './one-time-password';
import { SecureRemotePassword, type PasswordChallenge } from './secure-remote-password';
import { clientConfiguration } from '../rig/clients';

/** A user with a password and an authenticator app. */
export interface User {
  readonly name: string;
  readonly password: string;
  readonly authenticatorSecret: string;
}

const randomPassword = () => `Aa1!${crypto.randomBytes(18).toString('base64url')}`;

/** Administrator and user operations on the user pool of a store. */
export class UserPool {
  private readonly client: CognitoIdentityProviderClient;
  private readonly UserPoolId: string;

  constructor(private readonly store: Pick<CognitoStore, 'localAws' | 'userPoolId' | 'userPoolClientId'>) {
    this.client = new CognitoIdentityProviderClient(clientConfiguration(store.localAws, store.localAws.root));
    this.UserPoolId = store.userPoolId;
  }

  /** Creates a user as an administrator; users set up MFA when they first sign in. */
  async addUser(name: string, groups: readonly string[]): Promise<User> {
    const [TemporaryPassword, password] = [randomPassword(), randomPassword()];
    const { UserPoolId } = this;
    await this.client.send(new AdminCreateUserCommand({ UserPoolId, Username: name, TemporaryPassword, MessageAction: 'SUPPRESS' }));
    await this.client.send(new AdminSetUserPasswordCommand({ UserPoolId, Username: name, Password: password, Permanent: true }));
    for (const group of groups) {
      await this.client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: name, GroupName: group }));
    }
    return { name, password, authenticatorSecret: await this.enrol(name, password) };
  }

  /** The identity token for a sign-in with a password, which is never sent, and a one-time password. */
  async signIn({ name, password, authenticatorSecret }: User): Promise<string> {
    const { ChallengeName, Session } = await this.provePassword(name, password);
    if (ChallengeName !== 'SOFTWARE_TOKEN_MFA') {
      throw new Error(`${name} was asked for ${ChallengeName ?? 'nothing more'} instead of a one-time password`);
    }
    const { AuthenticationResult: tokens } = await this.client.send(new RespondToAuthChallengeCommand({
      ClientId: this.store.userPoolClientId,
      ChallengeName,
      Session,
      ChallengeResponses: { USERNAME: name, SOFTWARE_TOKEN_MFA_CODE: oneTimePassword(authenticatorSecret) },
    }));
    return tokens!.IdToken!;
  }

  private async provePassword(name: string, password: string): Promise<RespondToAuthChallengeCommandOutput> {
    const ClientId = this.store.userPoolClientId;
    const protocol = new SecureRemotePassword();
    const { ChallengeName, ChallengeParameters } = await this.client.send(new InitiateAuthCommand({
      ClientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters: { USERNAME: name, SRP_A: protocol.publicValue },
    }));
    return this.client.send(new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName,
      ChallengeResponses: protocol.prove(this.UserPoolId, password, ChallengeParameters as unknown as PasswordChallenge),
    }));
  }

  /** The local AWS lets a user sign in without MFA to set it up, where AWS returns the challenge MFA_SETUP. */
  private async enrol(name: string, password: string): Promise<string> {
    const { AuthenticationResult: tokens } = await this.provePassword(name, password);
    const { AccessToken } = tokens as AuthenticationResultType;
    const { SecretCode } = await this.client.send(new AssociateSoftwareTokenCommand({ AccessToken }));
    await this.client.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: oneTimePassword(SecretCode!) }));
    await this.client.send(new SetUserMFAPreferenceCommand({
      AccessToken, SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
    }));
    return SecretCode!;
  }

  /** Another user pool in the account, with the same group names and user names. */
  async another(): Promise<UserPool> {
    const { UserPool: made } = await this.client.send(new CreateUserPoolCommand({ PoolName: 'another' }));
    const UserPoolId = made!.Id!;
    await this.client.send(new SetUserPoolMfaConfigCommand({
      UserPoolId, MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration: { Enabled: true },
    }));
    await this.client.send(new CreateGroupCommand({ UserPoolId, GroupName: 'data-scientists' }));
    const { UserPoolClient: client } = await this.client.send(new CreateUserPoolClientCommand({
      UserPoolId, ClientName: 'another', ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }));
    return new UserPool({ localAws: this.store.localAws, userPoolId: UserPoolId, userPoolClientId: client!.ClientId! });
  }

  close(): void {
    this.client.destroy();
  }
}
