import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { RunbookEntry } from './runbook';
import { isSamePlace } from './same-place';
import type { StoreAlarms } from './store-alarms';
import type { FunctionAccess } from '../access/store-access';
import { FUNCTIONS, type FunctionName } from '../contract/routes';
import type { ILogArchive } from '../storage/log-archive';
import { requestMetric } from '../storage/request-metrics';

export interface EvidenceOptions {
  /** The trail records every invocation of these functions. */
  readonly functions: FunctionAccess;
  readonly logGroup?: logs.ILogGroup;
  readonly logArchive?: ILogArchive;
  readonly stalledAfter?: Duration;
}

/** An hour, because CloudTrail takes minutes to deliver. */
const STEP = Duration.hours(1);

/** Creates alarms for a store in use whose records no longer reach the trail's log group or the trail bucket. */
export function watchEvidence(scope: IConstruct, alarms: StoreAlarms, options: EvidenceOptions): void {
  const { logGroup, logArchive } = options;
  if (logGroup) {
    watchDelivery(alarms, 'TrailStalled', options, {
      arrived: new cloudwatch.Metric({
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
        namespace: 'AWS/Logs',
        metricName: 'IncomingLogEvents',
        dimensionsMap: { LogGroupName: logGroup.logGroupName },
        statistic: cloudwatch.Stats.SUM,
      }),
      sentence: 'The model artifact store was in use for hours, but no record reached the log group of its trail.',
    });
  }
  if (logArchive?.requestMetricsFilterId !== undefined && isSamePlace(scope, logArchive)) {
    watchDelivery(alarms, 'ArchiveStalled', options, {
      // The bucket's size does not work: once the first logs expire, a bucket no longer grows despite daily deliveries.
      arrived: requestMetric(logArchive.trailBucket, logArchive.requestMetricsFilterId, 'PutRequests', {}),
      sentence: 'The model artifact store was in use for hours, but no log file reached its log archive.',
    });
  }
}

interface Delivery {
  readonly arrived: cloudwatch.Metric;
  readonly sentence: string;
}

/**
 * Alarms if the store was in use in each of the hours and nothing arrived in any of them. Events at the end of an hour
 * arrive in the next, so a single such hour proves nothing. Two in a row do.
 */
function watchDelivery(
  alarms: StoreAlarms, id: string, { functions, stalledAfter }: EvidenceOptions, { arrived, sentence }: Delivery,
): void {
  const invocations = (name: FunctionName) =>
    functions[name].metricInvocations({ statistic: cloudwatch.Stats.SUM, period: STEP });
  alarms.add(id, {
    metric: new cloudwatch.MathExpression({
      // Neither metric has data points for an hour without events:
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
      expression: `IF(${FUNCTIONS.map((name) => `FILL(${name}, 0)`).join(' + ')} > 0 AND FILL(arrived, 0) == 0, 1, 0)`,
      usingMetrics: {
        ...Object.fromEntries(FUNCTIONS.map((name) => [name, invocations(name)])),
        arrived: arrived.with({ period: STEP }),
      },
      label: 'In use without records (1: yes)',
      period: STEP,
    }),
    threshold: 1,
    evaluationPeriods: (stalledAfter ?? Duration.hours(2)).toHours(),
    sentence,
    entry: RunbookEntry.EVIDENCE_STALLED,
  });
}
