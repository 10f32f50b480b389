import { Duration, Token, Validations } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { checkModelPatterns } from './model-patterns';
import type { StoreRoleOptions } from './store-role-options';
import { checkTrust } from './trusted-principals';
import { type Problems, readable } from '../common/problems';

const SHORTEST = Duration.hours(1);
const LONGEST = Duration.hours(12);

export const STORE_ROLES = ['dataScientist', 'pipeline', 'auditor'] as const;

/** Reports all problems of the roles of people and pipelines. */
export function checkStoreRoles(
  problems: Problems, scope: IConstruct, roles: { readonly [role in (typeof STORE_ROLES)[number]]?: StoreRoleOptions },
): void {
  for (const property of STORE_ROLES) {
    const options = roles[property];
    if (options) {
      checkStoreRole(problems, scope, property, options);
    }
  }
}

/** Warns of roles that are open to every principal of the account with a broad policy. */
export function warnOfOpenTrust(
  scope: Construct, roles: { readonly [role in (typeof STORE_ROLES)[number]]?: StoreRoleOptions },
): void {
  const open = STORE_ROLES.filter((role) => roles[role]?.assumedBy === undefined);
  if (open.length === 0) {
    return;
  }
  Validations.of(scope).addWarning('SecureModelArtifactStore::RolesOpenToAccount', [
    `${open.map((role) => `${role}.assumedBy`).join(', ')}: not set, so any principal of this account whose policies`,
    'allow sts:AssumeRole on every role, such as PowerUserAccess, can assume the role, under its own name. Name the',
    'principals, or acknowledge this warning.',
  ].join(' '));
}

function checkStoreRole(problems: Problems, scope: IConstruct, property: string, options: StoreRoleOptions): void {
  const { assumedBy, maxSessionDuration: duration, models, requireMultiFactorAuthentication, roleName } = options;
  checkModelPatterns(problems, `${property}.models`, models);
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
  if (duration && !duration.isUnresolved()) {
    const seconds = duration.toSeconds({ integral: false });
    if (!(Number.isInteger(seconds) && seconds >= SHORTEST.toSeconds() && seconds <= LONGEST.toSeconds())) {
      problems.add(`${property}.maxSessionDuration is ${readable(duration)}; use whole seconds between 1 hour and 12 `
        + 'hours');
    }
  }
  if (roleName !== undefined && !Token.isUnresolved(roleName) && !/^[\w+=,.@-]{1,64}$/.test(roleName)) {
    problems.add(`${property}.roleName is ${JSON.stringify(roleName)}; use 1 to 64 letters, digits and characters from `
      + '"_+=,.@-"');
  }
  if (assumedBy) {
    checkTrust(problems, scope, property, assumedBy, requireMultiFactorAuthentication ?? false);
  }
}
