/**
 * The part of IAM policy evaluation that session policies use:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: string | readonly string[] } };
}

export interface Attempt {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request. */
  readonly context?: { readonly [key: string]: string };
}

function list(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function like(pattern: string, value: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${expression}$`, 's').test(value);
}

function holds(condition: Statement['Condition'], context: { readonly [key: string]: string }): boolean {
  return Object.entries(condition ?? {}).every(([operator, keys]) => {
    if (operator !== 'StringLikeIfExists') {
      throw new Error(`this evaluator does not know ${operator}`);
    }
    return Object.entries(keys).every(([key, patterns]) =>
      context[key] === undefined || list(patterns).some((pattern) => like(pattern, context[key])));
  });
}

const parsed = new Map<string, readonly Statement[]>();

function parse(policy: string): readonly Statement[] {
  const statements = parsed.get(policy) ?? (
    JSON.parse(policy) as { readonly Statement: readonly Statement[] }
  ).Statement;
  parsed.set(policy, statements);
  return statements;
}

export function allows(policy: string, { action, resource, context = {} }: Attempt): boolean {
  const statements = parse(policy);
  const matching = statements.filter((statement) => list(statement.Action).some((pattern) => like(pattern, action))
    && list(statement.Resource).some((pattern) => like(pattern, resource))
    && holds(statement.Condition, context));
  return matching.length > 0 && matching.every(({ Effect }) => Effect === 'Allow');
}
