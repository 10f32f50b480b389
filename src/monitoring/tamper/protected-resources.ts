import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { EgressAnalytics } from '../../audit/egress-analytics';

/**
 * What nobody but a deployment should change.
 */
export interface ProtectedResources {
  /**
   * ARN of the trail that records the store, or its name. Changes are seen in the account and Region that the trail belongs
   * to; for a trail of the organization that is the management account.
   *
   * @default - no trail is watched
   */
  readonly trailArnOrName?: string;

  /**
   * The log group that the trail writes to: it is watched itself, and if the trail records management events, every rule is
   * doubled by metric filters on it. They are about 40, and CloudWatch Logs takes 100 for one log group.
   *
   * @default - no log group is watched, and there are no metric filters
   */
  readonly trailLogGroup?: logs.ILogGroup;

  /**
   * Buckets of models: their settings are watched, and deletions and locks that bypass governance retention.
   *
   * @default - none
   */
  readonly artifactBuckets?: s3.IBucket[];

  /**
   * Buckets of the log archive: their settings are watched, and every deletion in them. Of buckets in another account only
   * calls out of this account are seen; make a `TamperDetection` there too.
   *
   * @default - none
   */
  readonly logBuckets?: s3.IBucket[];

  /**
   * Keys of models, logs, signatures and alarms.
   *
   * @default - none
   */
  readonly keys?: kms.IKey[];

  /**
   * Roles of people and functions. The managed policies that are attached to them by now are watched with them.
   *
   * @default - none
   */
  readonly roles?: iam.IRole[];

  /**
   * The functions.
   *
   * @default - none
   */
  readonly functions?: lambda.IFunction[];

  /**
   * The APIs that call them, and say in whose name.
   *
   * @default - none
   */
  readonly apis?: apigateway.IRestApi[];

  /**
   * The user pools that people sign in to: how, not who is in them.
   *
   * @default - none
   */
  readonly userPools?: cognito.IUserPool[];

  /**
   * The rules of Contributor Insights that alarms look at.
   *
   * @default - none; `StoreMonitoring` adds its own
   */
  readonly insightRules?: cloudwatch.CfnInsightRule[];

  /**
   * The questions about the evidence: their tables and views, their workgroup and their text are watched.
   *
   * @default - not watched
   */
  readonly analytics?: EgressAnalytics;

  /**
   * Names of the SSM parameters by which clients, other stacks and auditors find the store and its evidence. A name
   * with a slash at its end stands for every parameter below it.
   *
   * @default - none
   */
  readonly parameterNames?: string[];
}
