import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { watchAccessDenied } from './access-denied';
import { createAlarmTopic } from './alarm-topic';
import { watchApi } from './api-alarms';
import { watchEgress } from './egress/egress-alarms';
import { watchEvidence } from './evidence-alarms';
import { watchFunctions, watchRequests } from './function-alarms';
import { checkMonitoring } from './monitoring-checks';
import { watchDeadLetters } from './queue-alarms';
import { DEFAULT_RUNBOOK_URL } from './runbook';
import { StoreAlarms } from './store-alarms';
import type { StoreMonitoringProps } from './store-monitoring-props';

/**
 * Alarms on what should not happen, sent to one topic. Each says what happened in one sentence and links to its entry in
 * the runbook.
 */
export class StoreMonitoring extends Construct {
  /** Where the alarms are sent. */
  public readonly topic: sns.ITopic;
  /** The alarms. */
  public readonly alarms: cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: StoreMonitoringProps) {
    super(scope, id);
    checkMonitoring(this, props);
    this.topic = props.topic ?? createAlarmTopic(this, props.encryptionKey, props.removalPolicy);
    const alarms = new StoreAlarms(this, this.topic, props.runbookUrl ?? DEFAULT_RUNBOOK_URL);
    this.alarms = alarms.all;

    const { artifactBucket: { bucket }, functions, functionLogGroups, api, auditLogGroup: logGroup, thresholds = {} } = props;
    const period = props.period ?? Duration.minutes(5);
    if (functions) {
      watchFunctions(alarms, { ...props, functions, thresholds, period });
    }
    if (functionLogGroups) {
      watchRequests(this, alarms, functionLogGroups, thresholds, period);
    }
    if (api) {
      watchApi(alarms, api, thresholds, period);
    }
    if (logGroup) {
      watchAccessDenied(this, alarms, { logGroup, bucket, thresholds, period });
      watchEgress(this, alarms, { logGroup, bucket, named: api !== undefined, perimeter: props.perimeter, thresholds, period });
    }
    if (functions) {
      watchEvidence(this, alarms, { functions, logGroup, logArchive: props.logArchive, stalledAfter: thresholds.evidenceStalled });
    }
    watchDeadLetters(alarms, props.deadLetterQueues ?? [], thresholds.deadLetters ?? 1, period);
  }
}
