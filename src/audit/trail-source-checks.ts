import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { AuditTrailProps } from './audit-trail-props';
import type { TrailSource } from './trail-source';
import { isOrganizationId, type Problems } from '../common/problems';
import { checkTrailName } from '../storage/accepted-trail';
import { checkEncryptionKey } from '../storage/encryption-key-checks';

/** What a trail is checked by; the bucket and the archive have checks of their own. */
export type CheckedTrailProps = Omit<AuditTrailProps, 'artifactBucket' | 'logArchive'>;

/** What is about a trail that is made here. What such a trail of somebody else's is like, is not for this stack to say. */
const OF_AN_OWN_TRAIL = ['isMultiRegion', 'organizationId', 'trailName', 'logRetention', 'encryptionKey'] as const;

export function checkTrailSource(problems: Problems, scope: IConstruct, source: TrailSource, props: CheckedTrailProps): void {
  const { account } = Stack.of(scope);
  const otherwise = { own: undefined, existing: `${problems.name('source')} is a trail that exists`, none: `${problems.name('source')} is no trail` }[source._kind];
  for (const property of OF_AN_OWN_TRAIL) {
    if (otherwise && props[property] !== undefined) {
      problems.add(`${property} is for a trail of its own, but ${otherwise}; leave one of the two out`);
    }
  }
  if (source._kind === 'none' && props.managementEvents !== undefined) {
    problems.add(`managementEvents is for a trail to record, but ${problems.name('source')} is no trail; leave one of the two out`);
  }
  if (source._kind === 'own') {
    checkTrailName(problems, 'trailName', props.trailName);
    if (props.organizationId !== undefined && !Token.isUnresolved(props.organizationId) && !isOrganizationId(props.organizationId)) {
      problems.add(`organizationId is "${props.organizationId}"; the id of an organization is like o-a1b2c3d4e5`);
    }
  }
  const { trailArnOrName, logGroup, organizationId } = source._existing ?? {};
  if (trailArnOrName !== undefined && !Token.isUnresolved(trailArnOrName) && !isTrail(trailArnOrName, organizationId !== undefined)) {
    problems.add(`source names the trail "${trailArnOrName}"; ${organizationId === undefined ? '' : 'one of an organization is named by its ARN, '}`
      + 'like arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit'
      + (organizationId === undefined ? ', or by its name of 3 to 128 letters, digits, ".", "_" and "-"' : ''));
  }
  if (organizationId !== undefined && !Token.isUnresolved(organizationId) && !isOrganizationId(organizationId)) {
    problems.add(`source.organizationId is "${organizationId}"; the id of an organization is like o-a1b2c3d4e5`);
  }
  if (logGroup && !Token.isUnresolved(account) && !Token.isUnresolved(logGroup.env.account) && logGroup.env.account !== account) {
    problems.add(`source.logGroup is of account ${logGroup.env.account}, and this stack of ${account}; metric filters count in their own `
      + 'account alone: leave the log group out here, and make a StoreMonitoring with it there');
  }
  checkEncryptionKey(problems, scope, 'encryptionKey', props.encryptionKey);
}

function isTrail(text: string, byArn: boolean): boolean {
  const name = text.replace(/^arn:[a-z-]+:cloudtrail:[a-z0-9-]+:\d{12}:trail\//, '');
  return (!byArn || name !== text) && /^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$/.test(name);
}
