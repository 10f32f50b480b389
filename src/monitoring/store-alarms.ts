import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { alarmDescription, type RunbookEntry } from './runbook';

export interface AlarmOptions {
  readonly metric: cloudwatch.IMetric;
  /** The alarm goes off at this value and above. */
  readonly threshold: number;
  readonly sentence: string;
  readonly entry: RunbookEntry;
  /** The number of consecutive periods, 1 by default. */
  readonly evaluationPeriods?: number;
  /** Whether to skip percentiles of too few samples; false by default. */
  readonly ignoreFewSamples?: boolean;
}

export interface AnomalyAlarmOptions extends Omit<AlarmOptions, 'threshold' | 'metric' | 'ignoreFewSamples'> {
  readonly metric: cloudwatch.Metric;
  readonly standardDeviations: number;
}

/** The alarms of one store. All have the same form of description and notify the same topic. */
export class StoreAlarms {
  public readonly all: cloudwatch.Alarm[] = [];

  constructor(
    private readonly scope: Construct, private readonly topic: sns.ITopic, private readonly runbookUrl: string,
  ) {}

  public add(id: string, options: AlarmOptions): cloudwatch.Alarm {
    return this.keep(new cloudwatch.Alarm(this.scope, id, {
      metric: options.metric,
      threshold: options.threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluateLowSampleCountPercentile: options.ignoreFewSamples ? 'ignore' : undefined,
      ...this.common(options),
    }));
  }

  /** Adds an alarm that goes off if the metric rises above its anomaly detection band. */
  public addAnomaly(id: string, options: AnomalyAlarmOptions): cloudwatch.Alarm {
    const { metric } = options;
    // Without this, CloudWatch would create a detector for the alarm that outlives the stack.
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

  private common(options: Pick<AlarmOptions, 'sentence' | 'entry' | 'evaluationPeriods'>) {
    const { sentence, entry, evaluationPeriods } = options;
    return {
      evaluationPeriods: evaluationPeriods ?? 1,
      // These metrics have no data points while there is nothing to count.
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
