import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { RunbookEntry } from './runbook';
import { isSamePlace } from './same-place';
import type { StoreAlarms } from './store-alarms';
import type { FunctionAccess } from '../access/store-access';
import { FUNCTIONS } from '../contract/routes';
import type { ILogArchive } from '../storage/log-archive';
import { requestMetric } from '../storage/request-metrics';

export interface EvidenceOptions {
  /** Every invocation of one of them is itself a record of the trail. */
  readonly functions: FunctionAccess;
  readonly logGroup?: logs.ILogGroup;
  readonly logArchive?: ILogArchive;
  readonly stalledAfter?: Duration;
}

/** An hour, because CloudTrail delivers within minutes and not within seconds. */
const STEP = Duration.hours(1);

/** Watch whether records still arrive while the store is used: in the log group of the trail, and in the trail bucket. */
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
      sentence: 'The model artifact store was in use for hours, but no records arrived in the log group of its trail.',
    });
  }
  if (logArchive?.requestMetricsFilterId !== undefined && isSamePlace(scope, logArchive)) {
    watchDelivery(alarms, 'ArchiveStalled', options, {
      // Not the bucket's size: once the first logs expire, a bucket that is delivered to every day no longer grows.
      arrived: requestMetric(logArchive.trailBucket, logArchive.requestMetricsFilterId, 'PutRequests', {}),
      sentence: 'The model artifact store was in use for hours, but no log file arrived in its log archive.',
    });
  }
}

interface Delivery {
  readonly arrived: cloudwatch.Metric;
  readonly sentence: string;
}

/**
 * In every one of the hours somebody used the store and nothing at all arrived. What happened at the end of an hour arrives
 * in the next, so a single such hour is nothing yet; two of them cannot be.
 */
function watchDelivery(alarms: StoreAlarms, id: string, { functions, stalledAfter }: EvidenceOptions, { arrived, sentence }: Delivery): void {
  alarms.add(id, {
    metric: new cloudwatch.MathExpression({
      // Neither metric has data points for an hour without any: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
      expression: `IF(${FUNCTIONS.map((name) => `FILL(${name}, 0)`).join(' + ')} > 0 AND FILL(arrived, 0) == 0, 1, 0)`,
      usingMetrics: {
        ...Object.fromEntries(FUNCTIONS.map((name) => [name, functions[name].metricInvocations({ statistic: cloudwatch.Stats.SUM, period: STEP })])),
        arrived: arrived.with({ period: STEP }),
      },
      label: 'Used without a record (1: yes)',
      period: STEP,
    }),
    threshold: 1,
    evaluationPeriods: (stalledAfter ?? Duration.hours(2)).toHours(),
    sentence,
    entry: RunbookEntry.EVIDENCE_STALLED,
  });
}
