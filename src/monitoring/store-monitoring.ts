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
import { notify } from './notify';
import { watchDeadLetters } from './queue-alarms';
import { DEFAULT_RUNBOOK_URL } from './runbook';
import { StoreAlarms } from './store-alarms';
import type { StoreMonitoringProps } from './store-monitoring-props';
import { TamperDetection } from './tamper/tamper-detection';

/**
 * Alarms on what should not happen, sent to one topic. Each says what happened in one sentence and links to its entry in
 * the runbook.
 */
export class StoreMonitoring extends Construct {
  /** Where the alarms are sent. */
  public readonly topic: sns.ITopic;
  /** The alarms. */
  public readonly alarms: cloudwatch.Alarm[];
  /** What tells of tampering; absent if nothing is protected. */
  public readonly tamperDetection?: TamperDetection;

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
    this.tamperDetection = this.detectTampering(props, period);
    notify(this, this.topic, props.notifications ?? {});
    watchDeadLetters(alarms, props.deadLetterQueues ?? [], thresholds.deadLetters ?? 1, period);
  }

  private detectTampering(props: StoreMonitoringProps, period: Duration): TamperDetection | undefined {
    const { protectedResources: resources, tampering: options, trailRecordsManagementEvents, runbookUrl } = props;
    if (!resources || options?.enabled === false) {
      return undefined;
    }
    const { topic } = this;
    // Without its key the topic is silent.
    const keys = [...resources.keys ?? [], ...(topic.masterKey ? [topic.masterKey] : [])];
    const tamperDetection = new TamperDetection(this, 'Tamper', {
      resources: { ...resources, keys }, topic, options, trailRecordsManagementEvents, period, runbookUrl,
      messagesForChat: (props.notifications?.channels ?? []).length > 0,
    });
    this.alarms.push(...tamperDetection.alarms);
    return tamperDetection;
  }
}
