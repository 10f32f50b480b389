import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ArtifactBucketAttributes, IArtifactBucket } from './artifact-bucket-interface';
import { Problems } from '../common/problems';

/** An existing bucket, of this app or imported, and the key that encrypts it, if it is known. */
export class ImportedArtifactBucket extends Construct implements IArtifactBucket {
  public static fromAttributes(
    scope: Construct, id: string, attributes: ArtifactBucketAttributes,
  ): ImportedArtifactBucket {
    return new ImportedArtifactBucket(scope, id, (self) => {
      checkAttributes(self, attributes);
      const { bucketName, encryptionKeyArn } = attributes;
      const encryptionKey = encryptionKeyArn === undefined ? undefined
        : kms.Key.fromKeyArn(self, 'Key', encryptionKeyArn);
      const bucket = s3.Bucket.fromBucketAttributes(self, 'Bucket', { bucketName, encryptionKey });
      return { bucket, key: encryptionKey };
    });
  }

  public static fromBucket(
    scope: Construct, id: string, bucket: s3.IBucket, encryptionKey: kms.IKey | undefined,
  ): ImportedArtifactBucket {
    return new ImportedArtifactBucket(scope, id, () => ({ bucket, key: encryptionKey ?? bucket.encryptionKey }));
  }

  public readonly bucket: s3.IBucket;
  private readonly key?: kms.IKey;

  private constructor(
    scope: Construct, id: string, found: (self: Construct) => { readonly bucket: s3.IBucket; readonly key?: kms.IKey },
  ) {
    super(scope, id);
    const { bucket, key } = found(this);
    this.bucket = bucket;
    this.key = key;
  }

  public get encryptionKey(): kms.IKey {
    if (this.key === undefined) {
      throw new Error(`The KMS key of ${this.node.path} is required to grant access to its objects, but `
        + 'encryptionKeyArn is not set; set it to the ARN of the key that the bucket encrypts with');
    }
    return this.key;
  }
}

function checkAttributes(scope: Construct, { bucketName, encryptionKeyArn }: ArtifactBucketAttributes): void {
  const problems = Problems.of(scope);
  problems.bucketName('bucketName', bucketName);
  problems.keyArn('encryptionKeyArn', encryptionKeyArn);
  problems.throwIfAny('ArtifactBucket');
}
