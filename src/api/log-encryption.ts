import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct, IConstruct } from 'constructs';
import { allowOnKey } from '../common/required-actions';

/**
 * Let CloudWatch Logs encrypt log groups of the given names with a key, and nothing else. A key that was made elsewhere
 * has to say so in its own policy.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 *
 * @param namePattern name of the log groups; `*` stands for what CloudFormation or AWS puts behind it
 */
export function allowLogEncryption(scope: Construct, key: kms.IKey, namePattern: string): void {
  const stack = Stack.of(scope);
  allowOnKey(scope, key, [new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
    // The wildcards cover ReEncryptFrom and ReEncryptTo, and the variants of GenerateDataKey, as the page above lists them.
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
    resource: 'the key of the logs',
    why: `before the log groups ${namePattern} are made`,
    outputId: `RequiredLogKeyPolicyFor${namePattern.replace(/[^A-Za-z0-9]/g, '')}`,
  });
}

/**
 * Names that CloudFormation gives the log groups of a stack. Naming a log group exactly would make it need the key and the
 * key need it.
 */
export function logGroupsOfStack(scope: IConstruct): string {
  return `${Stack.of(scope).stackName}-*`;
}
