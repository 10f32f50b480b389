import type { ProtectedResources } from './protected-resources';
import { named, type Watch } from './watch';

/** The maximum lengths of IDs that AWS assigns. */
const LONGEST = { restApi: 10, userPool: 55 };

/**
 * Watches the API and the user pools, which authenticate callers. The functions trust the API for the name of the
 * caller, so a changed method or integration can pass a different one, and a changed stage can log response bodies with
 * the presigned URLs in them.
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
    // All changes: methods, integrations, authorizers, stages and the API's policy.
    namedBy: [named('restApiId', ids, LONGEST.restApi)],
    subject: { words: 'the API', path: '$.detail.requestParameters.restApiId' },
  };
}

function userPoolWatch(ids: readonly string[]): Watch {
  return {
    ...COMMON,
    id: 'UserPool',
    eventSource: 'cognito-idp.amazonaws.com',
    // Changes to the sign-in settings, but not to users and groups, which change every day.
    events: [
      'UpdateUserPool', 'DeleteUserPool', 'SetUserPoolMfaConfig', 'SetRiskConfiguration', 'CreateUserPoolClient',
      'UpdateUserPoolClient', 'CreateIdentityProvider', 'UpdateIdentityProvider',
    ],
    namedBy: [named('userPoolId', ids, LONGEST.userPool)],
    subject: { words: 'the user pool', path: '$.detail.requestParameters.userPoolId' },
  };
}
