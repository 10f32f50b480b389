import Ajv, { type ValidateFunction } from 'ajv';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { SignedRequest } from './signature-v4';
import { ROUTES, type Route, type RouteName } from '../../../src/contract/routes';

export const STAGE = 'v1';

export interface MatchedRoute {
  readonly name: RouteName;
  readonly route: Route;
  /** Decoded, as API Gateway passes them. */
  readonly pathParameters: { readonly [name: string]: string };
}

/** The API method for a path; undefined for any other path, including one with an extra slash. */
export function matchRoute(method: string, path: string): MatchedRoute | undefined {
  for (const [name, route] of Object.entries(ROUTES) as [RouteName, Route][]) {
    const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    const pattern = new RegExp(`^/${STAGE}${route.path.replace(/\{\w+\}/g, '([^/]+)')}$`);
    const match = route.method === method ? pattern.exec(path) : null;
    if (match !== null) {
      return {
        name,
        route,
        pathParameters: Object.fromEntries(
          names.map((parameter, index) => [parameter, decodeURIComponent(match[index + 1])]),
        ),
      };
    }
  }
  return undefined;
}

const ajv = new Ajv({ allErrors: true, strict: false });
const validators = new Map<RouteName, ValidateFunction>();

/** The validation error for the body; API Gateway checks only JSON. */
export function bodyProblem(
  { name, route }: MatchedRoute,
  contentType: string | undefined,
  body: Buffer,
): string | undefined {
  if (route.body === undefined || (contentType !== undefined && !/^application\/json\b/.test(contentType))) {
    return undefined;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    return 'Invalid JSON';
  }
  const validate = validators.get(name) ?? ajv.compile(route.body);
  validators.set(name, validate);
  return validate(parsed) ? undefined : JSON.stringify(validate.errors?.map(({ message }) => message));
}

export interface Requester {
  readonly arn: string;
  readonly accessKeyId: string;
  readonly account: string;
}

/**
 * The event of a REST API proxy integration.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function proxyEvent(
  request: SignedRequest,
  matched: MatchedRoute,
  requester: Requester,
  requestId: string,
  sourceIp: string,
): APIGatewayProxyEvent {
  const [path, query = ''] = request.target.split('?');
  const parameters = [...new URLSearchParams(query)];
  const multiValue = (pairs: readonly (readonly [string, string])[]) =>
    pairs.reduce<{ [name: string]: string[] }>(
      (values, [name, value]) => ({ ...values, [name]: [...(values[name] ?? []), value] }),
      {},
    );
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => [name, each] as const),
  );
  const now = new Date();
  return {
    resource: matched.route.path,
    path: path.slice(STAGE.length + 1),
    httpMethod: request.method,
    headers: Object.fromEntries(headers),
    multiValueHeaders: multiValue(headers),
    queryStringParameters: parameters.length === 0 ? null : Object.fromEntries(parameters),
    multiValueQueryStringParameters: parameters.length === 0 ? null : multiValue(parameters),
    pathParameters: Object.keys(matched.pathParameters).length === 0 ? null : matched.pathParameters,
    stageVariables: null,
    body: request.body.length === 0 ? null : request.body.toString('utf8'),
    isBase64Encoded: false,
    requestContext: {
      accountId: requester.account,
      apiId: 'engine1234',
      authorizer: undefined,
      protocol: 'HTTP/1.1',
      httpMethod: request.method,
      identity: {
        accessKey: requester.accessKeyId,
        accountId: requester.account,
        apiKey: null,
        apiKeyId: null,
        caller: null,
        clientCert: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp,
        user: null,
        userAgent: String(request.headers['user-agent'] ?? ''),
        userArn: requester.arn,
      },
      path,
      stage: STAGE,
      requestId,
      requestTime: now.toUTCString(),
      requestTimeEpoch: now.getTime(),
      resourceId: matched.name,
      resourcePath: matched.route.path,
    },
  };
}
