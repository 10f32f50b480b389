import { Names, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { BUCKET_NAME, BYTES_OUT, READS, ROLE_ARN, SOURCE_IDENTITY } from './egress-patterns';

/*
 * Truth table: in which count a read is. There is exactly one for each, so nobody's bytes are missed and nobody's twice.
 *
 *   session of       | source identity | the store's roles are known | they are not              | no API: named by request
 *   -----------------+-----------------+-----------------------------+---------------------------+--------------------------
 *   a store's role   | always          | rule by person              | rule by person            | rule by role
 *   another role     | yes             | rule by role                | rule by person            | rule by role
 *   another role     | no              | rule by role                | rule by role              | rule by role
 *   no role          | yes             | reads outside of sessions   | rule by person            | reads outside of sessions
 *   no role          | no              | reads outside of sessions   | reads outside of sessions | reads outside of sessions
 *
 * By role and not by session, because whoever assumes a role chooses the session's name, and a source identity too if the role
 * lets them set one: a thief with a new name for every file would stay below every threshold. Reads outside of sessions (a
 * user's own key, another account, a service) have no one field that names them all, and a record without the key of a rule is
 * in none of its counts: a metric filter sums them.
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
  readonly NotIn?: readonly string[];
  readonly IsPresent?: boolean;
}

export interface ContributorRules {
  /** Absent where the sessions of the store are not named by the caller. */
  readonly byPerson?: cloudwatch.CfnInsightRule;
  readonly byRole: cloudwatch.CfnInsightRule;
}

/** Who names the sessions of the store, and what they can be told by. */
export interface SessionNames {
  /** Whether the store's sessions are named by the caller; without an API, they are named by the request. */
  readonly named: boolean;
  /** The roles of these sessions, if they are known. */
  readonly sessionRoles?: readonly iam.IRole[];
}

/** Sum up the bytes that each principal reads. A rule costs $0.50 a month, and $0.02 per million records that it counts. */
export function countContributors(scope: Construct, logGroup: logs.ILogGroup, bucket: s3.IBucket, sessions: SessionNames): ContributorRules {
  const roleArns = sessions.sessionRoles?.map(({ roleArn }) => roleArn);
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
  if (!sessions.named) {
    return { byRole: rule('EgressByRoleRule', ROLE_ARN, [{ Match: ROLE_ARN, IsPresent: true }]) };
  }
  const ofTheStore: RuleFilter = roleArns ? { Match: ROLE_ARN, In: roleArns } : { Match: SOURCE_IDENTITY, IsPresent: true };
  const ofOthers: RuleFilter = roleArns ? { Match: ROLE_ARN, NotIn: roleArns } : { Match: SOURCE_IDENTITY, IsPresent: false };
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

/** The bytes of whoever read most. */
export function topContributor(rule: cloudwatch.CfnInsightRule, options: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({ expression: `INSIGHT_RULE_METRIC("${rule.ruleName}", "MaxContributorValue")`, ...options });
}
