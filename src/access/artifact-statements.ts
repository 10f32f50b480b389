import * as iam from 'aws-cdk-lib/aws-iam';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import { artifactKeyConditions } from '../storage/storage-key';

/**
 * Use of the artifact bucket's key through S3 in its region, and only for objects of this bucket: with bucket keys on, S3
 * hands KMS the bucket's ARN as the encryption context.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
 */
export function artifactKeyStatement(artifacts: IArtifactBucket, actions: readonly string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: [...actions],
    resources: [artifacts.encryptionKey.keyArn],
    conditions: artifactKeyConditions(artifacts),
  });
}
