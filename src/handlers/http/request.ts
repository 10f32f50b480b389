import { isIP } from 'node:net';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { verifiedClaims } from './cognito-token';
import { isName, NAME_RULE } from '../../contract/names';
import { ROUTES, type FunctionName, type Route, type RouteName } from '../../contract/routes';
import { callerFromArn, callerFromCognito, callerFromInvocation, type Caller } from '../common/caller';
import type { Settings } from '../common/environment';
import { StoreError } from '../common/errors';
import type { StoreRequest } from '../common/request';

/** Event of a function that is invoked directly, in a store without an API. It must not name the caller. */
export interface DirectInvocation {
  readonly route: RouteName;
  readonly pathParameters?: { readonly [name: string]: string };
  readonly queryStringParameters?: { readonly [name: string]: string };
  /** The request body, as an object or as JSON text. */
  readonly body?: unknown;
}

const ROUTE_ENTRIES = Object.entries(ROUTES) as [RouteName, Route][];

function definedValues(
  values: { readonly [name: string]: string | undefined } | null | undefined,
): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(values ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function accountOf(arn: string): string {
  return arn.split(':')[4];
}

async function apiCaller(event: APIGatewayProxyEvent, settings: Settings): Promise<Caller> {
  if (settings.tokenRules) {
    const caller = callerFromCognito(await verifiedClaims(event, settings.tokenRules));
    if (caller) {
      return caller;
    }
  } else {
    const { userArn, cognitoIdentityId } = event.requestContext.identity ?? {};
    if (userArn) {
      return callerFromArn(userArn, accountOf(settings.sessionRoleArn), cognitoIdentityId ?? undefined);
    }
  }
  throw new StoreError(
    'unauthenticated', 'the request is not authenticated; sign it with AWS Signature Version 4 or send a token',
  );
}

/**
 * API Gateway authorizes the path as sent, so a policy could read a percent-encoded name differently than the function
 * does. Names never need encoding, so encoded paths are rejected. A custom domain may add a base path in front.
 */
function requirePlainPath(
  event: APIGatewayProxyEvent, route: Route, parameters: { readonly [name: string]: string },
): void {
  const plain = route.path.replace(/\{(\w+)\}/g, (_match, name: string) => parameters[name] ?? '');
  if (typeof event.path === 'string' && !event.path.endsWith(plain)) {
    throw new StoreError('invalid_name', 'the path contains a percent-encoded name; names need no encoding', [
      { field: 'path', message: `must end with ${plain}` },
    ]);
  }
}

function checkNames(parameters: { readonly [name: string]: string }, route: Route): void {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const bad = names.filter((name) => !isName(parameters[name] ?? ''));
  if (bad.length > 0) {
    const details = bad.map((name) => {
      const shown = JSON.stringify(parameters[name] ?? '');
      return { field: name, message: `${shown} is not a valid name: a name ${NAME_RULE}, and contains no ".."` };
    });
    throw new StoreError('invalid_name', `invalid ${bad.length === 1 ? 'name' : 'names'} in the path`, details);
  }
}

function addressOf(event: APIGatewayProxyEvent): string | undefined {
  const address = event.requestContext.identity?.sourceIp;
  return typeof address === 'string' && isIP(address) !== 0 ? address : undefined;
}

function bodyOf(event: APIGatewayProxyEvent): string | undefined {
  if (event.body === null || event.body === undefined) {
    return undefined;
  }
  return event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString('utf8') : event.body;
}

export async function requestFromApi(
  event: APIGatewayProxyEvent, functionName: FunctionName, settings: Settings,
): Promise<StoreRequest> {
  const found = ROUTE_ENTRIES.find(([, { method, path }]) => method === event.httpMethod && path === event.resource);
  if (!found || found[1].function !== functionName) {
    throw new StoreError('unknown_route', `unknown route ${event.httpMethod} ${event.resource}`);
  }
  const [route, definition] = found;
  const caller = await apiCaller(event, settings);
  const parameters = definedValues(event.pathParameters);
  checkNames(parameters, definition);
  requirePlainPath(event, definition, parameters);
  return {
    route,
    requestId: event.requestContext.requestId,
    caller,
    callerAddress: addressOf(event),
    parameters,
    query: definedValues(event.queryStringParameters),
    rawBody: bodyOf(event),
  };
}

export function requestFromInvocation(
  event: unknown, functionName: FunctionName, lambdaRequestId: string,
): StoreRequest {
  const { route, pathParameters, queryStringParameters, body } = (event ?? {}) as Partial<DirectInvocation>;
  const definition = typeof route === 'string' && Object.hasOwn(ROUTES, route) ? (ROUTES[route] as Route) : undefined;
  if (!route || definition?.function !== functionName) {
    const here = ROUTE_ENTRIES.filter(([, { function: name }]) => name === functionName).map(([name]) => name);
    throw new StoreError('unknown_route', `the event's "route" must be one of: ${here.join(', ')}`);
  }
  const parameters = definedValues(pathParameters);
  checkNames(parameters, definition);
  return {
    route,
    requestId: lambdaRequestId,
    caller: callerFromInvocation(lambdaRequestId),
    parameters,
    query: definedValues(queryStringParameters),
    rawBody: body,
  };
}
