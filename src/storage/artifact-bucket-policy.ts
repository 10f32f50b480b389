import type { Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import {
  addDeletionStatement, addTransportStatements, ADMINISTRATIVE_ACTIONS, administrators, deny, exceptBy, OBJECT_READS,
} from './bucket-statements';
import { type Perimeter, PerimeterStatements } from './perimeter';
import type { PolicyTarget } from '../common/policy-target';
import { KEY_PATTERNS } from '../contract/keys';

/**
 * The roles that can write objects, by the kind of object.
 */
export interface ArtifactWriters {
  /** The roles that can write blobs and versions. */
  readonly versions: iam.IRole[];

  /** The roles that can move aliases. */
  readonly aliases: iam.IRole[];
}

export interface ArtifactBucketPolicyOptions {
  readonly encryptionKey: kms.IKey;
  readonly maximumPresignedUrlAge: Duration;
  readonly administratorArns?: string[];
  readonly perimeter?: Perimeter;
}

/** The policy of an artifact bucket: set on the bucket, or collected as required statements for its owner. */
export class ArtifactBucketPolicy {
  private readonly perimeter?: PerimeterStatements;

  constructor(private readonly bucket: PolicyTarget, private readonly options: ArtifactBucketPolicyOptions) {
    addArtifactStatements(bucket, options);
    this.perimeter = options.perimeter && new PerimeterStatements(bucket, options.perimeter);
  }

  /**
   * Exempts the sessions of a function's role from the networks of the perimeter, for a function that runs outside
   * them. Without a perimeter, this has no effect.
   *
   * The exemption covers only calls that are signed in their headers, which only the function can make. Presigned URLs
   * that the session signed are never exempt, because other callers use them.
   */
  public exemptFunctionSessions(role: iam.IRole): void {
    this.perimeter?.exemptFunctionSessions(role);
  }

  /**
   * Denies all other principals, including account administrators, writing blobs, versions and aliases, so that objects
   * enter the store only through its functions' checks. The roles still need IAM permissions. Restoring objects from a
   * backup is also a write: restore to another bucket, or remove this restriction temporarily.
   *
   * Unfinished uploads can be aborted only by the roles that write versions, and by administrators. S3 Lifecycle, which
   * removes them after some days, is not subject to bucket policies.
   *
   * The roles must be in the same stack as the bucket, or have explicit names.
   */
  public restrictWriters(writers: ArtifactWriters): void {
    addWriterStatement(this.bucket, 'DenyOtherWritersOfVersions',
      [KEY_PATTERNS.blobs('*'), KEY_PATTERNS.versions('*')], writers.versions);
    addWriterStatement(this.bucket, 'DenyOtherWritersOfAliases', [KEY_PATTERNS.aliases('*')], writers.aliases);
    const uploaders = writers.versions.map(({ roleArn }) => roleArn);
    this.bucket.addToResourcePolicy(deny({
      sid: 'DenyAbortingUploads',
      actions: ['s3:AbortMultipartUpload'],
      resources: [this.bucket.arnForObjects('*')],
      conditions: exceptBy([...administrators(this.options.administratorArns), ...uploaders]),
    }));
  }
}

function addArtifactStatements(bucket: PolicyTarget, options: ArtifactBucketPolicyOptions): void {
  addTransportStatements(bucket);
  addEncryptionStatements(bucket, options.encryptionKey);
  addSignatureStatements(bucket, options.maximumPresignedUrlAge);
  addWriteOnceStatements(bucket);
  addUnusedKeysStatement(bucket);
  addDeletionStatement(bucket, options.administratorArns);
  addOtherChangesStatement(bucket, options.administratorArns);
}

/*
 * Encryption headers of a request, and the result:
 *
 *   x-amz-server-side-encryption | …-aws-kms-key-id | …-customer-algorithm | result
 *   -----------------------------+------------------+----------------------+-----------------------------------------
 *   absent                       | absent           | absent               | the bucket's default: SSE-KMS, this key
 *   aws:kms                      | this key's ARN   | absent               | SSE-KMS, this key
 *   aws:kms                      | absent           | absent               | denied: selects the AWS managed key
 *   aws:kms                      | anything else    | absent               | denied (also this key by its ID or alias)
 *   AES256, aws:kms:dsse, …      | any              | absent               | denied
 *   any                          | any              | present (SSE-C)      | denied
 *
 * Negated operators match if the header is absent, so each is combined with Null.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
const ENCRYPTION = 's3:x-amz-server-side-encryption';
const ENCRYPTION_KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const CUSTOMER_ALGORITHM = 's3:x-amz-server-side-encryption-customer-algorithm';

function addEncryptionStatements(bucket: PolicyTarget, key: kms.IKey): void {
  const put = { actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')] };
  bucket.addToResourcePolicy(deny({
    sid: 'DenyOtherEncryption',
    ...put,
    conditions: { Null: { [ENCRYPTION]: 'false' }, StringNotEquals: { [ENCRYPTION]: 'aws:kms' } },
  }));
  bucket.addToResourcePolicy(deny({
    sid: 'DenyOtherKeys',
    ...put,
    conditions: { Null: { [ENCRYPTION_KEY_ID]: 'false' }, StringNotEquals: { [ENCRYPTION_KEY_ID]: key.keyArn } },
  }));
  bucket.addToResourcePolicy(deny({
    sid: 'DenyAwsManagedKey',
    ...put,
    conditions: { Null: { [ENCRYPTION_KEY_ID]: 'true' }, StringEquals: { [ENCRYPTION]: 'aws:kms' } },
  }));
  bucket.addToResourcePolicy(deny({
    sid: 'DenyCustomerProvidedKeys',
    ...put,
    conditions: { Null: { [CUSTOMER_ALGORITHM]: 'false' } },
  }));
}

function addSignatureStatements(bucket: PolicyTarget, maximumPresignedUrlAge: Duration): void {
  const everything = { actions: ['s3:*'], resources: [bucket.bucketArn, bucket.arnForObjects('*')] };
  // https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
  bucket.addToResourcePolicy(deny({
    sid: 'DenyOldLinks',
    ...everything,
    conditions: { NumericGreaterThan: { 's3:signatureAge': maximumPresignedUrlAge.toMilliseconds() } },
  }));
  // Signature version 2 has no s3:signatureAge, so its presigned URLs would bypass the limit.
  bucket.addToResourcePolicy(deny({
    sid: 'DenySignatureVersion2',
    ...everything,
    conditions: { StringEquals: { 's3:signatureversion': 'AWS' } },
  }));
}

/** Writes that replace an object without a precondition, from a source that the policy cannot check. */
const REPLACEMENTS = ['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags', 's3:UpdateObjectEncryption'];

/**
 * Blobs and versions are written once and never overwritten. An alias can be replaced only by a request that states
 * which value it replaces.
 *
 * `s3:ObjectCreationOperation` exempts CreateMultipartUpload, UploadPart and UploadPartCopy, which do not support
 * preconditions. The object is created by CompleteMultipartUpload. CopyObject to these prefixes is denied either way.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
function addWriteOnceStatements(bucket: PolicyTarget): void {
  const writeOnce = [bucket.arnForObjects(KEY_PATTERNS.blobs('*')), bucket.arnForObjects(KEY_PATTERNS.versions('*'))];
  const compareAndSwap = [bucket.arnForObjects(KEY_PATTERNS.aliases('*'))];
  bucket.addToResourcePolicy(deny({
    sid: 'DenyOverwriting',
    actions: ['s3:PutObject'],
    resources: writeOnce,
    conditions: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
  }));
  bucket.addToResourcePolicy(deny({
    sid: 'DenyBlindAliasMoves',
    actions: ['s3:PutObject'],
    resources: compareAndSwap,
    conditions: {
      Null: { 's3:if-none-match': 'true', 's3:if-match': 'true' },
      Bool: { 's3:ObjectCreationOperation': 'true' },
    },
  }));
  // Replication into the bucket does not support preconditions, and re-encryption with another key needs none of the
  // headers that the statements above check.
  bucket.addToResourcePolicy(deny({
    sid: 'DenyReplacingFromOutside',
    actions: REPLACEMENTS,
    resources: [...writeOnce, ...compareAndSwap],
    conditions: {},
  }));
}

/** Auditors trust verdicts and attestations, so no principal can write them until a part of the store does. */
function addUnusedKeysStatement(bucket: PolicyTarget): void {
  bucket.addToResourcePolicy(deny({
    sid: 'DenyVerdictsAndAttestations',
    actions: ['s3:PutObject', ...REPLACEMENTS],
    resources: [KEY_PATTERNS.verdicts('*'), KEY_PATTERNS.attestations('*')].map((keys) => bucket.arnForObjects(keys)),
    conditions: {},
  }));
}

/**
 * Denies everyone except administrators every change of an object that the statements above do not cover: tags,
 * annotations, access control lists, and actions that S3 adds later. A scanner's tag that any principal could set would
 * not prove anything. The store itself never labels objects.
 */
function addOtherChangesStatement(bucket: PolicyTarget, administratorArns: readonly string[] | undefined): void {
  bucket.addToResourcePolicy(deny({
    sid: 'DenyOtherChangesButByAdministrators',
    notActions: [
      ...OBJECT_READS, 's3:PutObject', 's3:AbortMultipartUpload', ...REPLACEMENTS, ...ADMINISTRATIVE_ACTIONS,
    ],
    resources: [bucket.arnForObjects('*')],
    conditions: exceptBy(administrators(administratorArns)),
  }));
}

/** Denies writes by all principals except the writers, regardless of their IAM policies. */
function addWriterStatement(bucket: PolicyTarget, sid: string, keyPatterns: string[], writers: iam.IRole[]): void {
  bucket.addToResourcePolicy(deny({
    sid,
    actions: ['s3:PutObject'],
    resources: keyPatterns.map((pattern) => bucket.arnForObjects(pattern)),
    conditions: { ArnNotEquals: { 'aws:PrincipalArn': writers.map((writer) => writer.roleArn) } },
  }));
}
