import { Names, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { BUCKET_NAME, BYTES_OUT, READS, ROLE_ARN, SOURCE_IDENTITY } from './egress-patterns';

/*
 * Truth table: in which count a read is. There is exactly one for each, so nobody's bytes are missed and nobody's twice.
 *
 *   source identity | session of a role | sessions are named by caller (API)    | sessions are named by request (no API)
 *   ----------------+-------------------+---------------------------------------+---------------------------------------
 *   yes             | yes               | rule by person                        | rule by role
 *   yes             | no                | rule by person                        | reads outside of sessions
 *   no              | yes               | rule by role                          | rule by role
 *   no              | no                | reads outside of sessions             | reads outside of sessions
 *
 * By role and not by session, because whoever assumes a role chooses the session's name: a thief with a new name for every
 * file would stay below every threshold. Reads outside of sessions (a user's own key, another account, a service) have no
 * one field that names them all, and a record without the key of a rule is in none of its counts: a metric filter sums them.
 */

/** What a rule may have: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContributorInsights-RuleSyntax.html */
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
  readonly IsPresent?: boolean;
}

export interface ContributorRules {
  /** Absent where the sessions of the store are not named by the caller. */
  readonly byPerson?: cloudwatch.CfnInsightRule;
  readonly byRole: cloudwatch.CfnInsightRule;
}

/** Sum up the bytes that each principal reads. A rule costs $0.50 a month, and $0.02 per million records that it counts. */
export function countContributors(scope: Construct, logGroup: logs.ILogGroup, bucket: s3.IBucket, named: boolean): ContributorRules {
  const rule = (id: string, key: string, filters: readonly RuleFilter[]) => createRule(scope, id, {
    Schema: { Name: 'CloudWatchLogRule', Version: 1 },
    LogGroupNames: [logGroup.logGroupName],
    LogFormat: 'JSON',
    Contribution: {
      Keys: [key],
      ValueOf: BYTES_OUT,
      // No room for the event's source (four filters at most): no other service's event has this bucket and these names.
      Filters: [
        { Match: BUCKET_NAME, In: [bucket.bucketName] },
        { Match: '$.eventName', In: READS },
        { Match: '$.errorCode', IsPresent: false },
        ...filters,
      ],
    },
    AggregateOn: 'Sum',
  });
  return {
    byPerson: named ? rule('EgressByPersonRule', SOURCE_IDENTITY, [{ Match: SOURCE_IDENTITY, IsPresent: true }]) : undefined,
    byRole: rule('EgressByRoleRule', ROLE_ARN, [named ? { Match: SOURCE_IDENTITY, IsPresent: false } : { Match: ROLE_ARN, IsPresent: true }]),
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

/** The bytes of whoever read most. */
export function topContributor(rule: cloudwatch.CfnInsightRule, options: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({ expression: `INSIGHT_RULE_METRIC("${rule.ruleName}", "MaxContributorValue")`, ...options });
}
