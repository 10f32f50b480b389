import type * as iam from 'aws-cdk-lib/aws-iam';
import type { StoreAccess } from './store-access';
import { addPermission } from '../common/permission-writer';
import { viaS3 } from '../storage/storage-key';

/** Permissions to read the evidence, and nothing else. */
export function grantLogs(grantee: iam.IGrantable, access: StoreAccess): iam.Grant[] {
  const { logArchive, auditLogGroup } = access;
  const grants: iam.Grant[] = [];
  const allow = (
    actions: string[], resourceArns: string[], wildcardReason?: string, conditions?: { [operator: string]: { [key: string]: unknown } },
  ) => grants.push(addPermission(grantee, { actions, resourceArns, conditions, wildcardReason }));
  if (logArchive) {
    const buckets = [logArchive.trailBucket, logArchive.accessLogBucket];
    allow(['s3:ListBucket', 's3:GetBucketLocation'], buckets.map(({ bucketArn }) => bucketArn));
    allow(['s3:GetObject', 's3:GetObjectVersion'], buckets.map((bucket) => bucket.arnForObjects('*')),
      'An auditor reads all of the evidence; the archive holds nothing else.');
    if (logArchive.encryptionKey) {
      allow(['kms:Decrypt'], [logArchive.encryptionKey.keyArn], undefined, {
        StringEquals: { 'kms:ViaService': viaS3(logArchive.encryptionKey.env.region) },
      });
    }
    // The keys that verify the digest files of trails belong to CloudTrail: there is no resource to name.
    allow(['cloudtrail:ListPublicKeys'], ['*'], 'The keys that CloudTrail signs with are public, and no resource of the account.');
  }
  if (auditLogGroup) {
    allow(['logs:DescribeLogStreams', 'logs:FilterLogEvents', 'logs:GetLogEvents'], [auditLogGroup.logGroupArn],
      'The ARN of a log group ends in ":*", which stands for its own streams.');
  }
  return grants;
}
