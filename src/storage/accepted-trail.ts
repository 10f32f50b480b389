import { Token } from 'aws-cdk-lib';
import type { Problems } from '../common/problems';
import { isRegion, REGION_RULE } from '../common/regions';

/**
 * A trail that can deliver to a log archive.
 */
export interface AcceptedTrail {
  /** The exact name of the trail. */
  readonly trailName: string;

  /**
   * The account that the trail is in. For an organization trail, the management account.
   *
   * @default - the account of the log archive
   */
  readonly accountId?: string;

  /**
   * The home Region of the trail, which is the Region that it was created in.
   *
   * @default - the Region of the log archive
   */
  readonly region?: string;

  /**
   * The key prefix of the trail's logs (`S3KeyPrefix` of the trail), without a trailing "/".
   *
   * @default - no prefix; keys start with "AWSLogs/"
   */
  readonly keyPrefix?: string;

  /**
   * The ID of the organization, for an organization trail.
   *
   * @default - the trail records only its own account
   */
  readonly organizationId?: string;
}

/**
 * @param ownRegion the Region of the stack, which is accepted even if the installed CDK does not know it
 */
export function checkTrail(problems: Problems, at: string, trail: AcceptedTrail, ownRegion: string): void {
  const { region } = trail;
  if (region !== undefined && !Token.isUnresolved(region) && region !== ownRegion && !isRegion(region)) {
    problems.add(`${at}.region is "${region}"; ${REGION_RULE}`);
  }
  checkTrailName(problems, `${at}.trailName`, trail.trailName);
  const rules: Array<[keyof AcceptedTrail, RegExp, string]> = [
    ['accountId', /^\d{12}$/, 'an account ID has 12 digits'],
    ['keyPrefix', /^[^/*?$](?:[^*?$]*[^/*?$])?$/,
      'a key prefix must not start or end with "/" or contain "*", "?" or "$"'],
    ['organizationId', /^o-[a-z0-9]{10,32}$/, 'an organization ID has the form o-a1b2c3d4e5'],
  ];
  for (const [property, pattern, rule] of rules) {
    const value = trail[property];
    if (value !== undefined && !Token.isUnresolved(value) && !pattern.test(value)) {
      problems.add(`${at}.${property} is "${value}"; ${rule}`);
    }
  }
}

export function checkTrailName(problems: Problems, property: string, name: string | undefined): void {
  // A wildcard in the name would become a wildcard in the policy's resources.
  if (name !== undefined && !Token.isUnresolved(name) && !/^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$/.test(name)) {
    problems.add(`${property} is ${JSON.stringify(name)}; use 3 to 128 letters, digits, ".", "_" and "-", with a `
      + 'letter or digit at both ends');
  }
}
