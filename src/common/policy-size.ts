import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * A managed policy can have 6,144 characters without white space, and a role can have 10 managed policies:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * The difference is a reserve, because the length of values that CloudFormation fills in is only estimated.
 */
export const POLICY_CHARACTERS = 5_600;
export const POLICIES_PER_ROLE = 10;

const PSEUDO_PARAMETER_CHARACTERS = 20;
const REFERENCE_CHARACTERS = 64;
const ATTRIBUTE_CHARACTERS = 110;

export function statementSize(scope: IConstruct, statement: iam.PolicyStatement): number {
  return sizeOf(Stack.of(scope).resolve(statement.toStatementJson()));
}

/** Splits a statement by its resources, so that each part fits into a policy. */
export function splitByResources(scope: IConstruct, statement: iam.PolicyStatement): iam.PolicyStatement[] {
  if (statementSize(scope, statement) <= POLICY_CHARACTERS || statement.resources.length < 2) {
    return [statement];
  }
  const withResources = (resources: string[]) => statement.copy({ resources });
  const parts: string[][] = [[]];
  for (const resource of statement.resources) {
    const last = parts[parts.length - 1];
    if (last.length > 0 && statementSize(scope, withResources([...last, resource])) > POLICY_CHARACTERS) {
      parts.push([resource]);
    } else {
      last.push(resource);
    }
  }
  return parts.map(withResources);
}

/** The length of a resolved value as JSON. Values that CloudFormation fills in count with a typical length. */
function sizeOf(value: unknown): number {
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, item) => sum + sizeOf(item) + 1, 2);
  }
  if (value === null || typeof value !== 'object') {
    return JSON.stringify(value).length;
  }
  const [[name, content] = [], ...more] = Object.entries(value);
  if (more.length === 0) {
    switch (name) {
      case 'Ref': return String(content).startsWith('AWS::') ? PSEUDO_PARAMETER_CHARACTERS : REFERENCE_CHARACTERS;
      case 'Fn::GetAtt': return ATTRIBUTE_CHARACTERS;
      case 'Fn::Join': return (content as [string, unknown[]])[1].reduce<number>((sum, item) => sum + sizeOf(item), 2);
    }
  }
  return Object.entries(value).reduce((sum, [key, item]) => sum + key.length + 4 + sizeOf(item), 2);
}
