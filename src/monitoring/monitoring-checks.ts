import { Duration, type Size, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { AlarmThresholds } from './alarm-thresholds';
import { checkNotifications } from './notify';
import type { StoreMonitoringProps } from './store-monitoring-props';
import { type Problems, readable } from '../common/problems';
import { checkEncryptionKey } from '../storage/encryption-key-checks';
import { checkPerimeter } from '../storage/perimeter';

/** What the alarms are checked by. */
export type CheckedMonitoringProps = Omit<StoreMonitoringProps, 'artifactBucket' | 'functions'>;

const PERCENTS = new Set(['concurrencyPercent', 'apiServerErrorPercent', 'apiClientErrorPercent']);

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const LONGEST_ANSWER = Duration.seconds(29);

/** Everything that is wrong with the properties, at once. */
export function checkMonitoring(problems: Problems, scope: IConstruct, props: CheckedMonitoringProps): void {
  if (props.topic && props.encryptionKey) {
    problems.add(`topic is given and ${problems.name('encryptionKey')} too; a given topic keeps its own encryption: leave one of them out`);
  }
  for (const name of ['auditLogGroup', 'trailRecordsManagementEvents'] as const) {
    if (props.auditTrail && props[name] !== undefined) {
      problems.add(`auditTrail is given and ${name} too; a trail tells of itself: leave one of them out`);
    }
  }
  for (const [name, threshold] of Object.entries(props.thresholds ?? {})) {
    if (typeof threshold === 'number' && !Token.isUnresolved(threshold)) {
      checkNumber(problems, name, threshold);
    }
  }
  checkAmounts(problems, props.thresholds ?? {});
  for (const name of ['reservedConcurrency', 'accountConcurrencyLimit'] as const) {
    const value = props[name];
    if (value !== undefined && !Token.isUnresolved(value) && !(Number.isInteger(value) && value >= 1)) {
      problems.add(`${name} is ${value}; it is a whole number of at least 1`);
    }
  }
  if (props.reservedConcurrency !== undefined && props.accountConcurrencyLimit !== undefined) {
    problems.add(`accountConcurrencyLimit is given and ${problems.name('reservedConcurrency')} too; functions with a share of their own do not depend on `
      + 'the limit of the account: leave one of them out');
  }
  checkPeriod(problems, props.period);
  checkPerimeter(problems, props.perimeter);
  for (const [name, threshold] of Object.entries(props.tampering?.accountChecks ?? {})) {
    if (typeof threshold === 'number' && !Token.isUnresolved(threshold) && !(Number.isInteger(threshold) && threshold >= 1)) {
      problems.add(`tampering.accountChecks.${name} is ${threshold}; it is a whole number of at least 1, or the alarm would always be on`);
    }
  }
  checkNotifications(problems, props.notifications);
  checkRunbookUrl(problems, props.runbookUrl);
  checkEncryptionKey(problems, scope, 'encryptionKey', props.encryptionKey);
}

function checkNumber(problems: Problems, name: string, value: number): void {
  if (PERCENTS.has(name)) {
    if (!(value > 0 && value <= 100)) {
      problems.add(`thresholds.${name} is ${value}; it is a percentage, more than 0 and at most 100`);
    }
  } else if (name === 'egressBandWidth') {
    if (!(value > 0)) {
      problems.add(`thresholds.${name} is ${value}; it is a number of standard deviations, more than 0`);
    }
  } else if (!(Number.isInteger(value) && value >= 1)) {
    problems.add(`thresholds.${name} is ${value}; it is a whole number of at least 1, or the alarm would always be on`);
  }
}

function checkAmounts(problems: Problems, thresholds: AlarmThresholds): void {
  const { egressPerPrincipal, evidenceStalled } = thresholds;
  if (known(egressPerPrincipal) && egressPerPrincipal.toBytes() < 1) {
    problems.add(`thresholds.egressPerPrincipal is ${egressPerPrincipal.toBytes()} bytes; it is at least 1 byte, or the alarm would always be on`);
  }
  for (const name of ['functionDuration', 'apiLatency'] as const) {
    const duration = thresholds[name];
    if (known(duration) && !(duration.toMilliseconds() >= 1 && duration.toMilliseconds() < LONGEST_ANSWER.toMilliseconds())) {
      problems.add(`thresholds.${name} is ${readable(duration)}; it is at least a millisecond, or the alarm would always be on, and less than `
        + `the ${readable(LONGEST_ANSWER)} that functions and API may take, or it would never be`);
    }
  }
  if (known(evidenceStalled)) {
    const hours = evidenceStalled.toHours({ integral: false });
    // CloudWatch looks back over a week at most where periods are of an hour or more.
    if (!(Number.isInteger(hours) && hours >= 2 && hours <= 168)) {
      problems.add(`thresholds.evidenceStalled is ${readable(evidenceStalled)}; it is 2 to 168 whole hours: `
        + 'what happens at the end of an hour is recorded in the next, and CloudWatch looks back over a week');
    }
  }
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
function checkPeriod(problems: Problems, period: Duration | undefined): void {
  if (!known(period)) return;
  const seconds = period.toSeconds({ integral: false });
  if (![10, 20, 30].includes(seconds) && !(seconds >= 60 && seconds <= 86_400 && seconds % 60 === 0)) {
    problems.add(`period is ${readable(period)}; CloudWatch takes 10, 20 or 30 seconds, or whole minutes up to a day`);
  }
}

/** Every alarm links to its entry in the runbook. */
function checkRunbookUrl(problems: Problems, url: string | undefined): void {
  if (url === undefined || Token.isUnresolved(url)) return;
  if (!/^https?:\/\/[^\s/#]+[^\s#]*$/.test(url)) {
    problems.add(`runbookUrl is ${JSON.stringify(url)}; it is an address without a "#", such as https://wiki.example.com/model-store-runbook`);
  }
}

function known<Amount extends Duration | Size>(amount: Amount | undefined): amount is Amount {
  return amount !== undefined && !amount.isUnresolved();
}
