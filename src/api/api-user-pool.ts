import { Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import type { ApiAuthentication } from './api-authentication';
import { isImported, tellOwner } from '../common/required-actions';
import { SIGN_IN_PORTS, signInCallback } from '../contract/sign-in';

export interface ApiUserPool {
  readonly userPool: cognito.IUserPool;
  /** Absent for a given pool whose client was not named. */
  readonly userPoolClient?: cognito.IUserPoolClient;
}

/** Who issues the tokens of a pool. */
export function issuerOf(userPool: cognito.IUserPool): string {
  return `https://${userPool.userPoolProviderName}`;
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
    // "model-store login": the code that comes back through the browser is of use only with the verifier that the command keeps (PKCE).
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [cognito.OAuthScope.OPENID],
      callbackUrls: SIGN_IN_PORTS.map(signInCallback),
    },
    supportedIdentityProviders: [cognito.UserPoolClientIdentityProvider.COGNITO],
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
    // Groups are read from the token, so a permission that is taken away lasts as long as this.
    accessTokenValidity: Duration.minutes(15),
    idTokenValidity: Duration.minutes(15),
    refreshTokenValidity: Duration.hours(12),
  });
  addSignInPages(scope, userPool, userPoolClient, given?.domainPrefix);
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

/** A page to sign in on, which takes passwords and one-time passwords, so that the command line never sees them. */
function addSignInPages(scope: Construct, userPool: cognito.UserPool, client: cognito.UserPoolClient, prefix: string | undefined): void {
  // Of arn:…:stack/NAME/GUID: the same for as long as the stack is there, and no other stack's. A stack may have two stores.
  const ofTheStack = Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Stack.of(scope).stackId))));
  const ofTheStore = scope.node.addr.slice(-6);
  userPool.addDomain('Domain', {
    cognitoDomain: { domainPrefix: prefix ?? `models-${ofTheStack}-${ofTheStore}` },
    managedLoginVersion: cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
  });
  // Without one, a client of the newer managed login has no page at all:
  // https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-branding.html
  new cognito.CfnManagedLoginBranding(scope, 'SignInPages', {
    userPoolId: userPool.userPoolId, clientId: client.userPoolClientId, useCognitoProvidedValues: true,
  });
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
        ? 'Let the client that people sign in with have no secret, the authorization code grant with the scope openid, and the callback URLs '
          + `${SIGN_IN_PORTS.map(signInCallback).join(', ')}; and give the pool a domain.`
        : 'Tell the command line which client people sign in with, or give userPoolClient: the store cannot know it.',
    ],
    policyStatements: [],
    outputId: 'RequiredUserPoolPolicy',
  });
}
