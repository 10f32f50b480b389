import { Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import type { ApiAuthentication } from './api-authentication';
import { isImported, requireAction } from '../common/required-actions';
import { SIGN_IN_PORTS, signInCallback } from '../contract/sign-in';

export interface ApiUserPool {
  readonly userPool: cognito.IUserPool;
  /** Undefined for an existing pool whose client is not set. */
  readonly userPoolClient?: cognito.IUserPoolClient;
}

/** Returns the issuer of the pool's tokens. */
export function issuerOf(userPool: cognito.IUserPool): string {
  return `https://${userPool.userPoolProviderName}`;
}

/** Returns the existing pool, or creates one with a client and groups. */
export function apiUserPool(
  scope: Construct, authentication: ApiAuthentication, removalPolicy: RemovalPolicy,
): ApiUserPool {
  const given = authentication.cognitoOptions;
  if (given?.userPool) {
    requirePoolSettings(scope, given.userPool, authentication);
    return { userPool: given.userPool, userPoolClient: given.userPoolClient };
  }
  const userPool = new cognito.UserPool(scope, 'UserPool', {
    selfSignUpEnabled: false,
    // User names, not email addresses, because the name that a session carries must not change.
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
    // No text messages, because a phone number can be hijacked.
    mfaSecondFactor: { otp: true, sms: false },
    accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
    featurePlan: cognito.FeaturePlan.PLUS,
    standardThreatProtectionMode: cognito.StandardThreatProtectionMode.FULL_FUNCTION,
    // Cognito does not delete a protected pool, even if the stack requests it.
    deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
    removalPolicy,
  });
  const userPoolClient = new cognito.UserPoolClient(scope, 'UserPoolClient', {
    userPool,
    // A command line cannot keep a client secret. With SRP, the password is never sent.
    generateSecret: false,
    authFlows: { userSrp: true },
    // For "model-store login". The code from the browser works only with the verifier that the command keeps (PKCE).
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [cognito.OAuthScope.OPENID],
      callbackUrls: SIGN_IN_PORTS.map(signInCallback),
    },
    supportedIdentityProviders: [cognito.UserPoolClientIdentityProvider.COGNITO],
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
    // Groups are read from the token, so a revoked permission remains effective for up to this long.
    accessTokenValidity: Duration.minutes(15),
    idTokenValidity: Duration.minutes(15),
    refreshTokenValidity: Duration.hours(12),
  });
  addSignInPages(scope, userPool, userPoolClient, given?.domainPrefix);
  authentication.groups.forEach(({ name, permissions }) => {
    // The logical ID contains a hash of this ID, so that names that differ only in punctuation do not collide.
    new cognito.CfnUserPoolGroup(scope, `Group-${encodeURIComponent(name)}`, {
      userPoolId: userPool.userPoolId,
      groupName: name,
      description: `Permissions: ${permissions.join(', ')}`,
    });
  });
  return { userPool, userPoolClient };
}

/** Adds sign-in pages, where users enter passwords and one-time passwords, so that the command line never sees them. */
function addSignInPages(
  scope: Construct, userPool: cognito.UserPool, client: cognito.UserPoolClient, prefix: string | undefined,
): void {
  // Part of the GUID in arn:…:stack/NAME/GUID, which is fixed for a stack and differs between stacks. A stack may
  // contain several stores, so a hash of the construct's path is added.
  const ofTheStack = Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Stack.of(scope).stackId))));
  const ofTheStore = scope.node.addr.slice(-6);
  userPool.addDomain('Domain', {
    cognitoDomain: { domainPrefix: prefix ?? `models-${ofTheStack}-${ofTheStore}` },
    managedLoginVersion: cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
  });
  // Required: without it, a client with the newer managed login has no sign-in page.
  // https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-branding.html
  new cognito.CfnManagedLoginBranding(scope, 'SignInPages', {
    userPoolId: userPool.userPoolId, clientId: client.userPoolClientId, useCognitoProvidedValues: true,
  });
}

/** Reports what the store requires of an imported pool. The author of this app is responsible for a pool of the app. */
function requirePoolSettings(scope: Construct, userPool: cognito.IUserPool, authentication: ApiAuthentication): void {
  if (!isImported(userPool)) {
    return;
  }
  const groups = authentication.groups.map(({ name }) => name).join(', ');
  requireAction(scope, {
    id: 'SecureModelArtifactStore::ImportedUserPool',
    resource: `the user pool ${userPool.userPoolId}`,
    why: 'so that a token identifies a person',
    settings: [
      'Disable self-service sign-up, and require MFA without text messages.',
      'Let people sign in with a user name that cannot change, because sessions and logs carry it.',
      `Create the groups ${groups}, and let only administrators add people to them.`,
      authentication.cognitoOptions?.userPoolClient
        ? 'Configure the client that people sign in with: no secret, the authorization code grant with the scope '
          + `openid, and the callback URLs ${SIGN_IN_PORTS.map(signInCallback).join(', ')}. Add a domain to the pool.`
        : 'Pass the ID of the client that people sign in with to the command line, or set userPoolClient: the store '
          + 'does not know the client.',
    ],
    policyStatements: [],
    outputId: 'RequiredUserPoolPolicy',
  });
}
