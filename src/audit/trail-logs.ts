import { ArnFormat, Aws, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
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

/** The log group that the trail writes to, and the role it does so with. */
export function createTrailLogs(scope: Construct, options: TrailLogsOptions): TrailLogs {
  const encryptionKey = options.encryptionKey ?? new kms.Key(scope, 'LogGroupKey', {
    description: `Encrypts the records of the audit trail in CloudWatch Logs (${scope.node.path})`,
    enableKeyRotation: true,
    removalPolicy: options.removalPolicy,
  });
  allowCloudWatchLogs(scope, encryptionKey);
  const logGroup = new logs.LogGroup(scope, 'LogGroup', {
    retention: options.retention, encryptionKey, removalPolicy: options.removalPolicy,
  });

  const role = new iam.Role(scope, 'LogDeliveryRole', {
    assumedBy: new iam.ServicePrincipal('cloudtrail.amazonaws.com'),
    description: 'CloudTrail writes the records of the audit trail into its log group',
  });
  // CloudTrail names its streams after account and home Region, those of an organization after its id. The trust policy of
  // this role supports neither aws:SourceArn nor aws:SourceAccount.
  // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
  const streams = [`${Aws.ACCOUNT_ID}_CloudTrail_${Aws.REGION}*`, ...(options.isOrganization ? ['o-*'] : [])];
  const resources = streams.map((stream) => Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `${logGroup.logGroupName}:log-stream:${stream}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  }));
  const policy = new iam.ManagedPolicy(role, 'Permissions', {
    description: 'Writing into the streams of one trail',
    roles: [role],
    statements: [new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources })],
  });
  acknowledgeWildcards(policy, resources, 'CloudTrail adds a suffix of its own to the name of each stream it creates in this log group.');
  return { logGroup, role, encryptionKey };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
function allowCloudWatchLogs(scope: Construct, key: kms.IKey): void {
  allowOnKey(scope, key, [new iam.PolicyStatement({
    sid: 'AllowCloudWatchLogs',
    principals: [new iam.ServicePrincipal(`logs.${Aws.REGION}.${Aws.URL_SUFFIX}`)],
    actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    // In a key policy, "*" is the key itself. The log group refers to the key, so the key cannot refer to the one log group.
    resources: ['*'],
    conditions: {
      ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:*` },
    },
  })], { resource: 'the key of the trail\'s log group', why: 'before the log group is made', outputId: 'RequiredLogKeyPolicy' });
}
