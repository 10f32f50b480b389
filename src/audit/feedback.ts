import { Stack } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import type { ILogArchive } from '../storage/log-archive';

/** If the trail delivers to a bucket that it records, each delivery causes another one. */
export function checkNoFeedback(scope: Construct, artifactBucket: IArtifactBucket, logArchive: ILogArchive): void {
  const { bucket } = artifactBucket;
  const problems = [
    ...(sameBucket(bucket, logArchive.trailBucket) ? ['logArchive.trailBucket'] : []),
    ...(sameBucket(bucket, logArchive.accessLogBucket) ? ['logArchive.accessLogBucket'] : []),
  ];
  if (problems.length > 0) {
    throw new Error(`AuditTrail at ${scope.node.path}: ${problems.join(' and ')} and artifactBucket are the same `
      + 'bucket, so each log delivery would be recorded and cause another delivery. Use separate buckets for the logs');
  }
}

function sameBucket(one: s3.IBucket, other: s3.IBucket): boolean {
  return one === other || shown(one) === shown(other);
}

/** Tokens are compared by their reference and its stack. */
function shown(bucket: s3.IBucket): string {
  const name = JSON.stringify(Stack.of(bucket).resolve(bucket.bucketName));
  return name.startsWith('"') ? name : `${Stack.of(bucket).node.addr} ${name}`;
}
