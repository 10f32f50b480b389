import { ArnFormat, Aws, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { limitGrants } from '../common/key-grants';
import { allowOnKey } from '../common/required-actions';
import { acknowledgeWildcards } from '../common/wildcard-acknowledgements';

export interface TrailLogsOptions {
  readonly retention: logs.RetentionDays;
  readonly encryptionKey?: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
  readonly isOrganization: boolean;
}

export interface TrailLogs {
  readonly logGroup: logs.LogGroup;
  readonly role: iam.Role;
  readonly encryptionKey: kms.IKey;
}

/** Creates the log group of the trail and the role with which CloudTrail writes to it. */
export function createTrailLogs(scope: Construct, options: TrailLogsOptions): TrailLogs {
  const encryptionKey = options.encryptionKey ?? limitGrants(new kms.Key(scope, 'LogGroupKey', {
    description: `Encrypts the records of the audit trail in CloudWatch Logs (${scope.node.path})`,
    enableKeyRotation: true,
    removalPolicy: options.removalPolicy,
  }));
  allowCloudWatchLogs(scope, encryptionKey);
  const logGroup = new logs.LogGroup(scope, 'LogGroup', {
    retention: options.retention, encryptionKey, removalPolicy: options.removalPolicy,
  });

  const role = new iam.Role(scope, 'LogDeliveryRole', {
    assumedBy: new iam.ServicePrincipal('cloudtrail.amazonaws.com'),
    description: 'Allows CloudTrail to write the records of the audit trail to its log group',
  });
  // CloudTrail names its streams after the account and the home Region, and those of an organization trail after the ID
  // of the organization. The trust policy of this role supports neither aws:SourceArn nor aws:SourceAccount.
  // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
  const streams = [`${Aws.ACCOUNT_ID}_CloudTrail_${Aws.REGION}*`, ...(options.isOrganization ? ['o-*'] : [])];
  const resources = streams.map((stream) => Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `${logGroup.logGroupName}:log-stream:${stream}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  }));
  const policy = new iam.ManagedPolicy(role, 'Permissions', {
    description: 'Allows writing to the log streams of the audit trail',
    roles: [role],
    statements: [new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources })],
  });
  acknowledgeWildcards(
    policy, resources, 'CloudTrail appends a suffix to the name of each stream that it creates in this log group.',
  );
  return { logGroup, role, encryptionKey };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
function allowCloudWatchLogs(scope: Construct, key: kms.IKey): void {
  allowOnKey(scope, key, [new iam.PolicyStatement({
    sid: 'AllowCloudWatchLogs',
    principals: [new iam.ServicePrincipal(`logs.${Aws.REGION}.${Aws.URL_SUFFIX}`)],
    actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    // In a key policy, "*" is the key itself. The log group refers to the key, so the policy cannot refer to the log
    // group.
    resources: ['*'],
    conditions: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:*`,
      },
    },
  })], {
    resource: 'the key of the trail\'s log group',
    why: 'before the log group is created',
    outputId: 'RequiredLogKeyPolicy',
  });
}
