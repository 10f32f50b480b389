import { Aws, type RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { PolicyTarget } from '../common/policy-target';

/** Policy statements that every bucket of the store has. */

export interface DenyOptions {
  readonly sid: string;
  readonly actions?: string[];
  /** Every action except these. Set either `actions` or `notActions`. */
  readonly notActions?: string[];
  readonly resources: string[];
  readonly conditions: { [operator: string]: { [key: string]: unknown } };
}

/** All statements in these policies, except those for log delivery, deny every principal. They never grant access. */
export function deny(options: DenyOptions): iam.PolicyStatement {
  return new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.StarPrincipal()], ...options });
}

export function addTransportStatements(bucket: PolicyTarget): void {
  const everything = { actions: ['s3:*'], resources: [bucket.bucketArn, bucket.arnForObjects('*')] };
  bucket.addToResourcePolicy(deny({
    sid: 'DenyPlainHttp',
    ...everything,
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  }));
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html#example-object-tls-version
  bucket.addToResourcePolicy(deny({
    sid: 'DenyTlsBelow12',
    ...everything,
    conditions: { NumericLessThan: { 's3:TlsVersion': 1.2 } },
  }));
}

/**
 * Gives the policy of a bucket the bucket's removal policy. CloudFormation would otherwise delete the policy with the
 * stack, and a bucket that is retained would lose its protection.
 */
export function retainPolicyWithBucket(bucket: s3.Bucket, removalPolicy: RemovalPolicy): void {
  bucket.policy?.applyRemovalPolicy(removalPolicy);
}

/**
 * Returns the principals in `administratorArns`, and always the account's root user. Without it, an account that names
 * no administrators, or only deleted roles, could never delete objects again.
 */
export function administrators(administratorArns: readonly string[] | undefined): string[] {
  return [`arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root`, ...administratorArns ?? []];
}

/** Everything that reads an object: its bytes, versions, labels, locks and parts. */
export const OBJECT_READS: readonly string[] = ['s3:Get*', 's3:List*'];

/**
 * Adding delete markers (which would allow a write-once key to be written again), deleting versions, bypassing locks,
 * setting locks manually (which could keep an object for a hundred years), and restoring archived objects, which costs
 * money.
 */
export const ADMINISTRATIVE_ACTIONS: readonly string[] = [
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:BypassGovernanceRetention',
  's3:PutObjectRetention',
  's3:PutObjectLegalHold',
  's3:RestoreObject',
];

/**
 * Only administrators can perform these actions.
 *
 * The bucket's settings are not protected: CloudFormation must be able to update the bucket, and administrators of the
 * account could remove any deny anyway.
 */
export function addDeletionStatement(bucket: PolicyTarget, administratorArns: readonly string[] | undefined): void {
  bucket.addToResourcePolicy(deny({
    sid: 'DenyDeletionButByAdministrators',
    actions: [...ADMINISTRATIVE_ACTIONS],
    resources: [bucket.arnForObjects('*')],
    conditions: exceptBy(administrators(administratorArns)),
  }));
}

/** The condition of a deny that does not apply to these principals. */
export function exceptBy(principalArns: readonly string[]): DenyOptions['conditions'] {
  return { ArnNotLike: { 'aws:PrincipalArn': principalArns } };
}
