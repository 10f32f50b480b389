import type { ErrorDetail } from '../../../src/contract/errors';
import { isName, NAME_PATTERN } from '../../../src/contract/names';
import { ALIAS_HISTORY_RESPONSE_SCHEMA, MANIFEST_SCHEMA, RESPONSES } from '../../../src/contract/response-schemas';
import type { RouteName } from '../../../src/contract/routes';
import { quotedText } from '../../../src/contract/visible-text';

/** The keywords of the response schemas that a client depends on. */
interface Shape {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly required?: readonly string[];
  readonly properties?: { readonly [name: string]: Shape };
  readonly additionalProperties?: Shape;
  readonly items?: Shape;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
}

const MOST_PROBLEMS = 20;

/** Far deeper than any response. To print one, JSON.stringify needs stack for each level. */
const DEEPEST = 64;

const HISTORY: Shape = {
  type: 'object',
  required: ['history'],
  properties: { history: { type: 'array' }, nextPageToken: ALIAS_HISTORY_RESPONSE_SCHEMA.properties.nextPageToken },
};

/**
 * Returns what is wrong with a response: values of another type than the contract says, missing fields, and names that
 * no model, version or alias can have. Manifests and histories have their own checks, because a damaged one is another
 * failure.
 */
export function answerProblems(route: RouteName, answer: unknown): ErrorDetail[] {
  if (isDeeperThan(answer, DEEPEST)) {
    return [{ field: 'response', message: `is nested more than ${DEEPEST} levels deep` }];
  }
  const problems: ErrorDetail[] = [];
  check(route === 'aliasHistory' ? HISTORY : RESPONSES[route].schema, answer, 'response', problems);
  return problems.slice(0, MOST_PROBLEMS);
}

/** Without recursion, because a response of a few megabytes can be nested a million levels deep. */
function isDeeperThan(value: unknown, most: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) {
      return true;
    }
    level = level.flatMap((each) => (
      typeof each === 'object' && each !== null
        ? Object.values(each).filter((inner) => typeof inner === 'object') : []));
  }
  return false;
}

function check(shape: Shape, value: unknown, field: string, problems: ErrorDetail[]): void {
  if (shape === MANIFEST_SCHEMA || problems.length >= MOST_PROBLEMS) {
    return;
  }
  if (!hasType(shape.type, value)) {
    problems.push({ field, message: `is not ${typeNames[shape.type!]}` });
    return;
  }
  if (shape.enum !== undefined && !shape.enum.includes(value)) {
    problems.push({ field, message: `is not ${shape.enum.map((each) => JSON.stringify(each)).join(' or ')}` });
  }
  if (shape.pattern === NAME_PATTERN && !isName(value as string)) {
    problems.push({ field, message: `is ${quotedText(value as string)}, which is not a valid name` });
  }
  if (Array.isArray(value) && shape.items !== undefined) {
    value.forEach((item, index) => check(shape.items!, item, `${field}[${index}]`, problems));
  }
  if (shape.type === 'object') {
    checkFields(shape, value as { readonly [name: string]: unknown }, field, problems);
  }
}

function checkFields(
  { required = [], properties = {}, additionalProperties }: Shape, value: { readonly [name: string]: unknown },
  field: string, problems: ErrorDetail[],
): void {
  const has = (name: string) => Object.hasOwn(value, name) && value[name] !== undefined;
  for (const name of required.filter((each) => !has(each) && properties[each] !== MANIFEST_SCHEMA)) {
    problems.push({ field: `${field}.${name}`, message: 'is missing' });
  }
  for (const [name, inner] of Object.entries(properties).filter(([each]) => has(each))) {
    check(inner, value[name], `${field}.${name}`, problems);
  }
  if (additionalProperties !== undefined) {
    Object.entries(value).forEach(([name, inner]) => check(additionalProperties, inner, `${field}.${name}`, problems));
  }
}

const typeNames = {
  object: 'a JSON object', array: 'a list', string: 'a string', integer: 'a whole number', boolean: 'true or false',
} as const;

function hasType(type: Shape['type'], value: unknown): boolean {
  switch (type) {
    case undefined: return true;
    case 'object': return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array': return Array.isArray(value);
    case 'integer': return Number.isSafeInteger(value);
    default: return typeof value === type;
  }
}
