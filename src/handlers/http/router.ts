import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { requirePermission } from './permissions';
import { requestFromApi, requestFromInvocation, type DirectInvocation } from './request';
import { requireIdentifyingSessionName } from './session-names';
import { ROUTES, type FunctionName, type Route, type RouteName } from '../../contract/routes';
import type { Call } from '../aws/call';
import { sessionOpener } from '../aws/sessions';
import { readSettings, type Settings } from '../common/environment';
import { errorBody, StoreError, toStoreError } from '../common/errors';
import { FairShare } from '../common/fair-share';
import { createLogger, describeError } from '../common/logger';
import type { StoreRequest } from '../common/request';

export interface RouteResponse {
  readonly status: number;
  readonly body: object;
}

export type RouteHandler = (call: Call) => Promise<RouteResponse>;

/** The routes that a function serves. A missing handler is a compile-time error. */
export type RoutesOf<Name extends FunctionName> = {
  [Key in RouteName]: (typeof ROUTES)[Key]['function'] extends Name ? Key : never;
}[RouteName];

export type FunctionEvent = APIGatewayProxyEvent | DirectInvocation;

/** Lambda's 6 MB limit, minus a margin: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_ANSWER_BYTES = 6 * 1024 * 1024 - 16 * 1024;

/**
 * The function responds this long before its timeout, so that the caller gets an error body and the error is logged.
 */
const ANSWER_BEFORE_TIMEOUT_MS = 1_000;

function render(
  status: number, body: object, requestId: string, headers: { readonly [name: string]: string } = {},
): APIGatewayProxyResult {
  return {
    statusCode: status,
    headers: {
      ...headers,
      'content-type': 'application/json',
      // Responses contain presigned URLs, which must not be cached.
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
    },
    body: JSON.stringify(body),
  };
}

/** Size of the response as Lambda counts it: the body is a JSON string inside JSON. */
export function answerBytes(body: object): number {
  return Buffer.byteLength(JSON.stringify(JSON.stringify(body)));
}

function fits({ body }: APIGatewayProxyResult): boolean {
  return Buffer.byteLength(JSON.stringify(body)) <= MAX_ANSWER_BYTES;
}

function fitting(result: APIGatewayProxyResult): APIGatewayProxyResult {
  if (!fits(result)) {
    throw new StoreError(
      'payload_too_large', 'the response is larger than 6 MB, the limit of a function; request fewer items',
    );
  }
  return result;
}

/** Renders as many details as fit. They quote the request, and JSON escaping can make it several times as long. */
function renderError(error: StoreError, requestId: string): APIGatewayProxyResult {
  const headers: { [name: string]: string } = error.retryAfterSeconds === undefined ? {}
    : { 'retry-after': `${error.retryAfterSeconds}` };
  let body = errorBody(error, requestId);
  let result = render(error.status, body, requestId, headers);
  while (!fits(result) && body.details.length > 0) {
    body = errorBody(error, requestId, Math.floor(body.details.length / 2));
    result = render(error.status, body, requestId, headers);
  }
  return result;
}

async function beforeTimeout<Result>(work: Promise<Result>, context: Context): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    const milliseconds = Math.max(0, context.getRemainingTimeInMillis() - ANSWER_BEFORE_TIMEOUT_MS);
    timer = setTimeout(() => reject(new StoreError('unavailable', 'the request timed out; try again')), milliseconds);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function apiRequestId(event: unknown): string | undefined {
  const requestId = (event as Partial<APIGatewayProxyEvent> | null)?.requestContext?.requestId;
  return typeof requestId === 'string' ? requestId : undefined;
}

/** Requires that the caller is within its share. Direct invocations are exempt, because they do not name a caller. */
function requireFairShare(callers: FairShare, { caller }: StoreRequest, settings: Settings): void {
  const seconds = settings.authentication === 'none' ? undefined : callers.secondsToWait(caller.principal, Date.now());
  if (seconds !== undefined) {
    throw new StoreError(
      'too_many_requests', 'your requests use more than your share of the store; send fewer at a time', [], seconds,
    );
  }
}

/** Creates a Lambda handler that parses and authorizes a request, calls the handler of its route, and maps errors. */
export function createFunction<Name extends FunctionName>(
  functionName: Name,
  handlers: { readonly [Key in RoutesOf<Name>]: RouteHandler },
): (event: FunctionEvent, context: Context) => Promise<APIGatewayProxyResult> {
  const callers = new FairShare();
  const handlerOf = (route: RouteName) => (handlers as { readonly [Key in RouteName]?: RouteHandler })[route];

  return async (event, context) => {
    const began = Date.now();
    const requestId = apiRequestId(event) ?? context.awsRequestId;
    const log = createLogger({ function: functionName, requestId });
    let request: StoreRequest | undefined;
    const seen = () => ({
      route: request?.route,
      model: request?.parameters.model,
      caller: request?.caller.principal,
      sessionName: request?.caller.sessionName,
      durationMs: Date.now() - began,
    });
    try {
      const settings = readSettings();
      request = settings.authentication === 'none'
        ? requestFromInvocation(event, functionName, context.awsRequestId)
        : await requestFromApi(event as APIGatewayProxyEvent, functionName, settings);
      const handler = handlerOf(request.route);
      if (!handler) {
        throw new Error(`the function ${functionName} has no handler for ${request.route}`);
      }
      requireFairShare(callers, request, settings);
      const { permission } = ROUTES[request.route] as Route;
      requireIdentifyingSessionName(request.caller, settings);
      requirePermission(request.caller, permission, request.parameters.model, settings);

      const openSession = sessionOpener(functionName, settings, request.caller, {
        requestId: request.requestId, invocationId: context.awsRequestId,
      });
      const { status, body } = await beforeTimeout(handler({ ...request, settings, log, openSession }), context);
      const result = fitting(render(status, body, requestId));
      log.info('answered', { ...seen(), status });
      return result;
    } catch (error) {
      const storeError = toStoreError(error);
      const fields = { ...seen(), status: storeError.status, code: storeError.code };
      if (storeError.status >= 500) {
        log.error('failed', { ...fields, ...describeError(error) });
      } else {
        log.warn('refused', { ...fields, count: storeError.details.length });
      }
      return renderError(storeError, requestId);
    } finally {
      if (request) {
        callers.count(request.caller.principal, Date.now() - began, Date.now());
      }
    }
  };
}
