import type { FunctionName } from './routes';

/**
 * Actions that a session of each function may perform, by kind of object. The session role allows them for every model;
 * the session policy, derived from the same lists, limits them to one model and one request.
 */
export interface SessionActions {
  readonly blobs: readonly string[];
  readonly versions: readonly string[];
  readonly aliases: readonly string[];
  /**
   * Actions on the bucket. With ListBucket, S3 returns 404 instead of 403 for a missing key. It cannot be limited to a
   * prefix for this purpose, because a HEAD request has none:
   * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
   * Sessions that presign URLs never get these actions.
   */
  readonly bucket: readonly string[];
  /** Actions on the key that encrypts the bucket, through S3 only. */
  readonly encryptionKey: readonly string[];
  /** Actions on the key that signs manifests. */
  readonly signingKey: readonly string[];
}

export const SESSION_ACTIONS: Readonly<Record<FunctionName, SessionActions>> = {
  upload: {
    // GetObject is needed to HEAD a blob with its checksum; the function never reads the bytes.
    blobs: ['s3:GetObject', 's3:PutObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
    versions: ['s3:GetObject', 's3:PutObject'],
    aliases: ['s3:GetObject'],
    bucket: ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
    encryptionKey: ['kms:GenerateDataKey', 'kms:Decrypt'],
    signingKey: ['kms:Sign', 'kms:GetPublicKey'],
  },
  download: {
    blobs: ['s3:GetObject'],
    versions: ['s3:GetObject'],
    aliases: [],
    bucket: ['s3:ListBucket'],
    encryptionKey: ['kms:Decrypt'],
    signingKey: [],
  },
  registry: {
    blobs: [],
    versions: ['s3:GetObject'],
    aliases: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
    bucket: ['s3:ListBucket', 's3:ListBucketVersions'],
    encryptionKey: ['kms:GenerateDataKey', 'kms:Decrypt'],
    // Public keys only.
    signingKey: ['kms:GetPublicKey'],
  },
};
