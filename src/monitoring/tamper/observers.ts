import { Aws } from 'aws-cdk-lib';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { comparison, equal, type Watch } from './watch';

const LONGEST_STACK_NAME = 128;
const LONGEST_TOPIC_ARN = 320;

/** What watches has to be watched itself: alarms, rules and the topic that they send to. */
export function observerWatches(namePrefix: string, topic: sns.ITopic): Watch[] {
  const own = comparison('prefix', namePrefix, namePrefix.length);
  // CloudFormation begins the names that it makes up with the name of the stack.
  const ofTheStack = comparison('prefix', `${Aws.STACK_NAME}-`, LONGEST_STACK_NAME + 1);
  const common = { entry: 'Monitoring', category: 'management' } as const;
  return [
    {
      ...common,
      id: 'Alarms',
      eventSource: 'monitoring.amazonaws.com',
      events: ['DeleteAlarms', 'DisableAlarmActions', 'PutMetricAlarm', 'PutCompositeAlarm', 'SetAlarmState'],
      evenByDeployments: ['DisableAlarmActions', 'SetAlarmState'],
      namedBy: [
        { parent: 'requestParameters', field: 'alarmName', comparisons: [ofTheStack] },
        { parent: 'requestParameters', field: 'alarmNames', isList: true, comparisons: [ofTheStack] },
      ],
      subject: { words: 'alarms of the model artifact store' },
    },
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
      events: [
        'DeleteTopic', 'SetTopicAttributes', 'AddPermission', 'RemovePermission', 'PutDataProtectionPolicy', 'Subscribe', 'Unsubscribe',
        'SetSubscriptionAttributes',
      ],
      evenByDeployments: ['DeleteTopic'],
      namedBy: [
        { parent: 'requestParameters', field: 'topicArn', comparisons: [equal(topic.topicArn, LONGEST_TOPIC_ARN)] },
        { parent: 'requestParameters', field: 'resourceArn', comparisons: [equal(topic.topicArn, LONGEST_TOPIC_ARN)] },
        {
          parent: 'requestParameters',
          field: 'subscriptionArn',
          comparisons: [comparison('prefix', `${topic.topicArn}:`, LONGEST_TOPIC_ARN + 1)],
        },
      ],
      subject: { words: 'the topic of the alarms' },
    },
  ];
}
