import { Token, type Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { StoreFunctionsProps } from './store-functions-props';
import { checkRoleNames } from '../access/default-session-names';
import { type Problems, readable } from '../common/problems';
import { MIN_LINK_SECONDS } from '../contract/limits';
import { checkEncryptionKey } from '../storage/encryption-key-checks';

/** The properties to check. */
export type CheckedFunctionProps = Omit<
  StoreFunctionsProps, 'artifactBucket' | 'sessionRoles' | 'signingKey' | 'formerSigningKeys'
>
  & { readonly sessionRoles?: { readonly sessionDuration: Duration } };

/** Reports all problems of the properties. */
export function checkStoreFunctions(problems: Problems, scope: IConstruct, props: CheckedFunctionProps): void {
  checkLinkLifetime(problems, props);
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
  wholeNumber(problems, 'memorySize', props.memorySize, 128, 10_240);
  wholeNumber(problems, 'reservedConcurrentExecutions', props.reservedConcurrentExecutions, 1);
  checkProvisioned(problems, props);
  for (const property of ['vpcSubnets', 'securityGroups'] as const) {
    if (props[property] !== undefined && props.vpc === undefined) {
      problems.add(`${property} is set without ${problems.name('vpc')}, so the functions are not attached to a VPC; `
        + 'set vpc as well');
    }
  }
  if (props.securityGroups?.length === 0) {
    problems.add('securityGroups is empty; name at least one, or omit it for one that allows only outbound '
      + 'HTTPS');
  }
  checkRoleNames(problems, 'rolesWithDefaultSessionNames', props.rolesWithDefaultSessionNames);
  checkEncryptionKey(problems, scope, 'logEncryptionKey', props.logEncryptionKey);
}

function checkLinkLifetime(problems: Problems, props: CheckedFunctionProps): void {
  const link: Duration | undefined = props.presignedUrlLifetime;
  const session: Duration | undefined = props.sessionRoles?.sessionDuration;
  if (!link || link.isUnresolved()) {
    return;
  }
  if (link.toSeconds() < MIN_LINK_SECONDS) {
    problems.add(`presignedUrlLifetime is ${readable(link)}; use at least 1 minute`);
  }
  if (session && !session.isUnresolved() && link.toSeconds() > session.toSeconds()) {
    problems.add(`presignedUrlLifetime is ${readable(link)}, but a presigned URL expires with the session that signed `
      + `it, and sessions of sessionRoles last ${readable(session)}; shorten presignedUrlLifetime, or lengthen `
      + 'sessionDuration of SessionRoles');
  }
}

function checkProvisioned(problems: Problems, props: CheckedFunctionProps): void {
  const { minCapacity, maxCapacity, utilizationTarget, reservedConcurrentExecutions: reserved } = props;
  wholeNumber(problems, 'minCapacity', minCapacity, 1);
  wholeNumber(problems, 'maxCapacity', maxCapacity, 1);
  if (minCapacity === undefined) {
    for (const property of ['maxCapacity', 'utilizationTarget'] as const) {
      if (props[property] !== undefined) {
        problems.add(`${property} is set without ${problems.name('minCapacity')}, so no execution environments are `
          + 'kept initialized; set minCapacity as well');
      }
    }
    return;
  }
  if (known(minCapacity) && known(maxCapacity) && maxCapacity < minCapacity) {
    problems.add(`maxCapacity is ${maxCapacity}, less than ${problems.name('minCapacity')} (${minCapacity}); raise `
      + 'maxCapacity or lower minCapacity');
  }
  const [most, property] = maxCapacity === undefined ? [minCapacity, 'minCapacity'] : [maxCapacity, 'maxCapacity'];
  if (known(most) && known(reserved) && most > reserved) {
    problems.add(`${property} is ${most}, but ${problems.name('reservedConcurrentExecutions')} limits a function to `
      + `${reserved}; raise reservedConcurrentExecutions or lower ${property}`);
  }
  if (known(utilizationTarget) && !(utilizationTarget >= 0.1 && utilizationTarget <= 0.9)) {
    problems.add(`utilizationTarget is ${utilizationTarget}; use a fraction between 0.1 and 0.9`);
  }
  if (known(utilizationTarget) && (maxCapacity === undefined || maxCapacity === minCapacity)) {
    problems.add(`utilizationTarget is ${utilizationTarget}, but nothing scales, because `
      + `${problems.name('maxCapacity')} is not greater than minCapacity; raise maxCapacity or omit utilizationTarget`);
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
