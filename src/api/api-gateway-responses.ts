import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { ERRORS, type ErrorCode } from '../contract/errors';

interface GatewayAnswer {
  readonly type: apigateway.ResponseType;
  readonly code: ErrorCode;
  readonly message: string;
  /** Where the detail of the request validation belongs, if there is one. */
  readonly detailField?: string;
  /** For a type that stands for several statuses, leave each as it is. */
  readonly keepStatus?: boolean;
}

const { ResponseType } = apigateway;
const NOT_YOUR_FAULT = 'The API could not handle the request; the request id finds it in the logs.';
const NO_CREDENTIALS = 'The request carries no credentials, or there is no such method and path.';

/**
 * What API Gateway answers itself, before any function is asked; every type it has.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const ANSWERS: readonly GatewayAnswer[] = [
  { type: ResponseType.ACCESS_DENIED, code: 'forbidden', message: 'You may not do this, not with this model, or not from here.' },
  { type: ResponseType.API_CONFIGURATION_ERROR, code: 'internal_error', message: NOT_YOUR_FAULT },
  { type: ResponseType.AUTHORIZER_CONFIGURATION_ERROR, code: 'internal_error', message: NOT_YOUR_FAULT },
  { type: ResponseType.AUTHORIZER_FAILURE, code: 'internal_error', message: NOT_YOUR_FAULT },
  {
    type: ResponseType.BAD_REQUEST_BODY,
    code: 'invalid_request',
    detailField: 'body',
    message: 'The body of the request does not fit its schema.',
  },
  {
    type: ResponseType.BAD_REQUEST_PARAMETERS,
    code: 'invalid_request',
    detailField: 'parameters',
    message: 'The request lacks a parameter.',
  },
  { type: ResponseType.DEFAULT_4XX, code: 'invalid_request', message: 'API Gateway refused the request.', keepStatus: true },
  { type: ResponseType.DEFAULT_5XX, code: 'internal_error', message: NOT_YOUR_FAULT, keepStatus: true },
  { type: ResponseType.EXPIRED_TOKEN, code: 'unauthenticated', message: 'The credentials have expired; get new ones.' },
  { type: ResponseType.INTEGRATION_FAILURE, code: 'unavailable', message: 'The function did not answer; try again.' },
  { type: ResponseType.INTEGRATION_TIMEOUT, code: 'unavailable', message: 'The function took longer than 29 seconds; try again.' },
  { type: ResponseType.INVALID_API_KEY, code: 'forbidden', message: 'The API key is not valid.' },
  {
    type: ResponseType.INVALID_SIGNATURE,
    code: 'unauthenticated',
    message: 'The signature does not match; check the credentials and the clock.',
  },
  { type: ResponseType.MISSING_AUTHENTICATION_TOKEN, code: 'unauthenticated', message: NO_CREDENTIALS },
  { type: ResponseType.QUOTA_EXCEEDED, code: 'too_many_requests', message: 'The quota is used up; try again later.' },
  { type: ResponseType.REQUEST_TOO_LARGE, code: 'payload_too_large', message: 'The request is larger than 10 MB.' },
  { type: ResponseType.RESOURCE_NOT_FOUND, code: 'unknown_route', message: 'There is no such method and path.' },
  { type: ResponseType.THROTTLED, code: 'too_many_requests', message: 'Too many requests; try again later.' },
  { type: ResponseType.UNAUTHORIZED, code: 'unauthenticated', message: 'The token is missing, not valid or expired.' },
  { type: ResponseType.UNSUPPORTED_MEDIA_TYPE, code: 'invalid_request', message: 'Send application/json.' },
  { type: ResponseType.WAF_FILTERED, code: 'forbidden', message: 'The web application firewall refused the request.' },
];

/** The answers as templates: not VTL, only variables are put in. */
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

/** Errors of API Gateway in the shape of all errors of the store. */
export function addGatewayResponses(scope: Construct, restApi: apigateway.IRestApi): apigateway.GatewayResponse[] {
  return gatewayResponseOptions().map((options) =>
    new apigateway.GatewayResponse(scope, `${options.type.responseType}Response`, { restApi, ...options }));
}
