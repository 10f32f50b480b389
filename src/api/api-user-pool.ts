import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import type { ApiAuthentication } from './api-authentication';
import { isImported, tellOwner } from '../storage/owner-tasks';

export interface ApiUserPool {
  readonly userPool: cognito.IUserPool;
  /** Absent for a given pool whose client was not named. */
  readonly userPoolClient?: cognito.IUserPoolClient;
}

/** The given pool, or one of its own with its client and groups. */
export function apiUserPool(scope: Construct, authentication: ApiAuthentication, removalPolicy: RemovalPolicy): ApiUserPool {
  const given = authentication.cognitoOptions;
  if (given?.userPool) {
    tellPoolOwner(scope, given.userPool, authentication);
    return { userPool: given.userPool, userPoolClient: given.userPoolClient };
  }
  const userPool = new cognito.UserPool(scope, 'UserPool', {
    selfSignUpEnabled: false,
    // User names, not e-mail addresses: the name a session carries must not be up for change.
    signInAliases: { username: true },
    signInCaseSensitive: false,
    passwordPolicy: {
      minLength: 14,
      requireDigits: true,
      requireLowercase: true,
      requireSymbols: true,
      requireUppercase: true,
      passwordHistorySize: 24,
      tempPasswordValidity: Duration.days(1),
    },
    mfa: cognito.Mfa.REQUIRED,
    // No text messages: a phone number can be taken over.
    mfaSecondFactor: { otp: true, sms: false },
    accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
    featurePlan: cognito.FeaturePlan.PLUS,
    standardThreatProtectionMode: cognito.StandardThreatProtectionMode.FULL_FUNCTION,
    // Cognito refuses to delete a pool that is protected, whatever the stack says.
    deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
    removalPolicy,
  });
  const userPoolClient = new cognito.UserPoolClient(scope, 'UserPoolClient', {
    userPool,
    // A command line can keep no secret of its own; the password never leaves it (SRP).
    generateSecret: false,
    authFlows: { userSrp: true },
    disableOAuth: true,
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
    // Groups are read from the token, so a permission that is taken away lasts as long as this.
    accessTokenValidity: Duration.minutes(15),
    idTokenValidity: Duration.minutes(15),
    refreshTokenValidity: Duration.hours(12),
  });
  authentication.groups.forEach(({ name, permissions }) => {
    // The logical id carries a hash of this, so that names which differ by punctuation alone stay apart.
    new cognito.CfnUserPoolGroup(scope, `Group-${encodeURIComponent(name)}`, {
      userPoolId: userPool.userPoolId,
      groupName: name,
      description: `May ${permissions.join(', ')}`,
    });
  });
  return { userPool, userPoolClient };
}

/** A pool of this app is in the hands of whoever wrote it; of any other, its owner is told what the store trusts in. */
function tellPoolOwner(scope: Construct, userPool: cognito.IUserPool, authentication: ApiAuthentication): void {
  if (!isImported(userPool)) {
    return;
  }
  const groups = authentication.groups.map(({ name }) => name).join(', ');
  tellOwner(scope, {
    id: 'SecureModelArtifactStore::ImportedUserPool',
    resource: `the user pool ${userPool.userPoolId}`,
    why: 'so that a token stands for a person',
    settings: [
      'Let nobody sign up by themselves, and require a second factor that is no text message.',
      'Sign people in by a user name that cannot be changed: sessions, and with them the evidence, bear it.',
      `Make the groups ${groups}, and let administrators alone put people into them.`,
      authentication.cognitoOptions?.userPoolClient
        ? 'Let the client that people sign in with have no secret and the secure remote password protocol.'
        : 'Tell the command line which client people sign in with, or give userPoolClient: the store cannot know it.',
    ],
    policyStatements: [],
    outputId: 'RequiredUserPoolPolicy',
  });
}
