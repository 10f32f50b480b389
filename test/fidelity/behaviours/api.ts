import type { Behaviour } from '../behaviours';

const READ = '2026-11-28';
const AUTHORIZATION = { url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html', read: READ };
const RUNTIME_API = { url: 'https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html', read: READ };
const EVERYBODY = ['data-scientist', 'pipeline', 'auditor'] as const;

export const API: readonly Behaviour[] = [
  {
    id: 'apigateway.iam.method-and-path',
    statement: 'API Gateway authorizes a signed request by `execute-api:Invoke` on its method and path.',
    reliedOn: 'src/access/route-arns.ts', page: AUTHORIZATION, integ: EVERYBODY,
  },
  {
    id: 'apigateway.iam.resource-policy',
    statement: 'API Gateway combines the API\'s policy with the caller\'s own as documented: in the account either can allow, and a deny wins.',
    reliedOn: 'src/api/api-resource-policy.ts', page: AUTHORIZATION,
  },
  {
    id: 'apigateway.iam.only-denies',
    statement: 'A principal of the account whose own policy allows it can call an API whose policy only denies, and no other principal can.',
    reliedOn: 'src/api/api-resource-policy.ts', page: AUTHORIZATION, integ: EVERYBODY,
  },
  {
    id: 'apigateway.iam.only-denies.private',
    statement: 'The same holds for a private API, which requires a policy.',
    reliedOn: 'src/api/api-resource-policy.ts', page: AUTHORIZATION,
  },
  {
    id: 'apigateway.identity.user-arn',
    statement: 'API Gateway passes the ARN of the caller who signed the request to the function.',
    reliedOn: 'src/handlers/http', integ: ['trail-record'],
  },
  {
    id: 'apigateway.request-validation',
    statement: 'API Gateway refuses a body that does not fit its JSON schema before a function is invoked.',
    reliedOn: 'src/api/api-routes.ts',
  },
  {
    id: 'apigateway.gateway-responses',
    statement: 'API Gateway answers a refused request with the gateway response for its type, rendered from its template.',
    reliedOn: 'src/api/api-gateway-responses.ts', integ: ['data-scientist'],
  },
  {
    id: 'apigateway.gateway-responses.validation-error',
    statement: '`$context.error.validationErrorString`, in quotes, makes valid JSON for every refused body.',
    reliedOn: 'src/api/api-gateway-responses.ts',
  },
  {
    id: 'apigateway.security-policy',
    statement: 'A REST API can be created with the security policy `SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09` and endpoint access mode STRICT.',
    reliedOn: 'src/api/artifact-api.ts', integ: EVERYBODY,
  },
  { id: 'apigateway.throttling', statement: 'API Gateway throttles at the stage\'s limits and answers with 429.', reliedOn: 'src/api/artifact-api.ts' },
  { id: 'apigateway.access-logs', statement: 'API Gateway writes the caller and the outcome of each request into the access logs.', reliedOn: 'src/api/api-logs.ts' },
  {
    id: 'apigateway.account.logging-role',
    statement: 'The logging role of API Gateway is one setting for all APIs of the account and Region.',
    reliedOn: 'src/api/api-logs.ts',
  },
  { id: 'waf.managed-rules', statement: 'A web ACL on the stage counts and blocks requests with AWS\'s managed rules.', reliedOn: 'src/api/web-application-firewall.ts' },
  {
    id: 'lambda.runtime.init-and-invoke',
    statement: 'The runtime client loads each bundle, passes it an event of API Gateway and returns its response.',
    reliedOn: 'src/handlers', page: RUNTIME_API, integ: EVERYBODY,
  },
  {
    id: 'lambda.permission.source-arn',
    statement: 'A permission with a source ARN lets API Gateway invoke a function only for that route.',
    reliedOn: 'src/api/function-permissions.ts',
  },
  {
    id: 'lambda.provisioned-concurrency',
    statement: 'Provisioned concurrency follows its target utilisation between minimum and maximum.',
    reliedOn: 'src/api/store-functions.ts',
  },
  { id: 'cognito.sign-in', statement: 'A user pool requires both SRP and a one-time password to sign in.', reliedOn: 'src/api/api-user-pool.ts' },
  {
    id: 'cognito.token.claims',
    statement: 'An id token names the user and the groups, and is valid for 15 minutes.',
    reliedOn: 'src/api/api-authentication.ts',
  },
  {
    id: 'cognito.token.keys',
    statement: 'A user pool publishes the public keys of its tokens below its issuer, in /.well-known/jwks.json.',
    reliedOn: 'src/handlers/http/cognito-token.ts',
  },
  {
    id: 'lambda.resource-policy.deny',
    statement: 'A deny in the resource policy of a function overrides an allow in an identity policy, for its versions too. Only an AWS service that invokes it sets aws:SourceArn.',
    reliedOn: 'src/api/invocation-policy.ts',
  },
  {
    id: 'cognito.authorizer.no-cache',
    statement: 'An authorizer with a result TTL of 0 checks the token of every request, so a token is refused as soon as it expires.',
    reliedOn: 'src/api/artifact-api.ts',
  },
  {
    id: 'cognito.authorization-code-with-pkce',
    statement: 'The hosted sign-in returns a code to a loopback address, and issues tokens for the code only with its PKCE verifier.',
    reliedOn: 'src/api/api-user-pool.ts',
  },
  { id: 'cognito.refresh-token', statement: 'A refresh token returns new tokens without a sign-in.', reliedOn: 'src/api/api-user-pool.ts' },
  { id: 'cognito.token-revocation', statement: 'A revoked refresh token no longer returns tokens.', reliedOn: 'src/api/api-user-pool.ts' },
];
