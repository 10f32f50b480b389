import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { PolicyTarget } from '../common/policy-target';

/** What every bucket of the store has in its policy. */

export interface DenyOptions {
  readonly sid: string;
  readonly actions: string[];
  readonly resources: string[];
  readonly conditions: { [operator: string]: { [key: string]: unknown } };
}

/** Everything in these policies that is not about delivering logs is a deny, for everybody: it never opens anything. */
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
 * Who is named by `administratorArns`, and always the account's root user: without it, an account that named nobody, or
 * roles that are gone, could never again delete what it has to delete.
 */
export function administrators(administratorArns: readonly string[] | undefined): string[] {
  return [`arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root`, ...administratorArns ?? []];
}

/**
 * Nobody but administrators takes anything away: no delete marker (behind which a write-once name could be written
 * again), no deleted version, no lock bypassed, and no lock set by hand (which could keep an object for a hundred years).
 *
 * The bucket's own settings stay open to whoever IAM lets change them: CloudFormation has to be able to update the
 * bucket, and whoever manages the account could take any deny away anyhow.
 */
export function addDeletionStatement(bucket: PolicyTarget, administratorArns: readonly string[] | undefined): void {
  bucket.addToResourcePolicy(deny({
    sid: 'DenyDeletionButByAdministrators',
    actions: [
      's3:DeleteObject',
      's3:DeleteObjectVersion',
      's3:BypassGovernanceRetention',
      's3:PutObjectRetention',
      's3:PutObjectLegalHold',
    ],
    resources: [bucket.arnForObjects('*')],
    conditions: { ArnNotLike: { 'aws:PrincipalArn': administrators(administratorArns) } },
  }));
}
