import { CfnParameter } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { StoreStack } from './fixtures';
import { ApiAuthentication, ApiPermission } from '../../src/api/api-authentication';
import { ENV } from '../../src/contract/environment';
import { PERMISSIONS } from '../../src/contract/routes';

function groupPermissions(template: Template): unknown {
  const [fn] = Object.values(template.findResources('AWS::Lambda::Function'));
  return JSON.parse(fn.Properties.Environment.Variables[ENV.GROUP_PERMISSIONS]);
}

test('the permissions of a group match the contract', () => {
  expect(Object.values(ApiPermission).sort()).toEqual([...PERMISSIONS].sort());
});

describe('Cognito with no options', () => {
  const stack = new StoreStack();
  const api = stack.addApi({ authentication: ApiAuthentication.cognito() });
  const template = Template.fromStack(stack);

  test('creates a protected pool without sign-up, with long passwords and one-time passwords', () => {
    template.hasResource('AWS::Cognito::UserPool', {
      DeletionPolicy: 'Retain',
      Properties: {
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        MfaConfiguration: 'ON',
        EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
        DeletionProtection: 'ACTIVE',
        UserPoolTier: 'PLUS',
        UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
        UsernameConfiguration: { CaseSensitive: false },
        UsernameAttributes: Match.absent(),
        AliasAttributes: Match.absent(),
        Policies: {
          PasswordPolicy: {
            MinimumLength: 14, RequireLowercase: true, RequireUppercase: true, RequireNumbers: true, RequireSymbols: true,
            PasswordHistorySize: 24, TemporaryPasswordValidityDays: 1,
          },
        },
      },
    });
  });

  test('creates a client without a secret for browser sign-in, with tokens that are valid for 15 minutes', () => {
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid'],
      CallbackURLs: ['http://localhost:18732/', 'http://localhost:28732/', 'http://localhost:38732/'],
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
      AccessTokenValidity: 15,
      IdTokenValidity: 15,
      RefreshTokenValidity: 720,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
    });
  });

  test('has sign-in pages on a dedicated domain', () => {
    template.hasResourceProperties('AWS::Cognito::UserPoolDomain', { ManagedLoginVersion: 2 });
    template.hasResourceProperties('AWS::Cognito::ManagedLoginBranding', { UseCognitoProvidedValues: true });
  });

  test('creates the three groups and passes their permissions to the functions', () => {
    const names = Object.values(template.findResources('AWS::Cognito::UserPoolGroup')).map(({ Properties }) => Properties.GroupName);
    expect(names.sort()).toEqual(['auditors', 'data-scientists', 'pipelines']);
    expect(groupPermissions(template)).toEqual([
      { group: 'data-scientists', permissions: ['read', 'upload', 'download'], models: ['*'] },
      { group: 'pipelines', permissions: ['read', 'download', 'promote'], models: ['*'] },
      { group: 'auditors', permissions: ['read'], models: ['*'] },
    ]);
    template.resourcePropertiesCountIs('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ [ENV.AUTHENTICATION]: 'cognito' }) },
    }, 3);
  });

  test('requires a token of the pool on every method, and accepts any valid identity token', () => {
    template.allResourcesProperties('AWS::ApiGateway::Method', {
      AuthorizationType: 'COGNITO_USER_POOLS', AuthorizerId: { Ref: Match.anyValue() }, AuthorizationScopes: Match.absent(),
    });
    template.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'COGNITO_USER_POOLS', ProviderARNs: [stack.resolve(api.userPool!.userPoolArn)],
    });
  });

  test('checks the token of every request, so that none is accepted after it has expired', () => {
    template.hasResourceProperties('AWS::ApiGateway::Authorizer', { AuthorizerResultTtlInSeconds: 0 });
  });

  test('exposes the pool and the client', () => {
    expect(api.userPool).toBeDefined();
    expect(api.userPoolClient).toBeDefined();
  });
});

describe('Cognito with an existing pool', () => {
  const stack = new StoreStack();
  const userPool = cognito.UserPool.fromUserPoolId(stack, 'Pool', 'eu-central-1_a1B2c3D4e');
  const api = stack.addApi({
    authentication: ApiAuthentication.cognito({
      userPool,
      groups: [{ name: 'fraud', permissions: [ApiPermission.READ, ApiPermission.DOWNLOAD], models: ['fraud-*', 'scoring'] }],
      oauthScopes: ['models/use'],
    }),
  });
  const template = Template.fromStack(stack);

  test('creates no pool, client or groups', () => {
    for (const type of ['AWS::Cognito::UserPool', 'AWS::Cognito::UserPoolClient', 'AWS::Cognito::UserPoolGroup']) {
      template.resourceCountIs(type, 0);
    }
    expect(api.userPoolClient).toBeUndefined();
  });

  test('grants the groups their permissions for the named models', () => {
    expect(groupPermissions(template)).toEqual([{ group: 'fraud', permissions: ['read', 'download'], models: ['fraud-*', 'scoring'] }]);
  });

  test('requires an access token with one of the scopes', () => {
    template.allResourcesProperties('AWS::ApiGateway::Method', { AuthorizationScopes: ['models/use'] });
  });
});

