import { Duration, type Size, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { AlarmThresholds } from './alarm-thresholds';
import { checkNotifications } from './notify';
import type { MonitoredStore } from './store-monitoring-props';
import type { TamperOptions } from './tamper/tamper-options';
import { checkCanaryModels } from '../common/canary-models';
import { type Problems, readable } from '../common/problems';
import { checkEncryptionKey } from '../storage/encryption-key-checks';
import { checkPerimeter } from '../storage/perimeter';

/** The properties that do not depend on the store's resources, and can be checked before those exist. */
export type CheckedMonitoringProps = Omit<MonitoredStore, 'artifactBucket' | 'functions'>;

const PERCENTS = new Set(['concurrencyPercent', 'apiServerErrorPercent', 'apiClientErrorPercent']);

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const LONGEST_ANSWER = Duration.seconds(29);

/** Reports all problems with the properties at once. */
export function checkMonitoring(problems: Problems, scope: IConstruct, props: CheckedMonitoringProps): void {
  if (props.topic && props.encryptionKey) {
    problems.add(`topic is set together with ${problems.name('encryptionKey')}, but an existing topic keeps its own `
      + 'encryption; remove one of the two');
  }
  for (const name of ['auditLogGroup', 'trailRecordsManagementEvents'] as const) {
    if (props.auditTrail && props[name] !== undefined) {
      problems.add(`auditTrail is set together with ${name}, but the trail already provides it; remove one of the two`);
    }
  }
  for (const [name, threshold] of Object.entries(props.thresholds ?? {})) {
    if (typeof threshold === 'number' && !Token.isUnresolved(threshold)) {
      checkNumber(problems, name, threshold);
    }
  }
  checkAmounts(problems, props.thresholds ?? {});
  for (const name of ['reservedConcurrentExecutions', 'accountConcurrencyLimit'] as const) {
    const value = props[name];
    if (value !== undefined && !Token.isUnresolved(value) && !(Number.isInteger(value) && value >= 1)) {
      problems.add(`${name} is ${value}; use a whole number of at least 1`);
    }
  }
  if (props.reservedConcurrentExecutions !== undefined && props.accountConcurrencyLimit !== undefined) {
    problems.add(`accountConcurrencyLimit is set together with ${problems.name('reservedConcurrentExecutions')}, but `
      + 'functions with reserved concurrency do not depend on the limit of the account; remove one of the two');
  }
  checkPeriod(problems, props.period);
  checkPerimeter(problems, props.perimeter);
  checkAccountChecks(problems, props.tampering ?? {});
  checkNotifications(problems, props);
  checkCanaries(problems, props);
  checkRunbookUrl(problems, props.runbookUrl);
  checkEncryptionKey(problems, scope, 'encryptionKey', props.encryptionKey);
}

function checkAccountChecks(problems: Problems, tampering: TamperOptions): void {
  for (const name of ['unauthorizedCallsThreshold', 'failedSignInsThreshold'] as const) {
    const threshold = tampering[name];
    if (threshold === undefined || Token.isUnresolved(threshold)) continue;
    if (!(Number.isInteger(threshold) && threshold >= 1)) {
      problems.add(`tampering.${name} is ${threshold}; use a whole number of at least 1. Below 1, the alarm would `
        + 'always be in alarm');
    }
    if (!tampering.accountChecks) {
      problems.add(`tampering.${name} is set, but account-wide alarms are not enabled; set tampering.accountChecks to `
        + `true, or remove ${name}`);
    }
  }
}

function checkCanaries(problems: Problems, props: CheckedMonitoringProps): void {
  checkCanaryModels(problems, 'canaryModels', props.canaryModels);
  const watched = props.tampering?.enabled !== false && (props.auditTrail ?? props.protectedResources) !== undefined;
  if (props.canaryModels !== undefined && props.canaryModels.length > 0 && !watched) {
    problems.add('canaryModels is set, but reads of the models are detected only with auditTrail and with tamper '
      + 'detection; set auditTrail, and do not set tampering.enabled to false');
  }
}

function checkNumber(problems: Problems, name: string, value: number): void {
  if (PERCENTS.has(name)) {
    if (!(value > 0 && value <= 100)) {
      problems.add(`thresholds.${name} is ${value}; use a percentage, more than 0 and at most 100`);
    }
  } else if (name === 'egressBandWidth') {
    if (!(value > 0)) {
      problems.add(`thresholds.${name} is ${value}; use a number of standard deviations, more than 0`);
    }
  } else if (!(Number.isInteger(value) && value >= 1)) {
    problems.add(`thresholds.${name} is ${value}; use a whole number of at least 1. Below 1, the alarm would always be `
      + 'on');
  }
}

function checkAmounts(problems: Problems, thresholds: AlarmThresholds): void {
  const { egressPerPrincipal, evidenceStalled } = thresholds;
  if (known(egressPerPrincipal) && egressPerPrincipal.toBytes() < 1) {
    problems.add(`thresholds.egressPerPrincipal is ${egressPerPrincipal.toBytes()} bytes; use at least 1 byte. `
      + 'Below 1, the alarm would always be in alarm');
  }
  for (const name of ['functionDuration', 'apiLatency'] as const) {
    const duration = thresholds[name];
    if (!known(duration)) continue;
    if (!(duration.toMilliseconds() >= 1 && duration.toMilliseconds() < LONGEST_ANSWER.toMilliseconds())) {
      problems.add(`thresholds.${name} is ${readable(duration)}; use at least 1 millisecond, or the alarm would always `
        + `be on, and less than the timeout of the functions and the API (${readable(LONGEST_ANSWER)}), or it would `
        + 'never be');
    }
  }
  if (known(evidenceStalled)) {
    const hours = evidenceStalled.toHours({ integral: false });
    // For periods of an hour or more, CloudWatch evaluates at most the last week.
    if (!(Number.isInteger(hours) && hours >= 2 && hours <= 168)) {
      problems.add(`thresholds.evidenceStalled is ${readable(evidenceStalled)}; use 2 to 168 whole hours: events at `
        + 'the end of an hour are recorded in the next, and CloudWatch evaluates at most the last week');
    }
  }
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
function checkPeriod(problems: Problems, period: Duration | undefined): void {
  if (!known(period)) return;
  const seconds = period.toSeconds({ integral: false });
  if (![10, 20, 30].includes(seconds) && !(seconds >= 60 && seconds <= 86_400 && seconds % 60 === 0)) {
    problems.add(`period is ${readable(period)}; CloudWatch accepts 10, 20 or 30 seconds, or whole minutes up to a `
      + 'day');
  }
}

/** Alarms append "#" and the name of their runbook entry to the address. */
function checkRunbookUrl(problems: Problems, url: string | undefined): void {
  if (url === undefined || Token.isUnresolved(url)) return;
  if (!/^https?:\/\/[^\s/#]+[^\s#]*$/.test(url)) {
    problems.add(`runbookUrl is ${JSON.stringify(url)}; use an http or https address without a "#", such as `
      + 'https://wiki.example.com/model-store-runbook');
  }
}

function known<Amount extends Duration | Size>(amount: Amount | undefined): amount is Amount {
  return amount !== undefined && !amount.isUnresolved();
}
