import { CfnParameter } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { deployed, MonitoredStack } from './fixtures';
import type { MonitoringOptions } from '../../src/monitoring/monitoring-options';
import { NotificationChannel } from '../../src/monitoring/notification-channel';
import { allowed, type Statement } from '../storage/support/policy-evaluator';
import { unacknowledgedFindings } from '../support/findings';

const SLACK = NotificationChannel.slack('T0123ABCD', 'C0123ABCD');
const TEAMS = NotificationChannel.teams(
  '11111111-2222-3333-4444-555555555555', '66666666-7777-8888-9999-000000000000', '19%3Aab12%40thread.tacv2',
);

const stackWith = (notified: Pick<MonitoringOptions, 'emails' | 'channels'> = {}) => new MonitoredStack((scope) => ({
  ...notified, protectedResources: { artifactBuckets: [scope.artifactBucket.bucket], trailLogGroup: new logs.LogGroup(scope, 'Logs') },
}));

describe('no one is notified', () => {
  test('by default', () => {
    const template = Template.fromStack(stackWith());
    template.resourceCountIs('AWS::SNS::Subscription', 0);
    template.resourceCountIs('AWS::Chatbot::SlackChannelConfiguration', 0);
    expect(Object.keys(template.toJSON().Resources).filter((id) => id.includes('Notifications'))).toEqual([]);
  });
});

describe('e-mail subscribers', () => {
  const stack = stackWith({ emails: ['on-call@example.com', 'security@example.com'] });

  test('are all subscribed', () => {
    const subscriptions = Object.values<any>(Template.fromStack(stack).findResources('AWS::SNS::Subscription')).map(({ Properties }) => Properties);
    expect(subscriptions).toEqual(['on-call@example.com', 'security@example.com'].map((Endpoint) =>
      ({ Endpoint, Protocol: 'email', TopicArn: stack.resolve(stack.monitoring.topic.topicArn) })));
  });

  test('cause no findings in any rule pack', () => {
    expect(unacknowledgedFindings(stack.monitoring)).toEqual([]);
  });

  test('receive plain sentences', () => {
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ InputTransformer: Match.objectLike({ InputTemplate: Match.stringLikeRegexp('^"Tampering: <') }) })],
    });
  });
});

describe('chat channels', () => {
  const stack = stackWith({ channels: [SLACK, TEAMS] });
  const template = Template.fromStack(stack);
  const [[roleId]] = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.includes('ChannelRole'));
  const [[policyId, policy]] = Object.entries<any>(template.findResources('AWS::IAM::ManagedPolicy')).filter(([id]) => id.includes('ChannelRole'));
  const common = {
    SnsTopicArns: [stack.resolve(stack.monitoring.topic.topicArn)], IamRoleArn: { 'Fn::GetAtt': [roleId, 'Arn'] }, GuardrailPolicies: [{ Ref: policyId }],
  };

  test('in Slack and Teams show the messages of the topic', () => {
    template.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', { ...common, SlackWorkspaceId: 'T0123ABCD', SlackChannelId: 'C0123ABCD' });
    template.hasResourceProperties('AWS::Chatbot::MicrosoftTeamsChannelConfiguration', {
      ...common, TeamsTenantId: '11111111-2222-3333-4444-555555555555', TeamId: '66666666-7777-8888-9999-000000000000',
      TeamsChannelId: '19%3Aab12%40thread.tacv2',
    });
  });

  test('have a custom name', () => {
    const names = ['SlackChannelConfiguration', 'MicrosoftTeamsChannelConfiguration'].flatMap((type) =>
      Object.values<any>(template.findResources(`AWS::Chatbot::${type}`)).map(({ Properties }) => Properties.ConfigurationName));
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,128}$/);
  });

  test('let users view only metrics and alarms', () => {
    const statements = (policy.Properties.PolicyDocument.Statement as Statement[]).map((statement) => ({ ...statement, Principal: '*' as const }));
    const may = (action: string) => allowed(statements, { action, resource: '*', context: {} });
    expect(may('cloudwatch:GetMetricWidgetImage')).toBe(true);
    for (const action of ['cloudwatch:DisableAlarmActions', 'cloudwatch:PutMetricAlarm', 's3:GetObject', 'logs:StartQuery', 'kms:Decrypt', 'iam:PassRole']) {
      expect([action, may(action)]).toEqual([action, false]);
    }
    expect(policy.Properties.Roles).toEqual([{ Ref: roleId }]);
    expect(template.findResources('AWS::IAM::Role')[roleId].Properties.ManagedPolicyArns).toBeUndefined();
  });

  test('receive messages of tamper rules in their own format', () => {
    for (const { Properties } of Object.values<any>(template.findResources('AWS::Events::Rule'))) {
      const { InputTemplate } = Properties.Targets[0].InputTransformer;
      const message = deployed(InputTemplate).replace(/<[\w-]+>/g, 'x');
      expect(JSON.parse(message)).toMatchObject({ version: '1.0', source: 'custom' });
    }
  });

  test('cause no findings in any rule pack', () => {
    expect(unacknowledgedFindings(stack.monitoring)).toEqual([]);
  });

  test('can be notified through an existing topic', () => {
    const given = Template.fromStack(new MonitoredStack((scope) => ({
      topic: sns.Topic.fromTopicArn(scope, 'Given', 'arn:aws:sns:eu-central-1:111122223333:alarms'), channels: [SLACK],
    })));
    given.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', { SnsTopicArns: ['arn:aws:sns:eu-central-1:111122223333:alarms'] });
  });
});

describe('invalid settings', () => {
  test('are all reported at once', () => {
    let message = '';
    try {
      stackWith({
        emails: ['on-call', 'a@example.com', 'a@example.com'],
        channels: [NotificationChannel.slack('my team', '#alarms'), NotificationChannel.teams('x', 'y', 'Alarms')],
      });
    } catch (error) {
      message = (error as Error).message;
    }
    for (const problem of [
      'emails[0] is "on-call"; use an email address', 'emails contains a@example.com more than once',
      'channels[0]: workspaceId is "my team"', 'channels[0]: channelId is "#alarms"; use the channel ID, such as C0123ABCD, not the channel name',
      'channels[1]: tenantId is "x"; use a UUID', 'channels[1]: teamId is "y"', 'channels[1]: channelId is "Alarms"',
    ]) {
      expect(message).toContain(problem);
    }
  });

  test('are accepted if they are tokens', () => {
    expect(() => new MonitoredStack((scope) => {
      const value = new CfnParameter(scope, 'Value').valueAsString;
      return { emails: [value], channels: [NotificationChannel.slack(value, value)] };
    })).not.toThrow();
  });
});
