import { Stack } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import type { ILogArchive } from '../storage/log-archive';

/** A bucket that is both recorded and delivered to makes every delivery the cause of the next one. */
export function checkNoFeedback(scope: Construct, artifactBucket: IArtifactBucket, logArchive: ILogArchive): void {
  const { bucket } = artifactBucket;
  const problems = [
    ...(sameBucket(bucket, logArchive.trailBucket) ? ['logArchive.trailBucket'] : []),
    ...(sameBucket(bucket, logArchive.accessLogBucket) ? ['logArchive.accessLogBucket'] : []),
  ];
  if (problems.length > 0) {
    throw new Error(`AuditTrail at ${scope.node.path}: ${problems.join(' and ')} and artifactBucket are one bucket; every record that is `
      + 'delivered to it would be recorded and delivered again, without end. Give the logs buckets of their own');
  }
}

function sameBucket(one: s3.IBucket, other: s3.IBucket): boolean {
  return one === other || shown(one) === shown(other);
}

/** Unresolved references count by what they refer to and in which stack. */
function shown(bucket: s3.IBucket): string {
  const name = JSON.stringify(Stack.of(bucket).resolve(bucket.bucketName));
  return name.startsWith('"') ? name : `${Stack.of(bucket).node.addr} ${name}`;
}
