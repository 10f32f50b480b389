import { Names, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { BUCKET_NAME, BYTES_OUT, READS, ROLE_ARN, SOURCE_IDENTITY } from './egress-patterns';

/*
 * Truth table: the count that includes a read. Each read is in exactly one, so no bytes are missed or counted twice.
 *
 *   session of     | source identity | store's roles are known | roles are unknown      | no API: named by request
 *   ---------------+-----------------+-------------------------+------------------------+-------------------------
 *   a store's role | always          | rule by person          | rule by person         | rule by role
 *   another role   | yes             | rule by role            | rule by person         | rule by role
 *   another role   | no              | rule by role            | rule by role           | rule by role
 *   no role        | yes             | reads outside sessions  | rule by person         | reads outside sessions
 *   no role        | no              | reads outside sessions  | reads outside sessions | reads outside sessions
 *
 * Reads are counted by role instead of by session, because the caller that assumes a role chooses the session name, and
 * also the source identity if the role allows it. With a new name for every file, an attacker would stay below every
 * threshold. Reads outside sessions (a user's own key, another account, a service) have no field in common that names
 * the caller, and a rule does not count records without its key, so a metric filter sums them.
 */

/**
 * The supported syntax of a rule:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContributorInsights-RuleSyntax.html
 */
interface RuleBody {
  readonly Schema: { readonly Name: 'CloudWatchLogRule'; readonly Version: 1 };
  readonly LogGroupNames: readonly string[];
  readonly LogFormat: 'JSON';
  readonly Contribution: {
    readonly Keys: readonly string[];
    readonly ValueOf: string;
    readonly Filters: readonly RuleFilter[];
  };
  readonly AggregateOn: 'Sum';
}

interface RuleFilter {
  readonly Match: string;
  readonly In?: readonly string[];
  readonly NotIn?: readonly string[];
  readonly IsPresent?: boolean;
}

export interface ContributorRules {
  /** Absent if the store's sessions are not named after the caller. */
  readonly byPerson?: cloudwatch.CfnInsightRule;
  readonly byRole: cloudwatch.CfnInsightRule;
}

/** How the sessions of the store are named and recognized. */
export interface SessionNames {
  /** Whether the store's sessions are named after the caller. Without an API, they are named after the request. */
  readonly named: boolean;
  /** The roles of these sessions, if they are known. */
  readonly sessionRoles?: readonly iam.IRole[];
}

/** Sums the bytes that each principal reads. A rule costs $0.50 a month, and $0.02 per million counted records. */
export function countContributors(
  scope: Construct, logGroup: logs.ILogGroup, bucket: s3.IBucket, sessions: SessionNames,
): ContributorRules {
  const roleArns = sessions.sessionRoles?.map(({ roleArn }) => roleArn);
  const rule = (id: string, key: string, filters: readonly RuleFilter[]) => createRule(scope, id, {
    Schema: { Name: 'CloudWatchLogRule', Version: 1 },
    LogGroupNames: [logGroup.logGroupName],
    LogFormat: 'JSON',
    Contribution: {
      Keys: [key],
      ValueOf: BYTES_OUT,
      // A rule has at most four filters, so the event source is left out. No other service has events with this bucket
      // and these names.
      Filters: [
        { Match: BUCKET_NAME, In: [bucket.bucketName] },
        { Match: '$.eventName', In: READS },
        { Match: '$.errorCode', IsPresent: false },
        ...filters,
      ],
    },
    AggregateOn: 'Sum',
  });
  if (!sessions.named) {
    return { byRole: rule('EgressByRoleRule', ROLE_ARN, [{ Match: ROLE_ARN, IsPresent: true }]) };
  }
  const ofTheStore: RuleFilter = roleArns
    ? { Match: ROLE_ARN, In: roleArns }
    : { Match: SOURCE_IDENTITY, IsPresent: true };
  const ofOthers: RuleFilter = roleArns
    ? { Match: ROLE_ARN, NotIn: roleArns }
    : { Match: SOURCE_IDENTITY, IsPresent: false };
  return {
    byPerson: rule('EgressByPersonRule', SOURCE_IDENTITY, [ofTheStore]),
    byRole: rule('EgressByRoleRule', ROLE_ARN, [ofOthers]),
  };
}

function createRule(scope: Construct, id: string, body: RuleBody): cloudwatch.CfnInsightRule {
  const rule = new cloudwatch.CfnInsightRule(scope, id, {
    ruleName: 'named below',
    ruleState: 'ENABLED',
    ruleBody: Stack.of(scope).toJsonString(body),
  });
  rule.ruleName = Names.uniqueResourceName(rule, { maxLength: 128, separator: '-' });
  return rule;
}

/** The bytes of the contributor that read the most. */
export function topContributor(
  rule: cloudwatch.CfnInsightRule, options: cloudwatch.MathExpressionOptions,
): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: `INSIGHT_RULE_METRIC("${rule.ruleName}", "MaxContributorValue")`,
    ...options,
  });
}
