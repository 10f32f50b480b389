import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { RunbookEntry } from './runbook';
import type { StoreAlarms } from './store-alarms';

/** Creates alarms on events of the store in dead-letter queues. */
export function watchDeadLetters(
  alarms: StoreAlarms, queues: readonly sqs.IQueue[], threshold: number, period: Duration,
): void {
  queues.forEach((queue, index) => alarms.add(`DeadLetters${index + 1}`, {
    metric: queue.metricApproximateNumberOfMessagesVisible({ period, statistic: cloudwatch.Stats.MAXIMUM }),
    threshold,
    sentence: 'An event of the model artifact store could not be processed and is in a dead-letter queue.',
    entry: RunbookEntry.DEAD_LETTERS,
  }));
}
