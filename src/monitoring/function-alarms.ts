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

export const FUNCTION_IDS: Readonly<Record<FunctionName, string>> = { upload: 'Upload', download: 'Download', registry: 'Registry' };

export interface FunctionAlarmOptions {
  readonly functions: FunctionAccess;
  readonly reservedConcurrency?: number;
  readonly accountConcurrencyLimit?: number;
  readonly thresholds: AlarmThresholds;
  readonly period: Duration;
}

/** Watch whether the functions answer, and whether they soon won't. */
export function watchFunctions(alarms: StoreAlarms, options: FunctionAlarmOptions): void {
  const { functions, thresholds, period } = options;
  for (const name of FUNCTIONS) {
    const fn = functions[name];
    alarms.add(`${FUNCTION_IDS[name]}Errors`, {
      metric: fn.metricErrors({ period, statistic: cloudwatch.Stats.SUM }),
      threshold: thresholds.functionErrors ?? 1,
      sentence: `The ${name} function of the model artifact store ended without an answer.`,
      entry: RunbookEntry.FUNCTION_ERRORS,
    });
    alarms.add(`${FUNCTION_IDS[name]}Throttles`, {
      metric: fn.metricThrottles({ period, statistic: cloudwatch.Stats.SUM }),
      threshold: thresholds.functionThrottles ?? 1,
      sentence: `The ${name} function of the model artifact store was refused invocations because too many ran already.`,
      entry: RunbookEntry.FUNCTION_THROTTLES,
    });
    alarms.add(`${FUNCTION_IDS[name]}Duration`, {
      metric: fn.metricDuration({ period, statistic: cloudwatch.Stats.MAXIMUM }),
      threshold: (thresholds.functionDuration ?? Duration.seconds(23)).toMilliseconds(),
      sentence: `The ${name} function of the model artifact store took almost as long as it may.`,
      entry: RunbookEntry.FUNCTION_DURATION,
    });
  }
  watchConcurrency(alarms, options);
}

/** Against what a function has for itself, if it has, else against what the account has for all of its functions. */
function watchConcurrency(alarms: StoreAlarms, options: FunctionAlarmOptions): void {
  const { functions, reservedConcurrency, accountConcurrencyLimit = 1000, thresholds, period } = options;
  const share = (thresholds.concurrencyPercent ?? 80) / 100;
  const entry = RunbookEntry.CONCURRENCY;
  if (reservedConcurrency === undefined) {
    alarms.add('AccountConcurrency', {
      // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html#claimed-account-concurrency
      metric: new cloudwatch.Metric({
        namespace: 'AWS/Lambda', metricName: 'ClaimedAccountConcurrency', statistic: cloudwatch.Stats.MAXIMUM, period,
      }),
      threshold: accountConcurrencyLimit * share,
      sentence: 'The functions of this account used almost all of its concurrency, which the model artifact store shares.',
      entry,
    });
    return;
  }
  for (const name of FUNCTIONS) {
    alarms.add(`${FUNCTION_IDS[name]}Concurrency`, {
      metric: functions[name].metric('ConcurrentExecutions', { period, statistic: cloudwatch.Stats.MAXIMUM }),
      threshold: reservedConcurrency * share,
      sentence: `The ${name} function of the model artifact store used almost all of the concurrency that is reserved for it.`,
      entry,
    });
  }
}

/** Watch for 5xx answers, which Lambda takes for successes. */
export function watchRequests(
  scope: Construct, alarms: StoreAlarms, logGroups: FunctionLogGroups, thresholds: AlarmThresholds, period: Duration,
): void {
  for (const name of FUNCTIONS) {
    const logGroup = logGroups[name];
    countFailedRequests(scope, `${FUNCTION_IDS[name]}FailedRequestsFilter`, name, logGroup);
    alarms.add(`${FUNCTION_IDS[name]}FailedRequests`, {
      metric: failedRequestsMetric(logGroup, period),
      threshold: thresholds.failedRequests ?? 1,
      sentence: `The ${name} function of the model artifact store answered a request with a server error (5xx).`,
      entry: RunbookEntry.FAILED_REQUESTS,
    });
  }
}
