import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** A topic that the alarms of this account, and EventBridge's rules, may send to; its messages are encrypted. */
export function createAlarmTopic(
  scope: Construct, encryptionKey: kms.IKey | undefined, removalPolicy: RemovalPolicy | undefined,
): sns.Topic {
  const key = encryptionKey ?? new kms.Key(scope, 'TopicKey', {
    description: `Encrypts the alarms of the model artifact store (${scope.node.path})`,
    enableKeyRotation: true,
    removalPolicy: removalPolicy ?? RemovalPolicy.RETAIN,
  });
  allowAlarmEncryption(key);
  allowRuleEncryption(key);
  const topic = new sns.Topic(scope, 'Topic', { displayName: 'Model artifact store', masterKey: key, enforceSSL: true });
  // A policy of one's own takes the place of the one that lets the whole account publish, so CloudWatch has to be named:
  // https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
  const { account, partition, region } = Stack.of(scope);
  topic.addToResourcePolicy(new iam.PolicyStatement({
    sid: 'AllowAlarms',
    principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
    },
  }));
  topic.addToResourcePolicy(new iam.PolicyStatement({
    sid: 'AllowRules',
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    // No condition: EventBridge says nothing of rule or account when it publishes, so that with one nothing would arrive. What
    // a rule of somebody else could do is send a message here.
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
  }));
  return topic;
}

/**
 * CloudWatch uses the key without naming the alarm, so no condition can narrow this; whose alarms may publish is said by
 * the topic's policy. https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
 */
export function allowAlarmEncryption(key: kms.IKey): void {
  key.addToResourcePolicy(new iam.PolicyStatement({
    sid: 'AllowAlarms',
    principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
    // The wildcard covers GenerateDataKey without plaintext, as the page above gives it.
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    // In a key policy, "*" is the key itself.
    resources: ['*'],
  }), true);
}

/** As with the topic's policy, no condition can narrow this. https://repost.aws/knowledge-center/sns-not-getting-eventbridge-notification */
function allowRuleEncryption(key: kms.IKey): void {
  key.addToResourcePolicy(new iam.PolicyStatement({
    sid: 'AllowRules',
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    resources: ['*'],
  }), true);
}
