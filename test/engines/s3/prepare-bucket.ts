import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { BUCKET_NAME, REGION } from './engine';
import { clientConfiguration } from '../../local/rig/clients';
import type { Credentials } from '../../local/rig/environment';

export interface BucketSettings {
  readonly endpoint: string;
  readonly root: Credentials;
  readonly authorityFile: string;
  /** The key of the default encryption (SSE-KMS); absent if the engine has no key service. */
  readonly keyId?: string;
}

/** A client for the administrator of the engine. */
export function engineClient({ endpoint, root, authorityFile }: BucketSettings): S3Client {
  return new S3Client({
    ...clientConfiguration({ endpoint, region: REGION, authorityFile, trustBundle: authorityFile }, root),
    forcePathStyle: true,
  });
}

/** The bucket of the store: versioned, and encrypted by default if the engine supports it. */
export async function prepareBucket(settings: BucketSettings): Promise<void> {
  const s3 = engineClient(settings);
  try {
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET_NAME }));
    await s3.send(
      new PutBucketVersioningCommand({ Bucket: BUCKET_NAME, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    if (settings.keyId !== undefined) {
      await s3.send(
        new PutBucketEncryptionCommand({
          Bucket: BUCKET_NAME,
          ServerSideEncryptionConfiguration: {
            Rules: [
              { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: settings.keyId } },
            ],
          },
        }),
      );
    }
  } finally {
    s3.destroy();
  }
}
