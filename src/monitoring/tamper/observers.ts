import { Aws } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { comparison, named, type Watch } from './watch';
import { METRIC_NAMESPACE } from '../../contract/environment';

const LONGEST_STACK_NAME = 128;
const LONGEST_TOPIC_ARN = 320;
const LONGEST_RULE_NAME = 128;

/** Watches for changes to the monitoring itself: the alarms, the rules and their topic. */
export function observerWatches(
  namePrefix: string, topic: sns.ITopic, insightRules: readonly cloudwatch.CfnInsightRule[],
): Watch[] {
  const own = comparison('prefix', namePrefix, namePrefix.length);
  // Names that CloudFormation generates begin with the name of the stack.
  const ofTheStack = comparison('prefix', `${Aws.STACK_NAME}-`, LONGEST_STACK_NAME + 1);
  const common = { entry: 'Monitoring', category: 'management' } as const;
  return [
    {
      ...common,
      id: 'Alarms',
      eventSource: 'monitoring.amazonaws.com',
      events: [
        'DeleteAlarms', 'DisableAlarmActions', 'PutMetricAlarm', 'PutCompositeAlarm', 'SetAlarmState',
        'PutAlarmMuteRule',
        // Without its detector, or with a retrained one, an anomaly alarm does not go off.
        'PutAnomalyDetector', 'DeleteAnomalyDetector',
      ],
      evenByDeployments: ['DisableAlarmActions', 'SetAlarmState'],
      namedBy: [
        { parent: 'requestParameters', field: 'alarmName', comparisons: [ofTheStack] },
        { parent: 'requestParameters', field: 'alarmNames', isList: true, comparisons: [ofTheStack] },
        { parent: 'requestParameters', field: 'muteTargets.alarmNames', isList: true, comparisons: [ofTheStack] },
        ...['namespace', 'singleMetricAnomalyDetector.namespace']
          .map((field) => named(field, [METRIC_NAMESPACE], METRIC_NAMESPACE.length)),
      ],
      subject: { words: 'alarms of the model artifact store' },
    },
    ...(insightRules.length === 0 ? [] : [insightRuleWatch(insightRules)]),
    {
      ...common,
      id: 'Rules',
      eventSource: 'events.amazonaws.com',
      events: ['DeleteRule', 'DisableRule', 'PutRule', 'PutTargets', 'RemoveTargets'],
      evenByDeployments: ['DisableRule'],
      namedBy: [
        { parent: 'requestParameters', field: 'name', comparisons: [own] },
        { parent: 'requestParameters', field: 'rule', comparisons: [own] },
      ],
      subject: { words: 'the tamper rules of the model artifact store' },
    },
    {
      ...common,
      id: 'Topic',
      eventSource: 'sns.amazonaws.com',
      except: ['ConfirmSubscription', 'TagResource', 'UntagResource'],
      evenByDeployments: ['DeleteTopic'],
      namedBy: [
        named('topicArn', [topic.topicArn], LONGEST_TOPIC_ARN),
        named('resourceArn', [topic.topicArn], LONGEST_TOPIC_ARN),
        {
          parent: 'requestParameters',
          field: 'subscriptionArn',
          comparisons: [comparison('prefix', `${topic.topicArn}:`, LONGEST_TOPIC_ARN + 1)],
        },
      ],
      subject: { words: 'the alarm topic' },
    },
  ];
}

/** Once a Contributor Insights rule stops counting, an alarm on it has no data and treats that as normal. */
function insightRuleWatch(insightRules: readonly cloudwatch.CfnInsightRule[]): Watch {
  const names = insightRules.map(({ ruleName }) => ruleName);
  return {
    id: 'InsightRules',
    entry: 'Monitoring',
    eventSource: 'monitoring.amazonaws.com',
    category: 'management',
    events: ['DeleteInsightRules', 'DisableInsightRules', 'PutInsightRule'],
    evenByDeployments: ['DisableInsightRules'],
    namedBy: [
      named('ruleName', names, LONGEST_RULE_NAME),
      { ...named('ruleNames', names, LONGEST_RULE_NAME), isList: true },
    ],
    subject: { words: 'the Contributor Insights rules of the model artifact store' },
  };
}
