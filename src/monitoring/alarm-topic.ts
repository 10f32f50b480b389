import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { allowOnKey, tellOwner } from '../common/required-actions';

/** A topic that the alarms of this account, and EventBridge's rules, may send to; its messages are encrypted. */
export function createAlarmTopic(
  scope: Construct, encryptionKey: kms.IKey | undefined, removalPolicy: RemovalPolicy | undefined,
): sns.Topic {
  const key = encryptionKey ?? new kms.Key(scope, 'TopicKey', {
    description: `Encrypts the alarms of the model artifact store (${scope.node.path})`,
    enableKeyRotation: true,
    removalPolicy: removalPolicy ?? RemovalPolicy.RETAIN,
  });
  letObserversEncrypt(scope, key);
  const topic = new sns.Topic(scope, 'Topic', { displayName: 'Model artifact store', masterKey: key, enforceSSL: true });
  observerStatements(scope, topic).forEach((statement) => topic.addToResourcePolicy(statement));
  prepared.add(topic);
  return topic;
}

/** Topics that accept alarms already, or whose owners were told. */
const prepared = new WeakSet<sns.ITopic>();

/** Have a topic that was given accept alarms and messages, or its owner know that it has to. */
export function adoptAlarmTopic(scope: Construct, topic: sns.ITopic): sns.ITopic {
  if (prepared.has(topic)) {
    return topic;
  }
  prepared.add(topic);
  const statements = observerStatements(scope, topic);
  const added = statements.map((statement) => topic.addToResourcePolicy(statement).statementAdded);
  if (added.includes(false)) {
    tellOwner(scope, {
      id: 'SecureModelArtifactStore::ImportedTopic',
      resource: `the topic ${topic.topicName}`,
      why: 'so that alarms arrive',
      settings: [
        'If it is encrypted, do it with a customer managed key whose policy lets cloudwatch.amazonaws.com and events.amazonaws.com '
        + 'use kms:Decrypt and kms:GenerateDataKey*; with the AWS managed key nothing arrives.',
      ],
      policyStatements: statements,
      outputId: 'RequiredTopicPolicy',
    });
  }
  if (topic.masterKey) {
    letObserversEncrypt(scope, topic.masterKey);
  }
  return topic;
}

function observerStatements(scope: Construct, topic: sns.ITopic): iam.PolicyStatement[] {
  // A policy of one's own takes the place of the one that lets the whole account publish, so CloudWatch has to be named:
  // https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
  const { account, partition, region } = Stack.of(scope);
  return [
    new iam.PolicyStatement({
      sid: 'AllowAlarms',
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
      },
    }),
    new iam.PolicyStatement({
      sid: 'AllowRules',
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      // No condition: EventBridge says nothing of rule or account when it publishes, so that with one nothing would arrive. What
      // a rule of somebody else could do is send a message here.
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
    }),
  ];
}

/**
 * Neither CloudWatch nor EventBridge names the alarm or the rule when it uses the key, so no condition can narrow this; whose
 * alarms may publish is said by the topic's policy. https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns and
 * https://repost.aws/knowledge-center/sns-not-getting-eventbridge-notification
 */
function letObserversEncrypt(scope: Construct, key: kms.IKey): void {
  const use = (sid: string, service: string) => new iam.PolicyStatement({
    sid,
    principals: [new iam.ServicePrincipal(service)],
    // The wildcard covers GenerateDataKey without plaintext, as the pages above give it.
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    // In a key policy, "*" is the key itself.
    resources: ['*'],
  });
  allowOnKey(scope, key, [use('AllowAlarms', 'cloudwatch.amazonaws.com'), use('AllowRules', 'events.amazonaws.com')], {
    resource: 'the key of the alarm topic', why: 'so that alarms arrive', outputId: 'RequiredTopicKeyPolicy',
  });
}
