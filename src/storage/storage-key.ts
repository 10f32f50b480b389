import { Aws, type RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** What `kms:ViaService` says when S3 in a Region uses a key for somebody. */
export function viaS3(region: string): string {
  return `s3.${region}.${Aws.URL_SUFFIX}`;
}

/**
 * A key that people's policies can only use through S3.
 *
 * The key policy hands the key to IAM (the account's root principal), as KMS advises against being locked out of a key, so
 * anybody with `kms:Decrypt` on everything could decrypt with it. The deny below leaves administration alone and takes
 * only the use of the key away from whoever does not come through S3, where the bucket policy decides and a data event
 * records. AWS services with a principal of their own, such as CloudTrail, are let through; they need an allow of their own.
 */
export function createStorageKey(scope: Construct, id: string, description: string, removalPolicy: RemovalPolicy): kms.Key {
  const key = new kms.Key(scope, id, { description, enableKeyRotation: true, removalPolicy });
  key.addToResourcePolicy(denyUseOutsideS3());
  return key;
}

export function denyUseOutsideS3(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DenyUseOutsideS3',
    effect: iam.Effect.DENY,
    principals: [new iam.StarPrincipal()],
    // Wildcards cover the variants without plaintext, of key pairs, and both directions of ReEncrypt.
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

/** Whether a key is known by a name that can be pointed at another one. */
export function isAlias(key: kms.IKey): boolean {
  return /:alias\//.test(key.keyArn);
}

/** Through S3, and for objects of this bucket alone. */
export function artifactKeyConditions(artifacts: { readonly bucket: s3.IBucket }): { [operator: string]: { [key: string]: string } } {
  return {
    StringEquals: {
      'kms:ViaService': viaS3(artifacts.bucket.env.region),
      'kms:EncryptionContext:aws:s3:arn': artifacts.bucket.bucketArn,
    },
  };
}
