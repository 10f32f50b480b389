import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';

/**
 * The bucket that holds the models, defined in this stack or imported.
 */
export interface IArtifactBucket extends IConstruct {
  /** The S3 bucket. */
  readonly bucket: s3.IBucket;

  /** The KMS key that encrypts every object in the bucket. */
  readonly encryptionKey: kms.IKey;
}

/**
 * Attributes of an artifact bucket that is defined elsewhere.
 */
export interface ArtifactBucketAttributes {
  /** The name of the bucket. */
  readonly bucketName: string;

  /**
   * The ARN of the KMS key that encrypts every object in the bucket. Grants and the functions of a store need it. A
   * trail, named queries and alarms for the bucket do not.
   *
   * @default - unknown; constructs and grants that need the key throw an error
   */
  readonly encryptionKeyArn?: string;
}
