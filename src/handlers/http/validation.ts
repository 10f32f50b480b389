import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import type { ErrorDetail } from '../../contract/errors';
import { ROUTES, type Route, type RouteName } from '../../contract/routes';
import { StoreError } from '../common/errors';

// allErrors is safe here: Lambda limits requests to 6 MB, and responses contain a limited number of details.
const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, allowUnionTypes: true });
const validators = new Map<RouteName, ValidateFunction>();

function validatorOf(route: RouteName, schema: object): ValidateFunction {
  let validator = validators.get(route);
  if (!validator) {
    validator = ajv.compile(schema);
    validators.set(route, validator);
  }
  return validator;
}

/** `/files/3/path` → `files[3].path` */
function fieldOf(pointer: string, child?: string): string {
  const segments = pointer.split('/').slice(1).map((segment) => segment.replace(/~1/g, '/').replace(/~0/g, '~'));
  if (child !== undefined) {
    segments.push(child);
  }
  const field = segments.reduce(
    (path, segment) => (/^\d+$/.test(segment) ? `${path}[${segment}]` : path ? `${path}.${segment}` : segment), '',
  );
  return field || 'body';
}

function toDetail({ keyword, instancePath, params, message }: ErrorObject): ErrorDetail {
  switch (keyword) {
    case 'additionalProperties':
      return {
        field: fieldOf(instancePath, String(params.additionalProperty)), message: 'is not a known property; remove it',
      };
    case 'required':
      return { field: fieldOf(instancePath, String(params.missingProperty)), message: 'is missing' };
    default:
      return { field: fieldOf(instancePath), message: message ?? `violates the rule "${keyword}"` };
  }
}

function parse(rawBody: unknown): unknown {
  if (typeof rawBody !== 'string') {
    return rawBody;
  }
  try {
    return JSON.parse(rawBody);
  } catch {
    throw new StoreError(
      'invalid_request', 'the body is not JSON', [{ field: 'body', message: 'must be a JSON object' }],
    );
  }
}

/**
 * Returns the request body after validating it. API Gateway validates it too, but direct invocations bypass the API.
 */
export function readBody<Body>(route: RouteName, rawBody: unknown): Body {
  const { body: schema } = ROUTES[route] as Route;
  const body = parse(rawBody);
  if (!schema) {
    return body as Body;
  }
  if (body === undefined || body === null) {
    throw new StoreError(
      'invalid_request', 'the request has no body', [{ field: 'body', message: 'must be a JSON object' }],
    );
  }
  const validate = validatorOf(route, schema);
  if (!validate(body)) {
    throw new StoreError(
      'invalid_request', 'the request does not match its schema', (validate.errors ?? []).map(toDetail),
    );
  }
  return body as Body;
}
