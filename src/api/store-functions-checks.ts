import { Token, type Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ProvisionedConcurrency, StoreFunctionsProps } from './store-functions-props';
import { checkRoleNames } from '../access/default-session-names';
import { type Problems, readable } from '../common/problems';
import { MIN_LINK_SECONDS } from '../contract/limits';
import { checkEncryptionKey } from '../storage/encryption-key-checks';

/** What functions are checked by. */
export type CheckedFunctionProps = Omit<StoreFunctionsProps, 'artifactBucket' | 'sessionRoles' | 'signingKey'>
  & { readonly sessionRoles?: { readonly sessionDuration: Duration } };

/** Everything that is wrong with the properties, at once. */
export function checkStoreFunctions(problems: Problems, scope: IConstruct, props: CheckedFunctionProps): void {
  checkLinkLifetime(problems, props);
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
  wholeNumber(problems, 'memorySize', props.memorySize, 128, 10_240);
  wholeNumber(problems, 'reservedConcurrency', props.reservedConcurrency, 1);
  checkProvisioned(problems, props.provisionedConcurrency, props.reservedConcurrency);
  if (props.network?.securityGroups?.length === 0) {
    problems.add('network.securityGroups is empty; name at least one, or leave it out for one that lets only HTTPS out');
  }
  checkRoleNames(problems, 'rolesWithDefaultSessionNames', props.rolesWithDefaultSessionNames);
  checkEncryptionKey(problems, scope, 'logEncryptionKey', props.logEncryptionKey);
}

function checkLinkLifetime(problems: Problems, props: CheckedFunctionProps): void {
  const link: Duration | undefined = props.linkLifetime;
  const session: Duration | undefined = props.sessionRoles?.sessionDuration;
  if (!link || link.isUnresolved()) {
    return;
  }
  if (link.toSeconds() < MIN_LINK_SECONDS) {
    problems.add(`linkLifetime is ${readable(link)}; a link needs at least 1 minute to be used`);
  }
  if (session && !session.isUnresolved() && link.toSeconds() > session.toSeconds()) {
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
    problems.add(`provisionedConcurrency.maximum is ${maximum}, less than ${problems.name('provisionedConcurrency.minimum')}, ${minimum}`);
  }
  const most = maximum ?? minimum;
  if (known(most) && known(reserved) && most > reserved) {
    problems.add(`provisionedConcurrency goes up to ${most}, but ${problems.name('reservedConcurrency')} lets a function have ${reserved} at most; `
      + 'raise the one or lower the other');
  }
  if (known(targetUtilization) && !(targetUtilization >= 0.1 && targetUtilization <= 0.9)) {
    problems.add(`provisionedConcurrency.targetUtilization is ${targetUtilization}; it is a share between 0.1 and 0.9`);
  }
  if (known(targetUtilization) && (maximum === undefined || maximum === minimum)) {
    problems.add(`provisionedConcurrency.targetUtilization is ${targetUtilization}, but nothing scales: ${problems.name('provisionedConcurrency.maximum')} `
      + 'is no higher than minimum; raise maximum or leave targetUtilization out');
  }
}

function wholeNumber(problems: Problems, property: string, value: number | undefined, least: number, most = Infinity): void {
  if (known(value) && !(Number.isInteger(value) && value >= least && value <= most)) {
    const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
    problems.add(`${property} is ${JSON.stringify(value)}; it is a whole number ${range}${property === 'memorySize' ? ' (MiB)' : ''}`);
  }
}

function known(value: number | undefined): value is number {
  return value !== undefined && !Token.isUnresolved(value);
}
