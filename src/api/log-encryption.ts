import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct, IConstruct } from 'constructs';
import { allowOnKey } from '../common/required-actions';

/**
 * Allows CloudWatch Logs to use a key for log groups whose names match a pattern. For an imported key, the statement is
 * reported as a required action.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 *
 * @param namePattern the name of the log groups; `*` matches the suffix that CloudFormation or AWS adds
 */
export function allowLogEncryption(scope: Construct, key: kms.IKey, namePattern: string): void {
  const stack = Stack.of(scope);
  allowOnKey(scope, key, [new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
    // The wildcards cover ReEncryptFrom, ReEncryptTo and the variants of GenerateDataKey, as on the page above.
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    // In a key policy, "*" is the key itself.
    resources: ['*'],
    conditions: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn':
          `arn:${stack.partition}:logs:${stack.region}:${stack.account}:log-group:${namePattern}`,
      },
    },
  })], {
    resource: 'the key that encrypts the logs',
    why: `before the log groups ${namePattern} are created`,
    outputId: `RequiredLogKeyPolicyFor${namePattern.replace(/[^A-Za-z0-9]/g, '')}`,
  });
}

/**
 * Returns a pattern for the names that CloudFormation generates for the log groups of a stack. With exact names, the
 * log groups and the key would depend on each other.
 */
export function logGroupsOfStack(scope: IConstruct): string {
  return `${Stack.of(scope).stackName}-*`;
}
