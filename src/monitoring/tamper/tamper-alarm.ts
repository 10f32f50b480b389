import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../../contract/environment';
import { countStatistic } from '../count-statistic';
import { alarmDescription } from '../runbook';

/** What the alarms of one store have in common. */
export interface TamperAlarmContext {
  readonly logGroup: logs.ILogGroup;
  /** Keeps the counts of two stores apart that share a trail. */
  readonly storeName: string;
  readonly topic: sns.ITopic;
  readonly period: Duration;
  readonly runbookUrl: string;
}

export interface TamperAlarmOptions {
  readonly filterPatterns: readonly string[];
  /** From how many within the period. */
  readonly threshold: number;
  readonly sentence: string;
  readonly runbook: string;
}

/** Count what matches any of the patterns, and tell of it. */
export function alarmOn(scope: Construct, id: string, options: TamperAlarmOptions, context: TamperAlarmContext): cloudwatch.Alarm {
  const metricName = `Tampering/${id}/${context.storeName}`;
  options.filterPatterns.forEach((pattern, index) => new logs.MetricFilter(scope, `${id}Filter${index === 0 ? '' : index + 1}`, {
    logGroup: context.logGroup,
    filterPattern: logs.FilterPattern.literal(pattern),
    metricNamespace: METRIC_NAMESPACE,
    metricName,
    metricValue: '1',
    unit: cloudwatch.Unit.COUNT,
  }));
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
