import { setTimeout as wait } from 'node:timers/promises';
import { DeleteBucketPolicyCommand, DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';

interface Change {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: { readonly bucketNames: string[]; readonly logBucketNames: string[] };
}

/** S3 promises no time for a policy; a delivery that was let in before comes within this. */
const LATE_DELIVERIES_MILLISECONDS = Number(process.env.LATE_DELIVERIES_MILLISECONDS ?? 60_000);
const QUIET_ROUNDS = 3;

const s3 = new S3Client({});

/**
 * Empties the store's buckets when the test's stack goes, so that they can go too. Logs are still on their way when the trail
 * is gone already: who delivers them is let in by the policy of their bucket alone, so that goes first.
 */
export async function handler(change: Change): Promise<{ PhysicalResourceId: string }> {
  const { bucketNames, logBucketNames } = change.ResourceProperties;
  if (change.RequestType === 'Delete') {
    for (const Bucket of logBucketNames) {
      await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    }
    for (let quiet = 0; quiet < QUIET_ROUNDS;) {
      const removed = await Promise.all([...bucketNames, ...logBucketNames].map(empty));
      quiet = removed.some((count) => count > 0) ? 0 : quiet + 1;
      await wait(LATE_DELIVERIES_MILLISECONDS / QUIET_ROUNDS);
    }
  }
  return { PhysicalResourceId: change.PhysicalResourceId ?? 'sweeper' };
}

/** Every version and every delete marker: what a page named is gone when the next one is asked for. */
async function empty(Bucket: string): Promise<number> {
  for (let removed = 0; ;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) {
      return removed;
    }
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    if (Errors.length > 0) {
      throw new Error(`${Bucket}: ${Errors.length} of ${Objects.length} versions stay, such as ${Errors[0].Key}: ${Errors[0].Code} ${Errors[0].Message}`);
    }
    removed += Objects.length;
  }
}
