import { Match, Template } from 'aws-cdk-lib/assertions';
import { StoreStack } from './fixtures';
import { WebApplicationFirewall } from '../../src/api/web-application-firewall';

describe('a managed firewall', () => {
  const stack = new StoreStack();
  stack.addApi({ webApplicationFirewall: WebApplicationFirewall.managed() });
  const template = Template.fromStack(stack);

  test('has AWS managed rules and a limit of 2000 requests per address in five minutes', () => {
    const [webAcl] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
    const { Rules, Scope, DefaultAction } = webAcl.Properties;
    expect({ Scope, DefaultAction }).toEqual({ Scope: 'REGIONAL', DefaultAction: { Allow: {} } });
    expect(Rules.map(({ Name }: { Name: string }) => Name)).toEqual([
      'AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesKnownBadInputsRuleSet', 'AWSManagedRulesCommonRuleSet', 'RateLimit',
    ]);
    expect(Rules.at(-1)).toMatchObject({
      Action: { Block: {} },
      Statement: { RateBasedStatement: { Limit: 2000, EvaluationWindowSec: 300, AggregateKeyType: 'IP' } },
    });
  });

  test('blocks what AWS managed rules block, except bodies over 8 KB, which large manifests have', () => {
    const [webAcl] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
    const groups = webAcl.Properties.Rules.filter((rule: { Statement: object }) => 'ManagedRuleGroupStatement' in rule.Statement);
    for (const { OverrideAction } of groups) {
      expect(OverrideAction).toEqual({ None: {} });
    }
    const overrides = groups.flatMap((rule: any) => rule.Statement.ManagedRuleGroupStatement.RuleActionOverrides);
    expect(overrides).toEqual([{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }]);
  });

  test('is associated with the stage', () => {
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^ApiStage') }])] },
      WebACLArn: { 'Fn::GetAtt': [Match.anyValue(), 'Arn'] },
    });
  });

  test('logs, encrypted, without credentials and query strings, and samples no requests', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: Match.stringLikeRegexp('^aws-waf-logs-'), KmsKeyId: Match.anyValue(), RetentionInDays: 400,
    });
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      RedactedFields: [{ SingleHeader: { Name: 'authorization' } }, { SingleHeader: { Name: 'x-amz-security-token' } }, { QueryString: {} }],
    });
    expect(JSON.stringify(template.findResources('AWS::WAFv2::WebACL'))).not.toContain('"SampledRequestsEnabled":true');
  });
});

test('an existing web ACL is only associated', () => {
  const stack = new StoreStack();
  const arn = 'arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/ours/12345678-1234-1234-1234-123456789012';
  stack.addApi({ webApplicationFirewall: WebApplicationFirewall.fromWebAclArn(arn) });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::WAFv2::WebACL', 0);
  template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: arn });
});

test('a web ACL for CloudFront is rejected', () => {
  const arn = 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/ours/12345678-1234-1234-1234-123456789012';
  expect(() => new StoreStack().addApi({ webApplicationFirewall: WebApplicationFirewall.fromWebAclArn(arn) }))
    .toThrow('the ARN of a regional web ACL has the form');
});

test.each([10, 2_000_000_000])('a limit of %d requests is accepted', (requestsPerFiveMinutes) => {
  expect(() => new StoreStack().addApi({ webApplicationFirewall: WebApplicationFirewall.managed(requestsPerFiveMinutes) })).not.toThrow();
});
