import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutBucketEncryptionCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { clientConfiguration } from '../rig/clients';
import type { LocalAws } from '../rig/local-aws';

/** A bucket with content, and its key, as they exist in an account before the store. */
export interface ExistingBucket {
  readonly bucketName: string;
  readonly keyArn: string;
  readonly keyId: string;
}

/** Its existing content. */
export const OLD_OBJECT = { key: 'old/model.bin', text: 'from before the store' };

export async function makeExistingBucket(localAws: LocalAws, bucketName: string): Promise<ExistingBucket> {
  const configuration = clientConfiguration(localAws, localAws.root);
  const [s3, kms] = [new S3Client({ ...configuration, forcePathStyle: true }), new KMSClient(configuration)];
  try {
    const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({ Description: `Of ${bucketName}` }));
    await s3.send(new CreateBucketCommand({
      Bucket: bucketName, CreateBucketConfiguration: localAws.region === 'us-east-1' ? undefined : { LocationConstraint: localAws.region as never },
    }));
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucketName, VersioningConfiguration: { Status: 'Enabled' } }));
    await s3.send(new PutBucketEncryptionCommand({
      Bucket: bucketName,
      ServerSideEncryptionConfiguration: {
        Rules: [{ BucketKeyEnabled: true, ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key!.Arn } }],
      },
    }));
    await s3.send(new PutObjectCommand({ Bucket: bucketName, Key: OLD_OBJECT.key, Body: OLD_OBJECT.text }));
    return { bucketName, keyArn: key!.Arn!, keyId: key!.KeyId! };
  } finally {
    s3.destroy();
    kms.destroy();
  }
}
