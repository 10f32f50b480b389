import * as iam from 'aws-cdk-lib/aws-iam';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import { artifactKeyConditions } from '../storage/storage-key';

/**
 * Allows use of the artifact bucket's key through S3 in its Region, and only for objects in this bucket: with S3 Bucket
 * Keys enabled, S3 passes the bucket's ARN to KMS as the encryption context.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
 */
export function artifactKeyStatement(artifacts: IArtifactBucket, actions: readonly string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: [...actions],
    resources: [artifacts.encryptionKey.keyArn],
    conditions: artifactKeyConditions(artifacts),
  });
}
