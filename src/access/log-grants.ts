import type * as iam from 'aws-cdk-lib/aws-iam';
import type { StoreAccess } from './store-access';
import { addPermission } from '../common/permission-writer';
import { viaS3 } from '../storage/storage-key';

/** Grants permission to read the logs, and nothing else. */
export function grantLogs(grantee: iam.IGrantable, access: StoreAccess): iam.Grant[] {
  const { logArchive, auditLogGroup } = access;
  const grants: iam.Grant[] = [];
  const allow = (
    actions: string[], resourceArns: string[], wildcardReason?: string,
    conditions?: { [operator: string]: { [key: string]: unknown } },
  ) => grants.push(addPermission(grantee, { actions, resourceArns, conditions, wildcardReason }));
  if (logArchive) {
    const buckets = [logArchive.trailBucket, logArchive.accessLogBucket];
    allow(['s3:ListBucket', 's3:GetBucketLocation'], buckets.map(({ bucketArn }) => bucketArn));
    allow(['s3:GetObject', 's3:GetObjectVersion'], buckets.map((bucket) => bucket.arnForObjects('*')),
      'Auditors read all logs, and the archive holds nothing else.');
    if (logArchive.encryptionKey) {
      allow(['kms:Decrypt'], [logArchive.encryptionKey.keyArn], undefined, {
        StringEquals: { 'kms:ViaService': viaS3(logArchive.encryptionKey.env.region) },
      });
    }
    // The keys that verify a trail's digest files belong to CloudTrail, so the permission cannot name a resource.
    allow(['cloudtrail:ListPublicKeys'], ['*'],
      'The public keys that CloudTrail signs with are not resources of the account.');
  }
  if (auditLogGroup) {
    allow(['logs:DescribeLogStreams', 'logs:FilterLogEvents', 'logs:GetLogEvents'], [auditLogGroup.logGroupArn],
      'The ARN of a log group ends in ":*", which matches its log streams.');
  }
  return grants;
}
