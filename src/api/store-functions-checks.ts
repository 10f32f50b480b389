import { Token, type Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ProvisionedConcurrency, StoreFunctionsProps } from './store-functions-props';
import { checkRoleNames } from '../access/default-session-names';
import { type Problems, readable } from '../common/problems';
import { MIN_LINK_SECONDS } from '../contract/limits';
import { checkEncryptionKey } from '../storage/encryption-key-checks';

/** The properties to check. */
export type CheckedFunctionProps = Omit<StoreFunctionsProps, 'artifactBucket' | 'sessionRoles' | 'signingKey'>
  & { readonly sessionRoles?: { readonly sessionDuration: Duration } };

/** Reports all problems of the properties. */
export function checkStoreFunctions(problems: Problems, scope: IConstruct, props: CheckedFunctionProps): void {
  checkLinkLifetime(problems, props);
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
  wholeNumber(problems, 'memorySize', props.memorySize, 128, 10_240);
  wholeNumber(problems, 'reservedConcurrency', props.reservedConcurrency, 1);
  checkProvisioned(problems, props.provisionedConcurrency, props.reservedConcurrency);
  if (props.network?.securityGroups?.length === 0) {
    problems.add('network.securityGroups is empty; name at least one, or omit it for one that allows only outbound '
      + 'HTTPS');
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
    problems.add(`linkLifetime is ${readable(link)}; use at least 1 minute`);
  }
  if (session && !session.isUnresolved() && link.toSeconds() > session.toSeconds()) {
    problems.add(`linkLifetime is ${readable(link)}, but a presigned URL expires with the session that signed it, and `
      + `sessions of sessionRoles last ${readable(session)}; shorten linkLifetime, or lengthen sessionDuration of `
      + 'SessionRoles');
  }
}

function checkProvisioned(
  problems: Problems, provisioned: ProvisionedConcurrency | undefined, reserved: number | undefined,
): void {
  if (!provisioned) {
    return;
  }
  const { minimum, maximum, targetUtilization } = provisioned;
  wholeNumber(problems, 'provisionedConcurrency.minimum', minimum, 1);
  wholeNumber(problems, 'provisionedConcurrency.maximum', maximum, 1);
  if (known(minimum) && known(maximum) && maximum < minimum) {
    problems.add(`provisionedConcurrency.maximum is ${maximum}, less than `
      + `${problems.name('provisionedConcurrency.minimum')} (${minimum}); raise maximum or lower minimum`);
  }
  const most = maximum ?? minimum;
  if (known(most) && known(reserved) && most > reserved) {
    problems.add(`provisionedConcurrency goes up to ${most}, but ${problems.name('reservedConcurrency')} limits a `
      + `function to ${reserved}; raise reservedConcurrency or lower provisionedConcurrency`);
  }
  if (known(targetUtilization) && !(targetUtilization >= 0.1 && targetUtilization <= 0.9)) {
    problems.add(`provisionedConcurrency.targetUtilization is ${targetUtilization}; use a fraction between 0.1 and `
      + '0.9');
  }
  if (known(targetUtilization) && (maximum === undefined || maximum === minimum)) {
    problems.add(`provisionedConcurrency.targetUtilization is ${targetUtilization}, but nothing scales, because `
      + `${problems.name('provisionedConcurrency.maximum')} is not greater than minimum; raise maximum or omit `
      + 'targetUtilization');
  }
}

function wholeNumber(
  problems: Problems, property: string, value: number | undefined, least: number, most = Infinity,
): void {
  if (known(value) && !(Number.isInteger(value) && value >= least && value <= most)) {
    const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
    const unit = property === 'memorySize' ? ' (MiB)' : '';
    problems.add(`${property} is ${JSON.stringify(value)}; use a whole number ${range}${unit}`);
  }
}

function known(value: number | undefined): value is number {
  return value !== undefined && !Token.isUnresolved(value);
}
