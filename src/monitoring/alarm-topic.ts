import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { limitGrants } from '../common/key-grants';
import { allowOnKey, requireAction } from '../common/required-actions';

/** Creates an encrypted topic that CloudWatch alarms of this account and EventBridge rules may publish to. */
export function createAlarmTopic(
  scope: Construct, encryptionKey: kms.IKey | undefined, removalPolicy: RemovalPolicy | undefined,
): sns.Topic {
  const key = encryptionKey ?? limitGrants(new kms.Key(scope, 'TopicKey', {
    description: `Encrypts the alarms of the model artifact store (${scope.node.path})`,
    enableKeyRotation: true,
    removalPolicy: removalPolicy ?? RemovalPolicy.RETAIN,
  }));
  letObserversEncrypt(scope, key);
  const topic = new sns.Topic(scope, 'Topic', {
    displayName: 'Model artifact store', masterKey: key, enforceSSL: true,
  });
  observerStatements(scope, topic).forEach((statement) => topic.addToResourcePolicy(statement));
  prepared.add(topic);
  return topic;
}

/** Topics that already accept alarms, or for which the required action is already reported. */
const prepared = new WeakSet<sns.ITopic>();

/** Allows alarms and rules to publish to an existing topic, or reports what its owner has to do. */
export function adoptAlarmTopic(scope: Construct, topic: sns.ITopic): sns.ITopic {
  if (prepared.has(topic)) {
    return topic;
  }
  prepared.add(topic);
  const statements = observerStatements(scope, topic);
  const added = statements.map((statement) => topic.addToResourcePolicy(statement).statementAdded);
  if (added.includes(false)) {
    requireAction(scope, {
      id: 'SecureModelArtifactStore::ImportedTopic',
      resource: `the topic ${topic.topicName}`,
      why: 'so that alarms arrive',
      settings: [
        'If the topic is encrypted, use a customer managed key whose policy allows cloudwatch.amazonaws.com and '
        + 'events.amazonaws.com to call kms:Decrypt and kms:GenerateDataKey*. With the AWS managed key, no alarm is '
        + 'delivered.',
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
  // A custom policy replaces the default one, which allows the whole account to publish, so CloudWatch must be named:
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
      // No condition: EventBridge passes neither the rule nor the account when it publishes, so a condition would block
      // every message. The remaining risk is that a rule of another account sends a message here.
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
    }),
  ];
}

/**
 * Allows CloudWatch and EventBridge to use the key. Neither passes the alarm or the rule when it uses the key, so no
 * condition can narrow this. The topic's policy restricts which alarms may publish.
 * https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns and
 * https://repost.aws/knowledge-center/sns-not-getting-eventbridge-notification
 */
function letObserversEncrypt(scope: Construct, key: kms.IKey): void {
  const use = (sid: string, service: string) => new iam.PolicyStatement({
    sid,
    principals: [new iam.ServicePrincipal(service)],
    // The wildcard includes GenerateDataKeyWithoutPlaintext, as the pages above recommend.
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    // In a key policy, "*" means the key itself.
    resources: ['*'],
  });
  allowOnKey(scope, key, [use('AllowAlarms', 'cloudwatch.amazonaws.com'), use('AllowRules', 'events.amazonaws.com')], {
    resource: 'the key of the alarm topic', why: 'so that alarms arrive', outputId: 'RequiredTopicKeyPolicy',
  });
}
