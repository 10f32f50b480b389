import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { AlarmThresholds } from './alarm-thresholds';
import { countFailedRequests, failedRequestsMetric } from './failed-requests';
import { RunbookEntry } from './runbook';
import type { StoreAlarms } from './store-alarms';
import type { FunctionLogGroups } from './store-monitoring-props';
import type { FunctionAccess } from '../access/store-access';
import { FUNCTIONS, type FunctionName } from '../contract/routes';

export const FUNCTION_IDS: Readonly<Record<FunctionName, string>> = {
  upload: 'Upload', download: 'Download', registry: 'Registry',
};

export interface FunctionAlarmOptions {
  readonly functions: FunctionAccess;
  readonly reservedConcurrentExecutions?: number;
  readonly accountConcurrencyLimit?: number;
  readonly thresholds: AlarmThresholds;
  readonly period: Duration;
}

/** Creates the alarms on the functions' errors, throttles, duration and concurrency. */
export function watchFunctions(alarms: StoreAlarms, options: FunctionAlarmOptions): void {
  const { functions, thresholds, period } = options;
  for (const name of FUNCTIONS) {
    const fn = functions[name];
    alarms.add(`${FUNCTION_IDS[name]}Errors`, {
      metric: fn.metricErrors({ period, statistic: cloudwatch.Stats.SUM }),
      threshold: thresholds.functionErrors ?? 1,
      sentence: `The ${name} function of the model artifact store failed without returning a response.`,
      entry: RunbookEntry.FUNCTION_ERRORS,
    });
    alarms.add(`${FUNCTION_IDS[name]}Throttles`, {
      metric: fn.metricThrottles({ period, statistic: cloudwatch.Stats.SUM }),
      threshold: thresholds.functionThrottles ?? 1,
      sentence: `Lambda throttled the ${name} function of the model artifact store.`,
      entry: RunbookEntry.FUNCTION_THROTTLES,
    });
    alarms.add(`${FUNCTION_IDS[name]}Duration`, {
      metric: fn.metricDuration({ period, statistic: cloudwatch.Stats.MAXIMUM }),
      threshold: (thresholds.functionDuration ?? Duration.seconds(23)).toMilliseconds(),
      sentence: `The ${name} function of the model artifact store is close to its timeout.`,
      entry: RunbookEntry.FUNCTION_DURATION,
    });
  }
  watchConcurrency(alarms, options);
}

/** Compares concurrency with what is reserved for a function, or, without a reservation, with the account's limit. */
function watchConcurrency(alarms: StoreAlarms, options: FunctionAlarmOptions): void {
  const { functions, reservedConcurrentExecutions, accountConcurrencyLimit = 1000, thresholds, period } = options;
  const share = (thresholds.concurrencyPercent ?? 80) / 100;
  const entry = RunbookEntry.CONCURRENCY;
  if (reservedConcurrentExecutions === undefined) {
    alarms.add('AccountConcurrency', {
      // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html#claimed-account-concurrency
      metric: new cloudwatch.Metric({
        namespace: 'AWS/Lambda', metricName: 'ClaimedAccountConcurrency', statistic: cloudwatch.Stats.MAXIMUM, period,
      }),
      threshold: accountConcurrencyLimit * share,
      sentence: 'Lambda concurrency in the account of the model artifact store is close to its limit.',
      entry,
    });
    return;
  }
  for (const name of FUNCTIONS) {
    alarms.add(`${FUNCTION_IDS[name]}Concurrency`, {
      metric: functions[name].metric('ConcurrentExecutions', { period, statistic: cloudwatch.Stats.MAXIMUM }),
      threshold: reservedConcurrentExecutions * share,
      sentence: `The ${name} function of the model artifact store is close to its reserved concurrency.`,
      entry,
    });
  }
}

/** Creates the alarms on 5xx responses, which Lambda counts as successes. */
export function watchRequests(
  scope: Construct, alarms: StoreAlarms, logGroups: FunctionLogGroups, thresholds: AlarmThresholds, period: Duration,
): void {
  for (const name of FUNCTIONS) {
    const logGroup = logGroups[name];
    countFailedRequests(scope, `${FUNCTION_IDS[name]}FailedRequestsFilter`, name, logGroup);
    alarms.add(`${FUNCTION_IDS[name]}FailedRequests`, {
      metric: failedRequestsMetric(logGroup, period),
      threshold: thresholds.failedRequests ?? 1,
      sentence: `The ${name} function of the model artifact store returned a server error (5xx).`,
      entry: RunbookEntry.FAILED_REQUESTS,
    });
  }
}
