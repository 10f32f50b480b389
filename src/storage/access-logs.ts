import { Aws, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import type { Problems } from '../common/problems';
import { tellOwner } from '../common/required-actions';

/**
 * Where S3 delivers the server access logs of a bucket.
 */
export interface AccessLogsDestination {
  /**
   * The bucket that receives the logs. It must be in the same account and Region as the bucket that is logged, encrypted
   * with SSE-S3, and without Object Lock: S3 silently delivers nothing otherwise.
   *
   * Its policy is extended so that S3 may deliver here if the bucket is made in this app; the owner of an imported bucket
   * has to allow it (`LogArchive.acceptAccessLogs`).
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
   */
  readonly bucket: s3.IBucket;

  /**
   * What the keys begin with, up to and with a "/". S3 adds the account, the Region, the bucket and the date of the event.
   *
   * @default 'artifact-bucket/'
   */
  readonly prefix?: string;
}

export function checkAccessLogs(problems: Problems, scope: IConstruct, destination: AccessLogsDestination | undefined): void {
  if (destination === undefined) return;
  const { bucket, prefix } = destination;
  checkPrefix(problems, 'accessLogs.prefix', prefix);
  const { account, region } = Stack.of(scope);
  if (elsewhere(account, bucket.env.account) || elsewhere(region, bucket.env.region)) {
    problems.add(`accessLogs.bucket is in account ${bucket.env.account}, Region ${bucket.env.region}, and the logged bucket in account `
      + `${account}, Region ${region}; S3 delivers access logs only within one account and Region`);
  }
}

export function checkPrefix(problems: Problems, at: string, prefix: string | undefined): void {
  // The bucket policy allows what begins with the prefix; a wildcard or a policy variable in it would allow more.
  if (prefix !== undefined && !Token.isUnresolved(prefix) && !/^[^/*?$][^*?$]*\/$/.test(prefix)) {
    problems.add(`${at} is "${prefix}"; it ends with "/", does not begin with one and has no "*", "?" or "$", as in "artifact-bucket/"`);
  }
}

function elsewhere(here: string, there: string): boolean {
  return !Token.isUnresolved(here) && !Token.isUnresolved(there) && here !== there;
}

export interface AcceptAccessLogsOptions {
  readonly prefix: string;
  /** ARN of the one bucket that is logged; any bucket of the account if it cannot be named. */
  readonly sourceBucketArn?: string;
}

/** S3 may deliver the logs of one bucket below one prefix. */
export function acceptAccessLogs(destination: s3.IBucket, options: AcceptAccessLogsOptions): iam.AddToResourcePolicyResult {
  return destination.addToResourcePolicy(accessLogStatement(destination, options));
}

function accessLogStatement(destination: s3.IBucket, options: AcceptAccessLogsOptions): iam.PolicyStatement {
  return new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
    actions: ['s3:PutObject'],
    // S3 names the objects below the prefix by account, Region, bucket, date and a random string.
    resources: [destination.arnForObjects(`${options.prefix}*`)],
    conditions: {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ...options.sourceBucketArn === undefined ? {} : { ArnEquals: { 'aws:SourceArn': options.sourceBucketArn } },
    },
  });
}

/**
 * Log a bucket to a destination, in keys by the date of the event, so that a query reads the days it asks for.
 *
 * Set on the CloudFormation resource: the higher-level property changes the destination by feature flag, to an access
 * control list that a bucket with ownership enforced refuses.
 */
export function deliverAccessLogs(source: s3.Bucket, destination: s3.IBucket, prefix: string): void {
  (source.node.defaultChild as s3.CfnBucket).loggingConfiguration = {
    destinationBucketName: destination.bucketName,
    logFilePrefix: prefix,
    targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: s3.PartitionDateSource.EVENT_TIME } },
  };
  // Between two stacks, naming the source in the destination's policy would make each wait for the other.
  const sameStack = Stack.of(source) === Stack.of(destination);
  expectAccessLogs(source, destination, prefix, sameStack ? source.bucketArn : undefined);
}

/** Who was let in, by the bucket that takes the logs, so that nobody is let in, or told of, twice. */
const expected = new WeakMap<s3.IBucket, Set<string>>();

/** Have the destination accept logs, or its owner know that it has to. */
export function expectAccessLogs(scope: Construct, destination: s3.IBucket, prefix: string, sourceBucketArn: string | undefined): void {
  const already = expected.get(destination) ?? new Set();
  expected.set(destination, already);
  const expectation = JSON.stringify([prefix, sourceBucketArn]);
  if (already.has(expectation)) return;
  already.add(expectation);
  const statement = accessLogStatement(destination, { prefix, sourceBucketArn });
  if (destination.addToResourcePolicy(statement).statementAdded) return;
  tellOwner(scope, {
    id: 'SecureModelArtifactStore::ImportedAccessLogBucket',
    resource: 'the bucket of the access logs',
    why: `so that access logs arrive below "${prefix}"`,
    settings: ['It has to be in the account and Region of the buckets that are logged, encrypted with SSE-S3 (not with KMS) and without Object Lock.'],
    policyStatements: [statement],
    outputId: 'RequiredAccessLogBucketPolicy',
  });
}
