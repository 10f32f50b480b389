import { Duration, Validations } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Keeps the events that could not start a deployment; an alarm of the store goes off when there is one. */
export function undeliveredEvents(scope: Construct): sqs.Queue {
  const queue = new sqs.Queue(scope, 'UndeliveredEvents', {
    encryption: sqs.QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14),
  });
  const reason = 'The queue is itself the dead-letter queue of an EventBridge rule.';
  for (const id of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy']) {
    Validations.of(queue).acknowledge({ id, reason });
  }
  return queue;
}
