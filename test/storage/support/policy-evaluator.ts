import { BlockList, isIPv6 } from 'node:net';

/**
 * Answers whether a resource policy denies, or allows, a request: the part of IAM's evaluation that the store's policies
 * rely on, by the rules of
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * An operator that is not here throws, so that no statement passes untried.
 */
export interface Request {
  readonly action: string;
  readonly resource: string;
  /** The service principal that calls, if it is one. */
  readonly service?: string;
  /** Condition keys, those with several values as a list; one that is missing is missing from the request. */
  readonly context: { readonly [key: string]: string | readonly string[] };
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: '*' | { readonly AWS?: string; readonly Service?: string | string[] };
  readonly Action?: string | string[];
  readonly NotAction?: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: unknown } };
}

const list = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String);

export function like(value: string, pattern: string, flags = ''): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${source}$`, `s${flags}`).test(value);
}

/** Matches each of an ARN's six parts separately, so that a wildcard does not extend into the next. */
function arnLike(value: string, pattern: string): boolean {
  const parts = (arn: string) => [...arn.split(':').slice(0, 5), arn.split(':').slice(5).join(':')];
  const patterns = parts(pattern);
  return parts(value).every((part, index) => like(part, patterns[index]));
}

function inRange(address: string, cidr: string): boolean {
  const [network, bits] = cidr.split('/');
  const ranges = new BlockList();
  ranges.addSubnet(network, Number(bits), isIPv6(network) ? 'ipv6' : 'ipv4');
  return ranges.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

const POSITIVE: { [operator: string]: (actual: string, expected: string) => boolean } = {
  StringEquals: (actual, expected) => actual === expected,
  StringLike: (actual, expected) => like(actual, expected),
  Bool: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  ArnEquals: arnLike,
  ArnLike: arnLike,
  NumericLessThan: (actual, expected) => Number(actual) < Number(expected),
  NumericGreaterThan: (actual, expected) => Number(actual) > Number(expected),
  IpAddress: inRange,
};
const NEGATED: { [operator: string]: string } = {
  StringNotEquals: 'StringEquals', ArnNotEquals: 'ArnEquals', ArnNotLike: 'ArnLike', NotIpAddress: 'IpAddress',
};

const FOR_ALL_VALUES = 'ForAllValues:';

function holds(operator: string, key: string, expected: unknown, context: Request['context']): boolean {
  const actual = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  if (operator === 'Null') return (actual === undefined) === (String(expected) === 'true');
  if (operator.startsWith(FOR_ALL_VALUES)) {
    return list(actual ?? []).every((value) => holds(operator.slice(FOR_ALL_VALUES.length), key, expected, { [key]: value }));
  }
  if (typeof actual === 'object') throw new Error(`${operator} compares one value, but ${key} has several`);
  const ifExists = operator.endsWith('IfExists');
  const plain = ifExists ? operator.slice(0, -'IfExists'.length) : operator;
  const positive = POSITIVE[NEGATED[plain] ?? plain];
  if (positive === undefined) throw new Error(`the evaluator does not know the operator ${operator}`);
  if (actual === undefined) return ifExists || plain in NEGATED;
  const matches = list(expected).some((value) => positive(actual, value));
  return plain in NEGATED ? !matches : matches;
}

function concerns({ Action: actions, NotAction: others }: Statement, action: string): boolean {
  const listed = list(actions ?? others).some((pattern) => like(action, pattern, 'i'));
  return actions === undefined ? !listed : listed;
}

export function applies(statement: Statement, request: Request): boolean {
  const { Principal: principal } = statement;
  const principalMatches = principal === '*'
    || (principal.Service !== undefined && list(principal.Service).includes(request.service ?? ''))
    || (principal.AWS !== undefined && request.service === undefined);
  return principalMatches
    && concerns(statement, request.action)
    && list(statement.Resource).some((pattern) => pattern === '*' || arnLike(request.resource, pattern))
    && Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, expected]) => holds(operator, key, expected, request.context)));
}

/** Sids of the denies that apply; empty if the policy denies nothing of it. */
export function denials(statements: readonly Statement[], request: Request): string[] {
  return statements.filter((statement) => statement.Effect === 'Deny' && applies(statement, request)).map(({ Sid }) => Sid ?? 'no Sid');
}

export function allowed(statements: readonly Statement[], request: Request): boolean {
  return denials(statements, request).length === 0
    && statements.some((statement) => statement.Effect === 'Allow' && applies(statement, request));
}
