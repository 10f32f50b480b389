import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { viaS3 } from './storage-key';
import { checkGrantee } from '../common/grantee';
import { addPermission, reportUnchangedRole } from '../common/permission-writer';
import { Problems } from '../common/problems';

interface LogBuckets extends IConstruct {
  readonly trailBucket: s3.IBucket;
  readonly accessLogBucket: s3.IBucket;
  readonly encryptionKey?: kms.IKey;
}

/** Grants permission to read the logs, and reports a principal that cannot be granted any. */
export function grantRead(archive: LogBuckets, grantee: iam.IGrantable): iam.Grant {
  const problems = Problems.of(archive);
  checkGrantee(problems, archive, grantee);
  problems.throwIfAny('LogArchive.grantRead');
  const grant = allowRead(archive, grantee);
  reportUnchangedRole(archive, grantee, 'Read', grant);
  return grant;
}

/** Grants permission to read the logs, to a principal that has been checked. */
export function allowRead(archive: LogBuckets, grantee: iam.IGrantable): iam.Grant {
  const buckets = [archive.trailBucket, archive.accessLogBucket];
  const grant = addPermission(grantee, {
    actions: ['s3:ListBucket', 's3:GetBucketLocation'], resourceArns: buckets.map(({ bucketArn }) => bucketArn),
  }).combine(addPermission(grantee, {
    actions: ['s3:GetObject', 's3:GetObjectVersion'],
    resourceArns: buckets.map((bucket) => bucket.arnForObjects('*')),
    wildcardReason: 'Auditors read all logs, and the archive holds nothing else.',
  })).combine(addPermission(grantee, {
    actions: ['cloudtrail:ListPublicKeys'],
    resourceArns: ['*'],
    // The keys that verify a trail's digest files belong to CloudTrail, so the permission cannot name a resource.
    wildcardReason: 'The public keys that verify CloudTrail digest files are not resources of the account.',
  }));
  return archive.encryptionKey === undefined ? grant : grant.combine(addPermission(grantee, {
    actions: ['kms:Decrypt'],
    resourceArns: [archive.encryptionKey.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': viaS3(archive.encryptionKey.env.region) } },
  }));
}
