import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { ROUTES, type FunctionName, type Route, type RouteName } from '../../../src/contract/routes';
import { handler as download } from '../../../src/handlers/download.lambda';
import type { FunctionEvent } from '../../../src/handlers/http/router';
import { handler as registry } from '../../../src/handlers/registry.lambda';
import { handler as upload } from '../../../src/handlers/upload.lambda';

export const ACCOUNT = '111122223333';
export const ALICE = `arn:aws:sts::${ACCOUNT}:assumed-role/DataScientist/alice@example.com`;

type Handler = (event: FunctionEvent, context: Context) => Promise<APIGatewayProxyResult>;
const HANDLERS: Record<FunctionName, Handler> = { upload, download, registry };

export interface Request {
  readonly parameters?: { readonly [name: string]: string };
  readonly body?: unknown;
  readonly query?: { readonly [name: string]: string };
  /** A full ARN; null for an unsigned request. */
  readonly userArn?: string | null;
  /** What API Gateway read in the token. */
  readonly claims?: { readonly [name: string]: unknown };
  readonly token?: string;
  readonly remainingMs?: number;
  readonly sourceIp?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

export const REQUEST_ID = 'f1a7c0de-0000-4000-8000-000000000001';
export const LAMBDA_REQUEST_ID = '1a3bda00-0000-4000-8000-000000000002';

export function apiEvent(
  route: RouteName, { parameters = {}, body, query, userArn = ALICE, claims, token, sourceIp }: Request = {},
): APIGatewayProxyEvent {
  const { method, path }: Route = ROUTES[route];
  return {
    httpMethod: method,
    resource: path,
    path: path.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURI(parameters[name] ?? '')),
    pathParameters: parameters,
    queryStringParameters: query ?? null,
    headers: token === undefined ? {} : { Authorization: token },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: {
      requestId: REQUEST_ID,
      identity: { userArn, sourceIp },
      authorizer: claims ? { claims } : undefined,
    },
  } as unknown as APIGatewayProxyEvent;
}

export function lambdaContext(remainingMs = 29_000): Context {
  return { awsRequestId: LAMBDA_REQUEST_ID, getRemainingTimeInMillis: () => remainingMs } as Context;
}

export async function send(functionName: FunctionName, event: FunctionEvent, remainingMs?: number): Promise<Answer> {
  const { statusCode, headers, body } = await HANDLERS[functionName](event, lambdaContext(remainingMs));
  return { status: statusCode, headers: headers as { [name: string]: string }, body: JSON.parse(body) };
}

/** A request in the format in which API Gateway passes it to a function. */
export async function request(route: RouteName, details: Request = {}): Promise<Answer> {
  return send(ROUTES[route].function, apiEvent(route, details), details.remainingMs);
}
