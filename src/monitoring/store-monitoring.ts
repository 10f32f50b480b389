import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { accessDeniedMetric, countAccessDenied } from './access-denied';
import { createAlarmTopic } from './alarm-topic';
import { countFailedRequests, failedRequestsMetric } from './failed-requests';
import { alarmDescription, DEFAULT_RUNBOOK_URL, RunbookEntry } from './runbook';
import type { StoreMonitoringProps } from './store-monitoring-props';
import { FUNCTIONS, type FunctionName } from '../contract/routes';
import { Problems, readable } from '../storage/problems';

const IDS: Readonly<Record<FunctionName, string>> = { upload: 'Upload', download: 'Download', registry: 'Registry' };

interface AlarmOptions {
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
  readonly sentence: string;
  readonly entry: RunbookEntry;
}

/**
 * Alarms on what should not happen, sent to one topic. Each says what happened in one sentence and links to its entry in
 * the runbook.
 */
export class StoreMonitoring extends Construct {
  /** Where the alarms are sent. */
  public readonly topic: sns.ITopic;
  /** The alarms. */
  public readonly alarms: cloudwatch.Alarm[] = [];

  private readonly runbookUrl: string;

  constructor(scope: Construct, id: string, props: StoreMonitoringProps) {
    super(scope, id);
    checkMonitoring(this, props);
    this.topic = props.topic ?? createAlarmTopic(this, props.encryptionKey, props.removalPolicy);
    this.runbookUrl = props.runbookUrl ?? DEFAULT_RUNBOOK_URL;
    const period = props.period ?? Duration.minutes(5);
    this.watchFunctions(props, period);
    this.watchRequests(props, period);
    this.watchApi(props, period);
    this.watchBucket(props, period);
  }

  private watchFunctions(props: StoreMonitoringProps, period: Duration): void {
    if (!props.functions) {
      return;
    }
    for (const name of FUNCTIONS) {
      const fn = props.functions[name];
      this.alarm(`${IDS[name]}Errors`, {
        metric: fn.metricErrors({ period, statistic: cloudwatch.Stats.SUM }),
        threshold: props.thresholds?.functionErrors ?? 1,
        sentence: `The ${name} function of the model artifact store ended without an answer.`,
        entry: RunbookEntry.FUNCTION_ERRORS,
      });
      this.alarm(`${IDS[name]}Throttles`, {
        metric: fn.metricThrottles({ period, statistic: cloudwatch.Stats.SUM }),
        threshold: props.thresholds?.functionThrottles ?? 1,
        sentence: `The ${name} function of the model artifact store was refused invocations because too many ran already.`,
        entry: RunbookEntry.FUNCTION_THROTTLES,
      });
    }
  }

  private watchRequests(props: StoreMonitoringProps, period: Duration): void {
    if (!props.functionLogGroups) {
      return;
    }
    for (const name of FUNCTIONS) {
      const logGroup = props.functionLogGroups[name];
      countFailedRequests(this, `${IDS[name]}FailedRequestsFilter`, name, logGroup);
      this.alarm(`${IDS[name]}FailedRequests`, {
        metric: failedRequestsMetric(logGroup, period),
        threshold: props.thresholds?.failedRequests ?? 1,
        sentence: `The ${name} function of the model artifact store answered a request with a server error (5xx).`,
        entry: RunbookEntry.FAILED_REQUESTS,
      });
    }
  }

  private watchApi(props: StoreMonitoringProps, period: Duration): void {
    if (!props.api) {
      return;
    }
    this.alarm('ApiServerErrors', {
      metric: new cloudwatch.Metric({
        namespace: 'AWS/ApiGateway',
        metricName: '5XXError',
        dimensionsMap: { ApiName: props.api.restApi.restApiName, Stage: props.api.stageName },
        statistic: cloudwatch.Stats.SUM,
        period,
      }),
      threshold: props.thresholds?.apiServerErrors ?? 1,
      sentence: 'The API of the model artifact store answered with a server error (5xx).',
      entry: RunbookEntry.API_SERVER_ERRORS,
    });
  }

  private watchBucket(props: StoreMonitoringProps, period: Duration): void {
    if (!props.auditLogGroup) {
      return;
    }
    const { bucket } = props.artifactBucket;
    countAccessDenied(this, props.auditLogGroup, bucket);
    this.alarm('AccessDenied', {
      metric: accessDeniedMetric(bucket, period),
      threshold: props.thresholds?.accessDenied ?? 5,
      sentence: 'S3 refused access to the artifact bucket of the model artifact store repeatedly.',
      entry: RunbookEntry.ACCESS_DENIED,
    });
  }

  private alarm(id: string, { metric, threshold, sentence, entry }: AlarmOptions): void {
    const alarm = new cloudwatch.Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // Nothing counted is nothing wrong: these metrics have no data points while all is quiet.
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription: alarmDescription(sentence, this.runbookUrl, entry),
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    this.alarms.push(alarm);
  }
}

function checkMonitoring(scope: Construct, props: StoreMonitoringProps): void {
  const problems = new Problems();
  if (props.topic && props.encryptionKey) {
    problems.add('topic is given and encryptionKey too; a given topic keeps its own encryption: leave one of them out');
  }
  for (const [name, threshold] of Object.entries(props.thresholds ?? {})) {
    if (typeof threshold === 'number' && !Token.isUnresolved(threshold) && !(Number.isInteger(threshold) && threshold >= 1)) {
      problems.add(`thresholds.${name} is ${threshold}; it is a whole number of at least 1, or the alarm would always be on`);
    }
  }
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  const seconds = props.period?.isUnresolved() ? undefined : props.period?.toSeconds();
  if (seconds !== undefined && ![10, 20, 30].includes(seconds) && !(seconds >= 60 && seconds <= 86_400 && seconds % 60 === 0)) {
    problems.add(`period is ${readable(props.period!)}; CloudWatch takes 10, 20 or 30 seconds, or whole minutes up to a day`);
  }
  problems.throwIfAny(scope, 'StoreMonitoring');
}
