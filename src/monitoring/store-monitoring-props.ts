import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { ApiAccess, FunctionAccess } from '../access/store-access';
import type { IArtifactBucket } from '../storage/artifact-bucket';

/**
 * From how many on an alarm goes off, counted over `period`.
 */
export interface AlarmThresholds {
  /**
   * Invocations of one function that failed without an answer. Number within `period`, at least 1. Lower wakes you sooner.
   *
   * @default 1
   */
  readonly functionErrors?: number;

  /**
   * Requests that one function answered with a 5xx status, which is never the caller's doing. Number within `period`, at
   * least 1. Lower wakes you sooner.
   *
   * @default 1
   */
  readonly failedRequests?: number;

  /**
   * Invocations of one function that were refused because too many ran already. Number within `period`, at least 1.
   *
   * @default 1
   */
  readonly functionThrottles?: number;

  /**
   * Requests that the API answered with a 5xx status, which is never the caller's doing. Number within `period`, at least 1.
   *
   * @default 1
   */
  readonly apiServerErrors?: number;

  /**
   * Requests that S3 refused on the artifact bucket, expired links included. Number within `period`, at least 1. Lower
   * tells of a probing earlier and of clumsy clients more often.
   *
   * @default 5
   */
  readonly accessDenied?: number;
}

/**
 * Where the functions log to.
 */
export interface FunctionLogGroups {
  /**
   * The log group of the function that takes uploads and publishes versions.
   */
  readonly upload: logs.ILogGroup;

  /**
   * The log group of the function that gives out links to read.
   */
  readonly download: logs.ILogGroup;

  /**
   * The log group of the function that lists, shows and moves aliases.
   */
  readonly registry: logs.ILogGroup;
}

/**
 * Properties of `StoreMonitoring`.
 */
export interface StoreMonitoringProps {
  /**
   * The bucket whose refusals are counted.
   */
  readonly artifactBucket: IArtifactBucket;

  /**
   * The functions to watch.
   *
   * @default - no alarms on functions
   */
  readonly functions?: FunctionAccess;

  /**
   * Where the functions log to; each function has a log group of its own. Only their logs tell of requests that they
   * answered with a 5xx: for Lambda these are successes, and without an API nothing else counts them.
   *
   * @default - no alarms on failed requests
   */
  readonly functionLogGroups?: FunctionLogGroups;

  /**
   * The API to watch.
   *
   * @default - no alarm on the API
   */
  readonly api?: ApiAccess;

  /**
   * The CloudWatch log group that the trail writes to. The trail must record data events of the artifact bucket.
   *
   * @default - no alarm on refused access: nothing else tells of it in time
   */
  readonly auditLogGroup?: logs.ILogGroup;

  /**
   * Where alarms are sent. CloudWatch must be allowed to publish to it, and to use its key if it has one.
   *
   * @default - a topic of its own, encrypted; subscribe to it, or nobody is told
   */
  readonly topic?: sns.ITopic;

  /**
   * The key that encrypts the topic of its own. CloudWatch must be allowed to use it; a key of this app gets that added to
   * its policy, an imported one has to say so itself.
   *
   * @default - a key of its own, which costs about $1 a month
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * From how many on an alarm goes off.
   *
   * @default - see `AlarmThresholds`
   */
  readonly thresholds?: AlarmThresholds;

  /**
   * Over how long is counted, in whole minutes, or 10, 20 or 30 seconds. Longer tells later and counts more together.
   *
   * @default Duration.minutes(5)
   */
  readonly period?: Duration;

  /**
   * Where the runbook is read, for a copy of your own. An alarm's description links to its entry there.
   *
   * @default - docs/runbook.md of the library's repository
   */
  readonly runbookUrl?: string;

  /**
   * What happens to the topic's own key when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
