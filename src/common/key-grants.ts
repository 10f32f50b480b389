import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';

/**
 * Denies creating grants on a key, except by AWS services for their own resources. A grant lets its principal use the
 * key without an IAM policy, and outlives the permission of the principal that created it. A request that does not say
 * whom the grant is for is denied too. A service that acts for itself needs an allow in the key policy, of which there
 * is none; naming the condition makes the statement the one that AWS Control Tower's control CT.KMS.PR.3 requires.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-is-for-aws-resource
 */
export function denyDirectGrants(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DenyGrantsButByServices',
    effect: iam.Effect.DENY,
    principals: [new iam.StarPrincipal()],
    actions: ['kms:CreateGrant'],
    // In a key policy, "*" is the key itself.
    resources: ['*'],
    conditions: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
  });
}

/** Limits grants on a key that was created here. */
export function limitGrants(key: kms.Key): kms.Key {
  key.addToResourcePolicy(denyDirectGrants());
  return key;
}
