import type { FunctionName } from './routes';

/**
 * What a session of each function may do to which objects. The session role allows it for every model; the session
 * policy, made from the same lists, narrows it to one model and one job.
 */
export interface SessionActions {
  readonly blobs: readonly string[];
  readonly versions: readonly string[];
  readonly aliases: readonly string[];
  /**
   * On the bucket itself. ListBucket is what makes S3 answer 404 instead of 403 for a missing key, and it cannot be
   * narrowed by prefix for that (a HEAD carries none): https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
   * Sessions that sign links never get these.
   */
  readonly bucket: readonly string[];
  /** On the key that encrypts the bucket, and only through S3. */
  readonly encryptionKey: readonly string[];
  /** On the key that signs manifests. */
  readonly signingKey: readonly string[];
}

export const SESSION_ACTIONS: Readonly<Record<FunctionName, SessionActions>> = {
  upload: {
    // GetObject: a HEAD with its checksum, never the bytes.
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
    signingKey: [],
  },
};
