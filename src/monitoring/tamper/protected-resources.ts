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
 * The resources that only deployments should change.
 *
 * @internal
 */
export interface ProtectedResources {
  /**
   * The ARN or name of the trail that records the store. Changes are detected only in the account and Region that the
   * trail belongs to. For an organization trail, that is the management account.
   *
   * @default - no trail is monitored
   */
  readonly trailArnOrName?: string;

  /**
   * The log group that the trail writes to. It is monitored for changes. If the trail records management events, metric
   * filters on the log group also duplicate every EventBridge rule: about 40 of the 100 filters that CloudWatch Logs
   * allows for a log group.
   *
   * @default - changes to the log group are not detected, and no metric filters are created
   */
  readonly trailLogGroup?: logs.ILogGroup;

  /**
   * The buckets with models. Changes to their settings are detected, and changes to objects that bypass governance
   * retention.
   *
   * @default - none
   */
  readonly artifactBuckets?: s3.IBucket[];

  /**
   * The buckets of the log archive. Changes to their settings and all deletions in them are detected. For buckets in
   * another account, only calls from this account are detected, so create a `TamperDetection` there too.
   *
   * @default - none
   */
  readonly logBuckets?: s3.IBucket[];

  /**
   * The KMS keys for models, logs, signatures and alarms.
   *
   * @default - none
   */
  readonly keys?: kms.IKey[];

  /**
   * The roles of people and functions, and the roles that read models directly from S3. The managed policies that are
   * already attached to them are monitored too.
   *
   * @default - none
   */
  readonly roles?: iam.IRole[];

  /**
   * The Lambda functions of the store.
   *
   * @default - none
   */
  readonly functions?: lambda.IFunction[];

  /**
   * Those of the functions that only an API should invoke. A function believes the event that invokes it, which can
   * name anybody as the caller. Other invocations are detected if the trail records invocations of these functions.
   *
   * @default - none
   */
  readonly functionsOfApis?: lambda.IFunction[];

  /**
   * The APIs that invoke the functions and pass the name of the caller.
   *
   * @default - none
   */
  readonly apis?: apigateway.IRestApi[];

  /**
   * The user pools that people sign in to. Changes to sign-in settings are detected, but not changes to users and
   * groups.
   *
   * @default - none
   */
  readonly userPools?: cognito.IUserPool[];

  /**
   * The Contributor Insights rules that alarms depend on.
   *
   * @default - none; `StoreMonitoring` adds its own
   */
  readonly insightRules?: cloudwatch.CfnInsightRule[];

  /**
   * The audit queries. Changes to their tables and views, their workgroup and their text are detected.
   *
   * @default - not monitored
   */
  readonly analytics?: EgressAnalytics;

  /**
   * The names of the SSM parameters by which clients, other stacks and auditors find the store and its evidence. A name
   * that ends with a slash includes all parameters below it.
   *
   * @default - none
   */
  readonly parameterNames?: string[];

  /**
   * The names of canary models in `artifactBuckets`, which no one has a reason to read. Requests to read an object of
   * theirs are detected if the trail records the data events of the buckets.
   *
   * @default - none
   */
  readonly canaryModels?: string[];
}
