import type { ProtectedResources } from './protected-resources';
import { named, type Watch } from './watch';

/** The longest ids that AWS gives. */
const LONGEST = { restApi: 10, userPool: 55 };

/**
 * Who vouches for callers. The functions take the name of the caller from the API: whoever changes a method or its integration
 * can hand them another one, and whoever changes the stage can have bodies logged, with the links in them.
 */
export function apiWatches({ apis = [], userPools = [] }: ProtectedResources): Watch[] {
  return [
    ...(apis.length === 0 ? [] : [apiWatch(apis.map(({ restApiId }) => restApiId))]),
    ...(userPools.length === 0 ? [] : [userPoolWatch(userPools.map(({ userPoolId }) => userPoolId))]),
  ];
}

const COMMON = { entry: 'Function', category: 'management', evenByDeployments: [] } as const;

function apiWatch(ids: readonly string[]): Watch {
  return {
    ...COMMON,
    id: 'Api',
    eventSource: 'apigateway.amazonaws.com',
    // Whatever changes something: methods, integrations, authorizers, stages, its policy.
    namedBy: [named('restApiId', ids, LONGEST.restApi)],
    subject: { words: 'the API', path: '$.detail.requestParameters.restApiId' },
  };
}

function userPoolWatch(ids: readonly string[]): Watch {
  return {
    ...COMMON,
    id: 'UserPool',
    eventSource: 'cognito-idp.amazonaws.com',
    // How people sign in, not who they are: users and their groups are changed every day.
    events: [
      'UpdateUserPool', 'DeleteUserPool', 'SetUserPoolMfaConfig', 'SetRiskConfiguration', 'CreateUserPoolClient', 'UpdateUserPoolClient',
      'CreateIdentityProvider', 'UpdateIdentityProvider',
    ],
    namedBy: [named('userPoolId', ids, LONGEST.userPool)],
    subject: { words: 'the user pool', path: '$.detail.requestParameters.userPoolId' },
  };
}
