import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { ERRORS, type ErrorCode } from '../contract/errors';

interface GatewayAnswer {
  readonly type: apigateway.ResponseType;
  readonly code: ErrorCode;
  readonly message: string;
  /** The field that the detail of the request validation is about, if there is one. */
  readonly detailField?: string;
  /** Whether to keep the status, for a type that covers several statuses. */
  readonly keepStatus?: boolean;
}

const { ResponseType } = apigateway;
const NOT_YOUR_FAULT = 'Internal error; search the logs for the request ID.';
const NO_CREDENTIALS = 'The request has no credentials, or the method and path do not exist.';

/**
 * Responses that API Gateway sends itself, without invoking a function. The list covers every response type.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const ANSWERS: readonly GatewayAnswer[] = [
  {
    type: ResponseType.ACCESS_DENIED,
    code: 'forbidden',
    message: 'Not permitted: your permissions do not allow this action, this model, or access from this network.',
  },
  { type: ResponseType.API_CONFIGURATION_ERROR, code: 'internal_error', message: NOT_YOUR_FAULT },
  { type: ResponseType.AUTHORIZER_CONFIGURATION_ERROR, code: 'internal_error', message: NOT_YOUR_FAULT },
  { type: ResponseType.AUTHORIZER_FAILURE, code: 'internal_error', message: NOT_YOUR_FAULT },
  {
    type: ResponseType.BAD_REQUEST_BODY,
    code: 'invalid_request',
    detailField: 'body',
    message: 'The request body does not match its schema.',
  },
  {
    type: ResponseType.BAD_REQUEST_PARAMETERS,
    code: 'invalid_request',
    detailField: 'parameters',
    message: 'The request is missing a required parameter.',
  },
  {
    type: ResponseType.DEFAULT_4XX,
    code: 'invalid_request',
    message: 'API Gateway rejected the request.',
    keepStatus: true,
  },
  { type: ResponseType.DEFAULT_5XX, code: 'internal_error', message: NOT_YOUR_FAULT, keepStatus: true },
  { type: ResponseType.EXPIRED_TOKEN, code: 'unauthenticated', message: 'The credentials have expired; get new ones.' },
  { type: ResponseType.INTEGRATION_FAILURE, code: 'unavailable', message: 'The function did not respond; try again.' },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    code: 'unavailable',
    message: 'The function took longer than 29 seconds; try again.',
  },
  { type: ResponseType.INVALID_API_KEY, code: 'forbidden', message: 'The API key is not valid.' },
  {
    type: ResponseType.INVALID_SIGNATURE,
    code: 'unauthenticated',
    message: 'The signature does not match; check your credentials and the system clock.',
  },
  { type: ResponseType.MISSING_AUTHENTICATION_TOKEN, code: 'unauthenticated', message: NO_CREDENTIALS },
  { type: ResponseType.QUOTA_EXCEEDED, code: 'too_many_requests', message: 'The quota is exceeded; try again later.' },
  { type: ResponseType.REQUEST_TOO_LARGE, code: 'payload_too_large', message: 'The request is larger than 10 MB.' },
  { type: ResponseType.RESOURCE_NOT_FOUND, code: 'unknown_route', message: 'The method and path do not exist.' },
  { type: ResponseType.THROTTLED, code: 'too_many_requests', message: 'Too many requests; try again later.' },
  { type: ResponseType.UNAUTHORIZED, code: 'unauthenticated', message: 'The token is missing, invalid or expired.' },
  { type: ResponseType.UNSUPPORTED_MEDIA_TYPE, code: 'invalid_request', message: 'Send application/json.' },
  { type: ResponseType.WAF_FILTERED, code: 'forbidden', message: 'The web application firewall blocked the request.' },
];

/** The responses as templates. They are not VTL: API Gateway only substitutes variables. */
export function gatewayResponseOptions(): apigateway.GatewayResponseOptions[] {
  return ANSWERS.map(({ type, code, message, detailField, keepStatus }) => ({
    type,
    statusCode: keepStatus ? undefined : String(ERRORS[code].status),
    templates: {
      'application/json': JSON.stringify({
        code,
        message,
        details: detailField ? [{ field: detailField, message: '$context.error.validationErrorString' }] : [],
        requestId: '$context.requestId',
      }),
    },
    responseHeaders: { 'Cache-Control': "'no-store'" },
  }));
}

/** Gives API Gateway's own errors the same format as all errors of the store. */
export function addGatewayResponses(scope: Construct, restApi: apigateway.IRestApi): apigateway.GatewayResponse[] {
  return gatewayResponseOptions().map((options) =>
    new apigateway.GatewayResponse(scope, `${options.type.responseType}Response`, { restApi, ...options }));
}
