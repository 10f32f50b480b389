import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { NotificationOptions } from './notifications';
import { acknowledge } from '../common/acknowledgements';
import type { Problems } from '../common/problems';
import { acknowledgeWildcards } from '../common/wildcard-acknowledgements';

/** What people in a chat room may look at, next to an alarm that is shown there. None of it can be limited to resources. */
const LOOK_AT_METRICS = [
  'cloudwatch:DescribeAlarmHistory', 'cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData', 'cloudwatch:GetMetricStatistics',
  'cloudwatch:GetMetricWidgetImage', 'cloudwatch:ListMetrics',
];

/** Subscribe people and chat rooms to the topic. */
export function notify(scope: Construct, topic: sns.ITopic, options: NotificationOptions): void {
  const { emails = [], channels = [] } = options;
  if (emails.length + channels.length === 0) {
    return;
  }
  const notifications = new Construct(scope, 'Notifications');
  emails.forEach((email, index) => {
    const subscription = new sns.Subscription(notifications, `Email${index + 1}`, {
      topic, protocol: sns.SubscriptionProtocol.EMAIL, endpoint: email,
    });
    acknowledge(subscription.node.defaultChild!, 'SNSRedrivePolicy', 'SNS tries again by itself, and the alarm shows in CloudWatch whether its '
      + 'mail arrives or not. Nobody would look for it in a queue.');
  });
  if (channels.length > 0) {
    const { role, guardrail } = channelRole(notifications);
    channels.forEach(({ _kind }, index) => _kind.bind(notifications, `Channel${index + 1}`, { topic, role, guardrail }));
  }
}

/** One for all channels: they may look at metrics and alarms, and at nothing of the store. */
function channelRole(scope: Construct): { readonly role: iam.Role; readonly guardrail: iam.ManagedPolicy } {
  const role = new iam.Role(scope, 'ChannelRole', {
    assumedBy: new iam.ServicePrincipal('chatbot.amazonaws.com'),
    description: 'Shows alarms of the model artifact store in chat rooms',
  });
  const guardrail = new iam.ManagedPolicy(role, 'Permissions', {
    description: 'Limits what a chat room can do: view metrics and alarms',
    roles: [role],
    statements: [new iam.PolicyStatement({ actions: LOOK_AT_METRICS, resources: ['*'] })],
  });
  acknowledgeWildcards(guardrail, ['*'], 'Metrics are not resources in IAM, so permission to read them cannot be limited to some of them.');
  return { role, guardrail };
}

export function checkNotifications(problems: Problems, options: NotificationOptions | undefined): void {
  for (const [email, index] of problems.items('notifications.emails', options?.emails)) {
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
      problems.add(`notifications.emails[${index}] is "${email}"; it is an address such as on-call@example.com`);
    }
  }
  const repeated = options?.emails?.filter((email, index, all) => all.indexOf(email) !== index) ?? [];
  if (repeated.length > 0) {
    problems.add(`notifications.emails names ${repeated.join(', ')} twice; SNS subscribes an address once`);
  }
  options?.channels?.forEach(({ _kind }, index) => _kind.check(problems, `notifications.channels[${index}]`));
}
