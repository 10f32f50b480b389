import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { AuditTrailProps } from './audit-trail';
import type { TrailSource } from './trail-source';
import { isOrganizationId, Problems } from '../storage/problems';

/** What is about a trail that is made here. What such a trail of somebody else's is like, is not for this stack to say. */
const OF_AN_OWN_TRAIL = ['isMultiRegion', 'organizationId', 'trailName', 'logRetention', 'encryptionKey'] as const;

export function checkTrailSource(scope: Construct, source: TrailSource, props: AuditTrailProps): void {
  const problems = new Problems();
  const { account } = Stack.of(scope);
  const otherwise = { own: undefined, existing: 'source is a trail that exists', none: 'source is no trail' }[source._kind];
  for (const property of OF_AN_OWN_TRAIL) {
    if (otherwise && props[property] !== undefined) {
      problems.add(`${property} is for a trail of its own, but ${otherwise}; leave one of the two out`);
    }
  }
  if (source._kind === 'none' && props.managementEvents !== undefined) {
    problems.add('managementEvents are for a trail to record, but source is no trail; leave one of the two out');
  }
  const { trailArnOrName, logGroup, organizationId } = source._existing ?? {};
  if (trailArnOrName !== undefined && !Token.isUnresolved(trailArnOrName) && !isTrail(trailArnOrName, organizationId !== undefined)) {
    problems.add(`the trail is "${trailArnOrName}"; ${organizationId === undefined ? '' : 'one of an organization is named by its ARN, '}`
      + 'like arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit'
      + (organizationId === undefined ? ', or by its name of 3 to 128 letters, digits, ".", "_" and "-"' : ''));
  }
  if (organizationId !== undefined && !Token.isUnresolved(organizationId) && !isOrganizationId(organizationId)) {
    problems.add(`organizationId of the trail is "${organizationId}"; the id of an organization is like o-a1b2c3d4e5`);
  }
  if (logGroup && !Token.isUnresolved(account) && !Token.isUnresolved(logGroup.env.account) && logGroup.env.account !== account) {
    problems.add(`the trail's log group is of account ${logGroup.env.account}, and this stack of ${account}; metric filters count in their own `
      + 'account alone: leave the log group out here, and make a StoreMonitoring with it there');
  }
  problems.throwIfAny(scope, 'AuditTrail');
}

function isTrail(text: string, byArn: boolean): boolean {
  const name = text.replace(/^arn:[a-z-]+:cloudtrail:[a-z0-9-]+:\d{12}:trail\//, '');
  return (!byArn || name !== text) && /^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$/.test(name);
}
