import { gatewayResponseOptions } from '../../../src/api/api-gateway-responses';

/** The responses of API Gateway where a gateway response keeps the default status. */
const OWN_STATUS: { readonly [type: string]: number } = {
  ACCESS_DENIED: 403,
  BAD_REQUEST_BODY: 400,
  BAD_REQUEST_PARAMETERS: 400,
  EXPIRED_TOKEN: 403,
  INTEGRATION_FAILURE: 504,
  INTEGRATION_TIMEOUT: 504,
  INVALID_SIGNATURE: 403,
  MISSING_AUTHENTICATION_TOKEN: 403,
  REQUEST_TOO_LARGE: 413,
  DEFAULT_5XX: 502,
};

export type GatewayAnswerType = keyof typeof OWN_STATUS;

export interface GatewayAnswer {
  readonly status: number;
  readonly body: string;
}

/** The response of API Gateway, with the template that the construct sets for this type. */
export function gatewayAnswer(type: GatewayAnswerType, requestId: string, validationError = ''): GatewayAnswer {
  const options = gatewayResponseOptions().find((each) => each.type.responseType === type);
  if (options === undefined) {
    throw new Error(`the API has no gateway response ${type}`);
  }
  const status = options.statusCode === undefined ? OWN_STATUS[type] : Number(options.statusCode);
  const quoted = (text: string) => JSON.stringify(text).slice(1, -1);
  const body = options
    .templates!['application/json'].replaceAll('$context.error.validationErrorString', quoted(validationError))
    .replaceAll('$context.requestId', requestId);
  return { status, body };
}
