import { Template } from 'aws-cdk-lib/assertions';
import { ResponseType } from 'aws-cdk-lib/aws-apigateway';
import { StoreStack } from './fixtures';
import { ERRORS, type ErrorCode } from '../../src/contract/errors';

const stack = new StoreStack();
stack.addApi();
const responses = Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::GatewayResponse')).map(({ Properties }) => Properties);

/** As API Gateway does: variables put into the text, nothing else. */
function render(template: string): unknown {
  return JSON.parse(template
    .replaceAll('$context.requestId', 'a1b2')
    .replaceAll('$context.error.validationErrorString', '[object has missing required properties ([\\"files\\"])]'));
}

test('every response type of API Gateway has the format of the store\'s errors', () => {
  const types = Object.values(ResponseType).filter((value) => value instanceof ResponseType).map(({ responseType }) => responseType);
  expect(responses.map(({ ResponseType: type }) => type).sort()).toEqual(types.sort());
});

test.each(responses.map((response) => [response.ResponseType as string, response]))('%s', (_type, response) => {
  const body = render(response.ResponseTemplates['application/json']) as { code: ErrorCode };
  expect(body).toEqual({
    code: expect.any(String), message: expect.stringMatching(/\.$/), details: expect.any(Array), requestId: 'a1b2',
  });
  expect(ERRORS).toHaveProperty(body.code);
  if (response.ResponseType.startsWith('DEFAULT_')) {
    expect(response.StatusCode).toBeUndefined();
  } else {
    expect(response.StatusCode).toBe(String(ERRORS[body.code].status));
  }
  expect(response.ResponseParameters).toEqual({ 'gatewayresponse.header.Cache-Control': "'no-store'" });
});

test('the response to a request that does not match its schema names the mismatch', () => {
  const [response] = responses.filter(({ ResponseType: type }) => type === 'BAD_REQUEST_BODY');
  expect(render(response.ResponseTemplates['application/json'])).toMatchObject({
    code: 'invalid_request',
    details: [{ field: 'body', message: '[object has missing required properties (["files"])]' }],
  });
});
