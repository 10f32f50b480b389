import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { TAMPER_ENTRIES, type TamperEntry } from './tamper-entries';
import { METRIC_NAMESPACE } from '../../contract/environment';
import { alarmDescription } from '../runbook';

export interface TamperAlarmOptions {
  readonly logGroup: logs.ILogGroup;
  readonly filterPatterns: readonly string[];
  /** Keeps the counts of two stores apart that share a trail. */
  readonly storeName: string;
  readonly topic: sns.ITopic;
  readonly period: Duration;
  readonly runbookUrl: string;
}

/** Count what matches any of the patterns, and tell of the first. */
export function alarmOnTampering(scope: Construct, entry: TamperEntry, options: TamperAlarmOptions): cloudwatch.Alarm {
  const metricName = `Tampering/${entry}/${options.storeName}`;
  options.filterPatterns.forEach((pattern, index) => new logs.MetricFilter(scope, `${entry}Filter${index === 0 ? '' : index + 1}`, {
    logGroup: options.logGroup,
    filterPattern: logs.FilterPattern.literal(pattern),
    metricNamespace: METRIC_NAMESPACE,
    metricName,
    metricValue: '1',
    unit: cloudwatch.Unit.COUNT,
  }));
  const { runbook, sentence } = TAMPER_ENTRIES[entry];
  const alarm = new cloudwatch.Alarm(scope, entry, {
    metric: new cloudwatch.Metric({
      namespace: METRIC_NAMESPACE, metricName, statistic: cloudwatch.Stats.SUM, period: options.period,
    }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: alarmDescription(sentence, options.runbookUrl, runbook),
  });
  alarm.addAlarmAction(new SnsAction(options.topic));
  return alarm;
}
