import Ajv from 'ajv';
import type { ErrorDetail } from '../../../src/contract/errors';
import { ERROR_BODY_SCHEMA, RESPONSES } from '../../../src/contract/response-schemas';
import type { RouteName } from '../../../src/contract/routes';

const ajv = new Ajv({ allErrors: true, formats: { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) } });

function problems(schema: object, body: unknown): string[] {
  ajv.validate(schema, body);
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** Returns the violations of the response schema. */
export function answerSchemaProblems(route: RouteName, body: unknown): string[] {
  return problems(RESPONSES[route].schema, body);
}

export function errorSchemaProblems(body: unknown): string[] {
  return problems(ERROR_BODY_SCHEMA, body);
}

export function fieldsOf(body: { readonly details: readonly ErrorDetail[] }): string[] {
  return body.details.map(({ field }) => field);
}
