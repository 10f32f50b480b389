import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../../contract/environment';
import { countStatistic } from '../count-statistic';
import { alarmDescription } from '../runbook';

/** The settings that all tamper alarms of one store share. */
export interface TamperAlarmContext {
  readonly logGroup: logs.ILogGroup;
  /** Separates the counts of stores that share a trail. */
  readonly storeName: string;
  readonly topic: sns.ITopic;
  readonly period: Duration;
  readonly runbookUrl: string;
}

export interface TamperAlarmOptions {
  readonly filterPatterns: readonly string[];
  /** The number of events within the period at which the alarm goes off. */
  readonly threshold: number;
  readonly sentence: string;
  readonly runbook: string;
}

/** Counts the events that match any of the patterns, and creates an alarm on the count. */
export function alarmOn(
  scope: Construct, id: string, options: TamperAlarmOptions, context: TamperAlarmContext,
): cloudwatch.Alarm {
  const metricName = `Tampering/${id}/${context.storeName}`;
  options.filterPatterns.forEach((pattern, index) => {
    new logs.MetricFilter(scope, `${id}Filter${index === 0 ? '' : index + 1}`, {
      logGroup: context.logGroup,
      filterPattern: logs.FilterPattern.literal(pattern),
      metricNamespace: METRIC_NAMESPACE,
      metricName,
      metricValue: '1',
      unit: cloudwatch.Unit.COUNT,
    });
  });
  const alarm = new cloudwatch.Alarm(scope, id, {
    metric: new cloudwatch.Metric({
      namespace: METRIC_NAMESPACE, metricName, statistic: countStatistic(options.threshold), period: context.period,
    }),
    threshold: options.threshold,
    evaluationPeriods: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: alarmDescription(options.sentence, context.runbookUrl, options.runbook),
  });
  alarm.addAlarmAction(new SnsAction(context.topic));
  return alarm;
}
