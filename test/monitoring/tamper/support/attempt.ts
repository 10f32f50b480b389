import type { CloudTrailRecord } from './records';

/** An action, and the rules that report it. */
export type Attempt = readonly [done: string, record: CloudTrailRecord, ...rules: string[]];

/** The deployed names of the watched resources. */
export interface WatchedNames {
  readonly account: string;
  readonly region: string;
  readonly trail: string;
  readonly logGroup: string;
  readonly artifactBucket: string;
  readonly trailBucket: string;
  readonly accessLogBucket: string;
  readonly artifactKeyId: string;
  readonly archiveKeyId: string;
  readonly sessionRole: string;
  readonly executionRole: string;
  readonly executionRoleArn: string;
  /** A role that reads models directly from S3; absent if there is none. */
  readonly directRole?: string;
  /** The ARN of the policy of the session role. */
  readonly sessionPolicy: string;
  /** The ARN of a policy beyond those that fit into one rule. */
  readonly furtherPolicy: string;
  readonly function: string;
  /** The ID of the API. */
  readonly api: string;
  /** The ID of the user pool; absent if there is none. */
  readonly userPool?: string;
  readonly topicArn: string;
  /** The prefix of the tamper rule names. */
  readonly rulePrefix: string;
  readonly stackName: string;
  /** The name of a Contributor Insights rule that an alarm watches. */
  readonly insightRule: string;
  readonly database: string;
  readonly workGroup: string;
  /** The ID of a named query in Athena; absent if there are none. */
  readonly namedQuery?: string;
  /** A named query whose ID does not fit into the first rule. */
  readonly lastNamedQuery?: string;
  readonly parameter: string;
  /** A model that no one has a reason to read; absent if there is none. */
  readonly canaryModel?: string;
}
