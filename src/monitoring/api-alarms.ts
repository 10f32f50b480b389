import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmThresholds } from './alarm-thresholds';
import { apiMetric } from './api-metrics';
import { RunbookEntry } from './runbook';
import type { StoreAlarms } from './store-alarms';
import type { ApiAccess } from '../access/store-access';

/** Creates the alarms on the API's errors and latency. */
export function watchApi(alarms: StoreAlarms, api: ApiAccess, thresholds: AlarmThresholds, period: Duration): void {
  alarms.add('ApiServerErrors', {
    metric: apiMetric(api, '5XXError', { period }),
    threshold: thresholds.apiServerErrors ?? 1,
    sentence: 'The API of the model artifact store returned a server error (5xx).',
    entry: RunbookEntry.API_SERVER_ERRORS,
  });
  const percentOf = (metricName: string) => new cloudwatch.MathExpression({
    expression: `IF(requests >= ${thresholds.apiMinimumRequests ?? 20}, 100 * errors / requests, 0)`,
    usingMetrics: { errors: apiMetric(api, metricName, {}), requests: apiMetric(api, 'Count', {}) },
    label: `Percent of requests in ${metricName}`,
    period,
  });
  alarms.add('ApiServerErrorRate', {
    metric: percentOf('5XXError'),
    threshold: thresholds.apiServerErrorPercent ?? 10,
    sentence: 'The API of the model artifact store failed a high percentage of requests with a server error (5xx).',
    entry: RunbookEntry.API_SERVER_ERRORS,
  });
  alarms.add('ApiClientErrorRate', {
    metric: percentOf('4XXError'),
    threshold: thresholds.apiClientErrorPercent ?? 50,
    sentence: 'The API of the model artifact store rejected a high percentage of requests with a client error (4xx).',
    entry: RunbookEntry.API_CLIENT_ERRORS,
  });
  alarms.add('ApiLatency', {
    metric: apiMetric(api, 'Latency', { period, statistic: cloudwatch.Stats.p(99) }),
    threshold: (thresholds.apiLatency ?? Duration.seconds(15)).toMilliseconds(),
    evaluationPeriods: 3,
    ignoreFewSamples: true,
    sentence: 'The p99 latency of the model artifact store API was high for three periods in a row.',
    entry: RunbookEntry.API_LATENCY,
  });
}
