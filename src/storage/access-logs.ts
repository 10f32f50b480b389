import { Aws, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import type { Problems } from '../common/problems';
import { requireAction } from '../common/required-actions';

/** A bucket and key prefix that receive server access logs. */
export interface AccessLogsDestination {
  readonly serverAccessLogsBucket?: s3.IBucket;
  readonly serverAccessLogsPrefix?: string;
}

export function checkAccessLogs(problems: Problems, scope: IConstruct, destination: AccessLogsDestination): void {
  const { serverAccessLogsBucket: bucket, serverAccessLogsPrefix: prefix } = destination;
  checkPrefix(problems, 'serverAccessLogsPrefix', prefix);
  if (bucket === undefined) {
    if (prefix !== undefined) {
      problems.add('serverAccessLogsPrefix is set without serverAccessLogsBucket, so no access logs are delivered; set '
        + 'both, or neither');
    }
    return;
  }
  const { account, region } = Stack.of(scope);
  if (elsewhere(account, bucket.env.account) || elsewhere(region, bucket.env.region)) {
    problems.add(`serverAccessLogsBucket is in account ${bucket.env.account}, Region ${bucket.env.region}, but the `
      + `source bucket is in account ${account}, Region ${region}; S3 delivers access logs only within one account and `
      + 'Region');
  }
}

export function checkPrefix(problems: Problems, at: string, prefix: string | undefined): void {
  // The bucket policy allows keys with the prefix. A wildcard or a policy variable in it would allow more.
  if (prefix !== undefined && !Token.isUnresolved(prefix) && !/^[^/*?$][^*?$]*\/$/.test(prefix)) {
    problems.add(`${at} is "${prefix}"; a prefix must end with "/", not start with "/", and not contain "*", "?" or `
      + '"$", as in "artifact-bucket/"');
  }
}

function elsewhere(here: string, there: string): boolean {
  return !Token.isUnresolved(here) && !Token.isUnresolved(there) && here !== there;
}

export interface AcceptAccessLogsOptions {
  readonly prefix: string;
  /** The ARN of the source bucket; any bucket of the account if undefined. */
  readonly sourceBucketArn?: string;
}

/** Allows S3 to deliver the logs of one bucket under one prefix. */
export function acceptAccessLogs(
  destination: s3.IBucket, options: AcceptAccessLogsOptions,
): iam.AddToResourcePolicyResult {
  return destination.addToResourcePolicy(accessLogStatement(destination, options));
}

function accessLogStatement(destination: s3.IBucket, options: AcceptAccessLogsOptions): iam.PolicyStatement {
  return new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
    actions: ['s3:PutObject'],
    // Under the prefix, S3 names the objects by account, Region, bucket, date and a random string.
    resources: [destination.arnForObjects(`${options.prefix}*`)],
    conditions: {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ...options.sourceBucketArn === undefined ? {} : { ArnEquals: { 'aws:SourceArn': options.sourceBucketArn } },
    },
  });
}

/**
 * Delivers the access logs of a bucket to a destination, with keys partitioned by event time, so that a query reads
 * only the days it needs.
 *
 * It is set on the CloudFormation resource because the higher-level property may, depending on a feature flag, add an
 * access control list to the destination, which a bucket with enforced ownership rejects.
 */
export function deliverAccessLogs(source: s3.Bucket, destination: s3.IBucket, prefix: string): void {
  (source.node.defaultChild as s3.CfnBucket).loggingConfiguration = {
    destinationBucketName: destination.bucketName,
    logFilePrefix: prefix,
    targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: s3.PartitionDateSource.EVENT_TIME } },
  };
  // Across stacks, a reference to the source in the destination's policy would make the stacks depend on each other.
  const sameStack = Stack.of(source) === Stack.of(destination);
  expectAccessLogs(source, destination, prefix, sameStack ? source.bucketArn : undefined);
}

/** The deliveries allowed so far for each destination bucket, so that none is allowed or reported twice. */
const expected = new WeakMap<s3.IBucket, Set<string>>();

/** Allows the delivery in the policy of the destination, or reports it as a required action to the owner. */
export function expectAccessLogs(
  scope: Construct, destination: s3.IBucket, prefix: string, sourceBucketArn: string | undefined,
): void {
  const already = expected.get(destination) ?? new Set();
  expected.set(destination, already);
  const expectation = JSON.stringify([prefix, sourceBucketArn]);
  if (already.has(expectation)) return;
  already.add(expectation);
  const statement = accessLogStatement(destination, { prefix, sourceBucketArn });
  if (destination.addToResourcePolicy(statement).statementAdded) return;
  requireAction(scope, {
    id: 'SecureModelArtifactStore::ImportedAccessLogBucket',
    resource: 'the bucket of the access logs',
    why: `so that access logs are delivered under "${prefix}"`,
    settings: [
      'It must be in the account and Region of the source buckets, encrypted with SSE-S3 (not with KMS), and without '
      + 'Object Lock.',
    ],
    policyStatements: [statement],
    outputId: 'RequiredAccessLogBucketPolicy',
  });
}
