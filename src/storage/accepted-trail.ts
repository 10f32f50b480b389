import { Token } from 'aws-cdk-lib';
import type { Problems } from '../common/problems';
import { isRegion, REGION_RULE } from '../common/regions';

/**
 * A trail that may deliver to a log archive.
 */
export interface AcceptedTrail {
  /** Name of the trail, exactly. */
  readonly trailName: string;

  /**
   * Account that the trail is in; for an organization trail, the management account.
   *
   * @default - the account of the log archive
   */
  readonly accountId?: string;

  /**
   * Region that the trail was made in (its home Region).
   *
   * @default - the Region of the log archive
   */
  readonly region?: string;

  /**
   * What the trail's keys begin with (`S3KeyPrefix` of the trail, without a "/" at the end).
   *
   * @default - they begin with "AWSLogs/"
   */
  readonly keyPrefix?: string;

  /**
   * For an organization trail, the id of the organization.
   *
   * @default - the trail records its own account alone
   */
  readonly organizationId?: string;
}

/**
 * @param ownRegion the Region of the stack, which is one even if the installed CDK does not know it
 */
export function checkTrail(problems: Problems, at: string, trail: AcceptedTrail, ownRegion: string): void {
  const { region } = trail;
  if (region !== undefined && !Token.isUnresolved(region) && region !== ownRegion && !isRegion(region)) {
    problems.add(`${at}.region is "${region}"; ${REGION_RULE}`);
  }
  checkTrailName(problems, `${at}.trailName`, trail.trailName);
  const rules: Array<[keyof AcceptedTrail, RegExp, string]> = [
    ['accountId', /^\d{12}$/, 'an account id has 12 digits'],
    ['keyPrefix', /^[^/*?$](?:[^*?$]*[^/*?$])?$/, 'a prefix neither begins nor ends with "/" and has no "*", "?" or "$"'],
    ['organizationId', /^o-[a-z0-9]{10,32}$/, 'the id of an organization is like o-a1b2c3d4e5'],
  ];
  for (const [property, pattern, rule] of rules) {
    const value = trail[property];
    if (value !== undefined && !Token.isUnresolved(value) && !pattern.test(value)) {
      problems.add(`${at}.${property} is "${value}"; ${rule}`);
    }
  }
}

export function checkTrailName(problems: Problems, property: string, name: string | undefined): void {
  // A wildcard would be one in the policy's resources.
  if (name !== undefined && !Token.isUnresolved(name) && !/^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$/.test(name)) {
    problems.add(`${property} is ${JSON.stringify(name)}; the name of a trail has 3 to 128 letters, digits, ".", "_" or "-"`);
  }
}
