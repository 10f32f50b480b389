import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { alarmDescription, type RunbookEntry } from './runbook';

export interface AlarmOptions {
  readonly metric: cloudwatch.IMetric;
  /** From this value on. */
  readonly threshold: number;
  readonly sentence: string;
  readonly entry: RunbookEntry;
  /** How many periods in a row; 1 unless said otherwise. */
  readonly evaluationPeriods?: number;
  /** Whether a percentile of few values counts; it does unless said otherwise. */
  readonly ignoreFewSamples?: boolean;
}

export interface AnomalyAlarmOptions extends Omit<AlarmOptions, 'threshold' | 'metric' | 'ignoreFewSamples'> {
  readonly metric: cloudwatch.Metric;
  readonly standardDeviations: number;
}

/** The alarms of one store: all speak to one topic, in one form. */
export class StoreAlarms {
  public readonly all: cloudwatch.Alarm[] = [];

  constructor(private readonly scope: Construct, private readonly topic: sns.ITopic, private readonly runbookUrl: string) {}

  public add(id: string, options: AlarmOptions): cloudwatch.Alarm {
    return this.keep(new cloudwatch.Alarm(this.scope, id, {
      metric: options.metric,
      threshold: options.threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluateLowSampleCountPercentile: options.ignoreFewSamples ? 'ignore' : undefined,
      ...this.common(options),
    }));
  }

  /** Off when the metric leaves the band of what is usual for it upwards. */
  public addAnomaly(id: string, options: AnomalyAlarmOptions): cloudwatch.Alarm {
    const { metric } = options;
    // The alarm alone would have CloudWatch make a detector that outlives the stack.
    const detector = new cloudwatch.CfnAnomalyDetector(this.scope, `${id}Detector`, {
      singleMetricAnomalyDetector: {
        namespace: metric.namespace,
        metricName: metric.metricName,
        dimensions: Object.entries(metric.dimensions ?? {}).map(([name, value]) => ({ name, value })),
        stat: metric.statistic,
      },
    });
    const alarm = new cloudwatch.AnomalyDetectionAlarm(this.scope, id, {
      metric,
      stdDevs: options.standardDeviations,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD,
      ...this.common(options),
    });
    alarm.node.addDependency(detector);
    return this.keep(alarm);
  }

  private common({ sentence, entry, evaluationPeriods }: Pick<AlarmOptions, 'sentence' | 'entry' | 'evaluationPeriods'>) {
    return {
      evaluationPeriods: evaluationPeriods ?? 1,
      // Nothing counted is nothing wrong: these metrics have no data points while all is quiet.
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription: alarmDescription(sentence, this.runbookUrl, entry),
    };
  }

  private keep(alarm: cloudwatch.Alarm): cloudwatch.Alarm {
    alarm.addAlarmAction(new SnsAction(this.topic));
    this.all.push(alarm);
    return alarm;
  }
}
