import { Aws, type RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { limitGrants } from '../common/key-grants';

/** The value of `kms:ViaService` when S3 in a Region uses a key on behalf of a caller. */
export function viaS3(region: string): string {
  return `s3.${region}.${Aws.URL_SUFFIX}`;
}

/**
 * Creates a key that principals can use only through S3.
 *
 * The key policy delegates to IAM (the account's root principal), as KMS recommends to avoid losing access to a key. A
 * principal with `kms:Decrypt` on all resources could therefore decrypt with it. The deny below does not affect key
 * administration. It denies use of the key outside S3, because only S3 enforces the bucket policy and records a data
 * event. AWS services that call as a service principal, such as CloudTrail, are exempt, but need their own allow.
 */
export function createStorageKey(
  scope: Construct, id: string, description: string, removalPolicy: RemovalPolicy,
): kms.Key {
  const key = limitGrants(new kms.Key(scope, id, { description, enableKeyRotation: true, removalPolicy }));
  key.addToResourcePolicy(denyUseOutsideS3());
  return key;
}

export function denyUseOutsideS3(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DenyUseOutsideS3',
    effect: iam.Effect.DENY,
    principals: [new iam.StarPrincipal()],
    // Wildcards cover the variants without plaintext and for key pairs, and both directions of ReEncrypt.
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'],
    // In a key policy, "*" is the key itself.
    resources: ['*'],
    conditions: {
      // A direct call has no kms:ViaService, which counts as not equal.
      StringNotEquals: { 'kms:ViaService': viaS3(Aws.REGION) },
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    },
  });
}

/** Whether a key is referred to by an alias, which can later point to another key. */
export function isAlias(key: kms.IKey): boolean {
  return /:alias\//.test(key.keyArn);
}

/** Conditions that limit a key to use through S3 and to objects of this bucket. */
export function artifactKeyConditions(
  artifacts: { readonly bucket: s3.IBucket },
): { [operator: string]: { [key: string]: string } } {
  return {
    StringEquals: {
      'kms:ViaService': viaS3(artifacts.bucket.env.region),
      'kms:EncryptionContext:aws:s3:arn': artifacts.bucket.bucketArn,
    },
  };
}
