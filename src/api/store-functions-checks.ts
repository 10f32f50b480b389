import { Token, type Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ProvisionedConcurrency, StoreFunctionsProps } from './store-functions-props';
import { roleNamePatternProblem } from '../access/default-session-names';
import { MIN_LINK_SECONDS } from '../contract/limits';
import { Problems, readable } from '../storage/problems';

/** Everything that is wrong with the properties, at once. */
export function checkStoreFunctions(scope: Construct, props: StoreFunctionsProps): void {
  const problems = new Problems();
  checkLinkLifetime(problems, props);
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
  wholeNumber(problems, 'memorySize', props.memorySize, 128, 10_240);
  wholeNumber(problems, 'reservedConcurrency', props.reservedConcurrency, 1);
  checkProvisioned(problems, props.provisionedConcurrency, props.reservedConcurrency);
  if (props.network?.securityGroups?.length === 0) {
    problems.add('network.securityGroups is empty; name at least one, or leave it out for one that lets only HTTPS out');
  }
  const roleNames = roleNamePatternProblem('rolesWithDefaultSessionNames', props.rolesWithDefaultSessionNames ?? []);
  if (roleNames !== undefined) {
    problems.add(roleNames);
  }
  problems.throwIfAny(scope, 'StoreFunctions');
}

function checkLinkLifetime(problems: Problems, props: StoreFunctionsProps): void {
  const link: Duration | undefined = props.linkLifetime;
  const session: Duration = props.sessionRoles.sessionDuration;
  if (!link || link.isUnresolved()) {
    return;
  }
  if (link.toSeconds() < MIN_LINK_SECONDS) {
    problems.add(`linkLifetime is ${readable(link)}; a link needs at least 1 minute to be used`);
  }
  if (!session.isUnresolved() && link.toSeconds() > session.toSeconds()) {
    problems.add(`linkLifetime is ${readable(link)}, but a link dies with the session that signed it, and sessionRoles keeps sessions `
      + `for ${readable(session)}; shorten linkLifetime or lengthen sessionDuration of SessionRoles`);
  }
}

function checkProvisioned(problems: Problems, provisioned: ProvisionedConcurrency | undefined, reserved: number | undefined): void {
  if (!provisioned) {
    return;
  }
  const { minimum, maximum, targetUtilization } = provisioned;
  wholeNumber(problems, 'provisionedConcurrency.minimum', minimum, 1);
  wholeNumber(problems, 'provisionedConcurrency.maximum', maximum, 1);
  if (known(minimum) && known(maximum) && maximum < minimum) {
    problems.add(`provisionedConcurrency.maximum is ${maximum}, less than provisionedConcurrency.minimum, ${minimum}`);
  }
  const most = maximum ?? minimum;
  if (known(most) && known(reserved) && most > reserved) {
    problems.add(`provisionedConcurrency goes up to ${most}, but reservedConcurrency lets a function have ${reserved} at most; `
      + 'raise reservedConcurrency or lower provisionedConcurrency');
  }
  if (known(targetUtilization) && !(targetUtilization >= 0.1 && targetUtilization <= 0.9)) {
    problems.add(`provisionedConcurrency.targetUtilization is ${targetUtilization}; it is a share between 0.1 and 0.9`);
  }
  if (known(targetUtilization) && (maximum === undefined || maximum === minimum)) {
    problems.add(`provisionedConcurrency.targetUtilization is ${targetUtilization}, but nothing scales: provisionedConcurrency.maximum `
      + 'is no higher than minimum; raise maximum or leave targetUtilization out');
  }
}

function wholeNumber(problems: Problems, property: string, value: number | undefined, least: number, most = Infinity): void {
  if (known(value) && !(Number.isInteger(value) && value >= least && value <= most)) {
    const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
    problems.add(`${property} is ${value}; it is a whole number ${range}`);
  }
}

function known(value: number | undefined): value is number {
  return value !== undefined && !Token.isUnresolved(value);
}
