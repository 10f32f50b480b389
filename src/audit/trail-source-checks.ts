import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { AuditTrailProps } from './audit-trail-props';
import type { TrailSource } from './trail-source';
import { isOrganizationId, type Problems } from '../common/problems';
import { checkTrailName } from '../storage/accepted-trail';
import { checkEncryptionKey } from '../storage/encryption-key-checks';

/** The properties that are checked here; bucket and archive have separate checks. */
export type CheckedTrailProps = Omit<AuditTrailProps, 'artifactBucket' | 'logArchive'>;

/** Properties of a trail that this construct creates. They cannot be set for an existing trail. */
const CREATED_TRAIL_PROPERTIES = [
  'isMultiRegion', 'organizationId', 'trailName', 'logRetention', 'encryptionKey',
] as const;

export function checkTrailSource(
  problems: Problems, scope: IConstruct, source: TrailSource, props: CheckedTrailProps,
): void {
  const { account } = Stack.of(scope);
  const name = problems.name('source');
  const otherwise = {
    own: undefined, existing: `${name} is an existing trail`, none: `${name} is TrailSource.none()`,
  }[source._kind];
  for (const property of CREATED_TRAIL_PROPERTIES) {
    if (otherwise && props[property] !== undefined) {
      problems.add(`${property} applies only to a dedicated trail, but ${otherwise}; remove one of the two`);
    }
  }
  if (source._kind === 'none' && props.managementEvents !== undefined) {
    problems.add(`managementEvents applies only to a dedicated trail, but ${otherwise}; remove one of the two`);
  }
  if (source._kind === 'own') {
    checkTrailName(problems, 'trailName', props.trailName);
    if (isInvalid(props.organizationId, isOrganizationId)) {
      problems.add(`organizationId is "${props.organizationId}"; use an organization ID such as o-a1b2c3d4e5`);
    }
  }
  const { trailArnOrName, logGroup, organizationId } = source._existing ?? {};
  if (isInvalid(trailArnOrName, (text) => isTrail(text, organizationId !== undefined))) {
    problems.add(`source has the trail "${trailArnOrName}"; use an ARN such as `
      + 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit'
      + (organizationId === undefined ? ', or a name of 3 to 128 letters, digits, ".", "_" and "-"' : ''));
  }
  if (isInvalid(organizationId, isOrganizationId)) {
    problems.add(`source.organizationId is "${organizationId}"; use an organization ID such as o-a1b2c3d4e5`);
  }
  if (logGroup && !Token.isUnresolved(account) && isInvalid(logGroup.env.account, (id) => id === account)) {
    problems.add(`source.logGroup is in account ${logGroup.env.account}, but this stack is in ${account}, and metric `
      + 'filters only work in the account of the log group: omit it here, and create a StoreMonitoring with it there');
  }
  checkEncryptionKey(problems, scope, 'encryptionKey', props.encryptionKey);
}

/** Whether a value is given, is not a token, and violates the rule. */
function isInvalid(value: string | undefined, isValid: (value: string) => boolean): boolean {
  return value !== undefined && !Token.isUnresolved(value) && !isValid(value);
}

function isTrail(text: string, byArn: boolean): boolean {
  const name = text.replace(/^arn:[a-z-]+:cloudtrail:[a-z0-9-]+:\d{12}:trail\//, '');
  return (!byArn || name !== text) && /^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$/.test(name);
}
