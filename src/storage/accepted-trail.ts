import { Token } from 'aws-cdk-lib';
import type { Problems } from './problems';

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

export function checkTrail(problems: Problems, at: string, trail: AcceptedTrail): void {
  const rules: Array<[keyof AcceptedTrail, RegExp, string]> = [
    // A wildcard would be one in the policy's resources.
    ['trailName', /^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$/, 'the name of a trail has 3 to 128 letters, digits, ".", "_" or "-"'],
    ['accountId', /^\d{12}$/, 'an account id has 12 digits'],
    ['region', /^[a-z]{2}(-[a-z]+)+-\d$/, 'a Region is like eu-central-1'],
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
