import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Acknowledges the wildcards of one statement, one finding each, on the policy that holds it.
 *
 * The metadata is written directly because `Validations.acknowledge` does not accept IDs with more than one `::`, and
 * every ARN with a pseudo parameter (`<AWS::Region>`) has one. The rule packs read the same key.
 */
export function acknowledgeWildcards(policy: IConstruct, resources: readonly string[], reason: string): void {
  const stack = Stack.of(policy);
  for (const resource of resources) {
    const shown = flatten(stack.resolve(resource));
    if (shown.includes('*')) {
      policy.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, {
        [`AwsSolutions-IAM5[Resource::${shown}]`]: reason,
      });
    }
  }
}

/** Formats a resource as the rule packs do: `<LogicalId.Arn>/models/*`. */
function flatten(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  const intrinsic = value as { Ref?: string; 'Fn::GetAtt'?: [string, string]; 'Fn::Join'?: [string, unknown[]] };
  if (intrinsic.Ref !== undefined) {
    return `<${intrinsic.Ref}>`;
  }
  if (intrinsic['Fn::GetAtt'] !== undefined) {
    return `<${intrinsic['Fn::GetAtt'].join('.')}>`;
  }
  if (intrinsic['Fn::Join'] !== undefined) {
    const [delimiter, items] = intrinsic['Fn::Join'];
    return items.map(flatten).join(delimiter);
  }
  return JSON.stringify(value);
}

