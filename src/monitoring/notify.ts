import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AlarmOptions } from './monitoring-options';
import { acknowledge } from '../common/acknowledgements';
import type { Problems } from '../common/problems';
import { acknowledgeWildcards } from '../common/wildcard-acknowledgements';

/** What members of a chat channel may view alongside an alarm. None of these actions can be limited to resources. */
const LOOK_AT_METRICS = [
  'cloudwatch:DescribeAlarmHistory', 'cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData',
  'cloudwatch:GetMetricStatistics', 'cloudwatch:GetMetricWidgetImage', 'cloudwatch:ListMetrics',
];

type Notified = Pick<AlarmOptions, 'emails' | 'channels'>;

/** Subscribes email addresses and chat channels to the topic. */
export function notify(scope: Construct, topic: sns.ITopic, options: Notified): void {
  const { emails = [], channels = [] } = options;
  if (emails.length + channels.length === 0) {
    return;
  }
  const notifications = new Construct(scope, 'Notifications');
  emails.forEach((email, index) => {
    const subscription = new sns.Subscription(notifications, `Email${index + 1}`, {
      topic, protocol: sns.SubscriptionProtocol.EMAIL, endpoint: email,
    });
    acknowledge(subscription.node.defaultChild!, 'SNSRedrivePolicy', 'SNS retries by itself, and CloudWatch shows the '
      + 'alarm even if the email is not delivered. A queue would not be monitored.');
  });
  if (channels.length > 0) {
    const { role, guardrail } = channelRole(notifications);
    channels.forEach(({ _kind }, index) => {
      _kind.bind(notifications, `Channel${index + 1}`, { topic, role, guardrail });
    });
  }
}

/** One role for all channels. It can view metrics and alarms, and has no access to the store. */
function channelRole(scope: Construct): { readonly role: iam.Role; readonly guardrail: iam.ManagedPolicy } {
  const role = new iam.Role(scope, 'ChannelRole', {
    assumedBy: new iam.ServicePrincipal('chatbot.amazonaws.com'),
    description: 'Shows alarms of the model artifact store in chat rooms',
  });
  const guardrail = new iam.ManagedPolicy(role, 'Permissions', {
    description: 'Limits members of a chat channel to viewing metrics and alarms',
    roles: [role],
    statements: [new iam.PolicyStatement({ actions: LOOK_AT_METRICS, resources: ['*'] })],
  });
  acknowledgeWildcards(guardrail, ['*'], 'IAM does not support resource-level permissions for metrics, so reading them '
    + 'cannot be restricted further.');
  return { role, guardrail };
}

export function checkNotifications(problems: Problems, { emails, channels }: Notified): void {
  for (const [email, index] of problems.items('emails', emails)) {
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
      problems.add(`emails[${index}] is "${email}"; use an email address, such as on-call@example.com`);
    }
  }
  const repeated = emails?.filter((email, index, all) => all.indexOf(email) !== index) ?? [];
  if (repeated.length > 0) {
    problems.add(`emails contains ${repeated.join(', ')} more than once; remove the duplicates`);
  }
  channels?.forEach(({ _kind }, index) => _kind.check(problems, `channels[${index}]`));
}