describe('contradictions', () => {
  test('an existing pool without groups, and a client without a pool, are rejected', () => {
    const stack = new StoreStack();
    const userPool = cognito.UserPool.fromUserPoolId(stack, 'Pool', 'eu-central-1_a1B2c3D4e');
    expect(() => stack.addApi({ authentication: ApiAuthentication.cognito({ userPool }) }))
      .toThrow('authentication.userPool is set without authentication.groups');
    const userPoolClient = cognito.UserPoolClient.fromUserPoolClientId(stack, 'Client', 'abc');
    expect(() => new StoreStack().addApi({ authentication: ApiAuthentication.cognito({ userPoolClient }) }))
      .toThrow('authentication.userPoolClient is set without authentication.userPool');
  });

  test('scopes, and group names that are known only at deployment, require an existing pool', () => {
    const add = () => {
      const stack = new StoreStack();
      const name = new CfnParameter(stack, 'Group').valueAsString;
      stack.addApi({
        authentication: ApiAuthentication.cognito({ oauthScopes: ['models/use'], groups: [{ name, permissions: [ApiPermission.READ] }] }),
      });
    };
    expect(add).toThrow('authentication.oauthScopes is set without authentication.userPool');
    expect(add).toThrow('authentication.groups has a name that is known only at deployment');
  });

  test('an organization cannot be required of users of a pool', () => {
    expect(() => new StoreStack().addApi({ authentication: ApiAuthentication.cognito(), apiOrganizationId: 'o-a1b2c3d4e5' }))
      .toThrow('apiOrganizationId is set, but authentication uses Cognito');
  });

  test('all problems of the groups are reported at once', () => {
    let message = '';
    try {
      new StoreStack().addApi({
        authentication: ApiAuthentication.cognito({
          groups: [
            { name: 'a b', permissions: [] },
            { name: 'twice', permissions: [ApiPermission.READ], models: [] },
            { name: 'twice', permissions: [ApiPermission.READ], models: ['ok', '*-fraud'] },
          ],
        }),
      });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain('authentication.groups[0].name is "a b"');
    expect(message).toContain('authentication.groups[0].permissions is empty');
    expect(message).toContain('authentication.groups[1].models is empty');
    expect(message).toContain('authentication.groups[2].name is "twice", the same as an earlier group');
    expect(message).toContain('authentication.groups[2].models[1] is "*-fraud"; a model pattern is');
  });

  test('an empty list of groups, and more groups than fit into the environment, are rejected', () => {
    expect(() => new StoreStack().addApi({ authentication: ApiAuthentication.cognito({ groups: [] }) }))
      .toThrow('authentication.groups is empty');
    const groups = Array.from({ length: 60 }, (_, index) => ({ name: `group-${index}`, permissions: [ApiPermission.READ] }));
    expect(() => new StoreStack().addApi({ authentication: ApiAuthentication.cognito({ groups }) }))
      .toThrow(/authentication.groups is \d+ bytes as JSON, but the functions' environment allows at most 2048/);
  });

  test('a group of an existing pool whose name is known only at deployment is accepted', () => {
    const stack = new StoreStack();
    const name = new CfnParameter(stack, 'Group').valueAsString;
    const userPool = cognito.UserPool.fromUserPoolId(stack, 'Pool', 'eu-central-1_a1B2c3D4e');
    expect(() => stack.addApi({ authentication: ApiAuthentication.cognito({ userPool, groups: [{ name, permissions: [ApiPermission.READ] }] }) }))
      .not.toThrow();
  });
});

test('groups with similar names in a pool that is created are different resources', () => {
  const stack = new StoreStack();
  const groups = ['team-a', 'team_a', 'teama', 'team.a'].map((name) => ({ name, permissions: [ApiPermission.READ] }));
  stack.addApi({ authentication: ApiAuthentication.cognito({ groups }) });
  Template.fromStack(stack).resourceCountIs('AWS::Cognito::UserPoolGroup', 4);
});
