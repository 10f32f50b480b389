import { Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { allowLogEncryption } from './log-encryption';
import type { Problems } from '../common/problems';

/**
 * A web application firewall in front of the API.
 */
export class WebApplicationFirewall {
  /**
   * Creates a web ACL with AWS managed rules against common attacks, known bad inputs and addresses with a bad
   * reputation, and a rate limit per address. It costs about $9 a month, and $0.60 per million requests.
   *
   * @param requestsPerFiveMinutes the number of requests that one address can make within five minutes, at least 10; by
   * default, 2000. Requests above it get status 403 until the rate falls. All callers behind one NAT gateway share an
   * address.
   */
  public static managed(requestsPerFiveMinutes?: number): WebApplicationFirewall {
    return new WebApplicationFirewall(undefined, requestsPerFiveMinutes);
  }

  /**
   * Uses an existing regional web ACL.
   *
   * @param webAclArn the ARN of the web ACL
   */
  public static fromWebAclArn(webAclArn: string): WebApplicationFirewall {
    return new WebApplicationFirewall(webAclArn);
  }

  private constructor(private readonly webAclArn?: string, private readonly requestsPerFiveMinutes?: number) {}

  /**
   * @internal
   */
  public _check(problems: Problems): void {
    const limit = this.requestsPerFiveMinutes;
    // https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html
    if (limit !== undefined && !Token.isUnresolved(limit)
      && !(Number.isInteger(limit) && limit >= 10 && limit <= 2_000_000_000)) {
      problems.add(`webApplicationFirewall.requestsPerFiveMinutes is ${limit}; use a whole number from 10 to `
        + '2,000,000,000, the range that AWS WAF accepts');
    }
    if (this.webAclArn !== undefined && !Token.isUnresolved(this.webAclArn)
      && !/^arn:[\w-]+:wafv2:[^:]+:[^:]+:regional\/webacl\/[^/]+\/[^/]+$/.test(this.webAclArn)) {
      problems.add(`webApplicationFirewall.webAclArn is ${JSON.stringify(this.webAclArn)}; the ARN of a regional web `
        + 'ACL has the form arn:aws:wafv2:<region>:<account>:regional/webacl/<name>/<id>');
    }
  }

  /**
   * @internal
   */
  public _protect(scope: Construct, stage: apigateway.Stage, logging: FirewallLogging): void {
    new wafv2.CfnWebACLAssociation(scope, 'WebAclAssociation', {
      resourceArn: stage.stageArn,
      webAclArn: this.webAclArn ?? this.createWebAcl(scope, logging).attrArn,
    });
  }

  private createWebAcl(scope: Construct, logging: FirewallLogging): wafv2.CfnWebACL {
    const webAcl = new wafv2.CfnWebACL(scope, 'WebAcl', {
      description: 'Protects the API of the model artifact store',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('ModelArtifactStoreApi'),
      rules: [
        managedRules(0, 'AWSManagedRulesAmazonIpReputationList'),
        managedRules(1, 'AWSManagedRulesKnownBadInputsRuleSet'),
        // This rule blocks bodies over 8 KB, but a manifest of 10,000 files is larger. API Gateway limits requests to
        // 10 MB.
        managedRules(2, 'AWSManagedRulesCommonRuleSet', ['SizeRestrictions_BODY']),
        {
          name: 'RateLimit',
          priority: 3,
          action: { block: {} },
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP', evaluationWindowSec: 300, limit: this.requestsPerFiveMinutes ?? 2000,
            },
          },
          visibilityConfig: visibility('RateLimit'),
        },
      ],
    });
    logRequests(scope, webAcl, logging);
    return webAcl;
  }
}

export interface FirewallLogging {
  readonly encryptionKey: kms.IKey;
  readonly retention: logs.RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

function managedRules(priority: number, name: string, countOnly: readonly string[] = []): wafv2.CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: countOnly.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    visibilityConfig: visibility(name),
  };
}

function visibility(metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty {
  // Sampled requests would show headers and query strings in the console.
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html */
function logRequests(scope: Construct, webAcl: wafv2.CfnWebACL, logging: FirewallLogging): void {
  const stack = Stack.of(scope);
  allowLogEncryption(scope, logging.encryptionKey, 'aws-waf-logs-*');
  const logGroup = new logs.LogGroup(scope, 'WebAclLogs', {
    // AWS WAF requires log group names with this prefix.
    logGroupName: `aws-waf-logs-${Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' })}`,
    ...logging,
  });
  const deliveryPolicy = new logs.CfnResourcePolicy(scope, 'WebAclLogsPolicy', {
    policyName: `aws-waf-logs-${Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' })}`,
    policyDocument: stack.toJsonString({
      Version: '2012-10-17',
      Statement: [{
        Effect: 'Allow',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: logGroup.logGroupArn,
        Condition: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: { 'aws:SourceArn': `arn:${stack.partition}:logs:${stack.region}:${stack.account}:*` },
        },
      }],
    }),
  });
  const configuration = new wafv2.CfnLoggingConfiguration(scope, 'WebAclLogging', {
    resourceArn: webAcl.attrArn,
    logDestinationConfigs: [
      `arn:${stack.partition}:logs:${stack.region}:${stack.account}:log-group:${logGroup.logGroupName}`,
    ],
    redactedFields: [
      { singleHeader: { Name: 'authorization' } },
      { singleHeader: { Name: 'x-amz-security-token' } },
      { queryString: {} },
    ],
  });
  configuration.node.addDependency(deliveryPolicy);
}
