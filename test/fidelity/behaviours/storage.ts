import type { Behaviour } from '../behaviours';

const READ = '2026-11-28';
const S3_GUIDE = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide';
const CONDITIONAL_WRITES = { url: `${S3_GUIDE}/conditional-writes.html`, read: READ };
const ENFORCED_WRITES = { url: `${S3_GUIDE}/conditional-writes-enforce.html`, read: READ };
const INTEGRITY = { url: `${S3_GUIDE}/checking-object-integrity.html`, read: READ };
const SIGNATURE_KEYS = { url: 'https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html', read: READ };
const OBJECT_LOCK = { url: `${S3_GUIDE}/object-lock.html`, read: READ };
const PUSHING = ['data-scientist'] as const;

export const STORAGE: readonly Behaviour[] = [
  {
    id: 's3.put.if-none-match',
    statement: 'A PUT with `If-None-Match: *` creates an object, and returns 412 if the object exists.',
    reliedOn: 'src/handlers/upload/publish.ts', page: CONDITIONAL_WRITES,
  },
  {
    id: 's3.put.if-none-match.race',
    statement: 'Of several simultaneous PUTs with `If-None-Match: *`, exactly one creates the object.',
    reliedOn: 'src/handlers/upload/publish.ts', page: CONDITIONAL_WRITES,
  },
  {
    id: 's3.put.if-match',
    statement: 'A PUT with `If-Match` replaces only an object with that ETag, and otherwise returns 412.',
    reliedOn: 'src/handlers/registry/move-alias.ts', page: CONDITIONAL_WRITES,
  },
  {
    id: 's3.put.if-match.race',
    statement: 'Of several simultaneous PUTs with the same `If-Match`, exactly one replaces the object.',
    reliedOn: 'src/handlers/registry/move-alias.ts', page: CONDITIONAL_WRITES,
  },
  {
    id: 's3.complete-multipart-upload',
    statement: 'CompleteMultipartUpload joins the listed parts into one object.',
    reliedOn: 'src/handlers/upload/complete-upload.ts', page: CONDITIONAL_WRITES, integ: PUSHING,
  },
  {
    id: 's3.policy.if-none-match',
    statement: 'A bucket policy can check whether a write has a precondition, with `s3:if-none-match`, `s3:if-match` and `s3:ObjectCreationOperation`.',
    reliedOn: 'src/storage/artifact-bucket-policy.ts', page: ENFORCED_WRITES,
  },
  {
    id: 's3.put.bad-digest',
    statement: 'A PUT whose bytes do not have the SHA-256 of its signed header is refused with BadDigest.',
    reliedOn: 'src/handlers/upload/upload-links.ts', page: INTEGRITY,
  },
  {
    id: 's3.upload-part.bad-digest',
    statement: 'A part whose bytes do not have the SHA-256 of its signed header is refused with BadDigest.',
    reliedOn: 'src/handlers/upload/upload-links.ts', page: INTEGRITY,
  },
  {
    id: 's3.multipart.checksum-sha256-composite',
    statement: 'The SHA-256 of a multipart object is that of its parts\' SHA-256s, followed by the number of parts.',
    reliedOn: 'src/contract/digest.ts', page: INTEGRITY, integ: PUSHING,
  },
  {
    id: 's3.head.checksum-mode',
    statement: 'HEAD with `x-amz-checksum-mode: ENABLED` returns the stored SHA-256.',
    reliedOn: 'src/handlers/upload/stored-blobs.ts', integ: PUSHING,
  },
  {
    id: 's3.list-parts.is-truncated',
    statement: 'ListParts is complete when `IsTruncated` is false, whatever the next marker is.',
    reliedOn: 'src/handlers/upload/begin-upload.ts',
  },
  {
    id: 's3.list-parts.checksums',
    statement: 'ListParts returns the SHA-256 of each part.',
    reliedOn: 'src/handlers/upload/begin-upload.ts',
  },
  {
    id: 's3.list-parts.checksum-algorithm',
    statement: 'ListParts returns the checksum algorithm that an upload was begun with.',
    reliedOn: 'src/handlers/upload/begin-upload.ts',
  },
  {
    id: 's3.list-parts.no-such-upload',
    statement: 'ListParts of a completed or aborted upload returns NoSuchUpload.',
    reliedOn: 'src/handlers/upload/complete-upload.ts',
  },
  {
    id: 's3.list-multipart-uploads.by-key',
    statement: 'ListMultipartUploads with a prefix lists the unfinished uploads of one key.',
    reliedOn: 'src/handlers/upload/begin-upload.ts',
  },
  {
    id: 's3.list-object-versions.newest-first',
    statement: 'ListObjectVersions lists the versions of a key newest first.',
    reliedOn: 'src/handlers/registry/aliases.ts',
  },
  {
    id: 's3.list-object-versions.markers',
    statement: 'ListObjectVersions continues after a key and version marker.',
    reliedOn: 'src/handlers/registry/aliases.ts',
  },
  {
    id: 's3.list-objects-v2.is-truncated',
    statement: 'ListObjectsV2 pages by continuation token until `IsTruncated` is false.',
    reliedOn: 'src/handlers/registry/models.ts',
  },
  {
    id: 's3.list-objects-v2.start-after',
    statement: 'ListObjectsV2 lists in the order of UTF-8 bytes, after `StartAfter`.',
    reliedOn: 'src/handlers/registry/models.ts',
  },
  { id: 's3.get.range', statement: 'GET with `Range` returns only these bytes.', reliedOn: 'cli/src/transfer' },
  {
    id: 's3.get.if-match',
    statement: 'GET with `If-Match` returns 412 if the object was replaced.',
    reliedOn: 'cli/src/transfer',
  },
  {
    id: 's3.get.access-denied',
    statement: 'GET of a key that the session may not read returns 403.',
    reliedOn: 'src/handlers/aws',
  },
  {
    id: 's3.get.missing-is-404',
    statement: 'GET of a missing key returns 404, not 403, to a session that may list its prefix.',
    reliedOn: 'src/contract/session-actions.ts',
  },
  {
    id: 's3.head.missing-is-404',
    statement: 'HEAD of a missing key returns 404, not 403, to a session that may list its prefix.',
    reliedOn: 'src/contract/session-actions.ts', integ: PUSHING,
  },
  {
    id: 's3.list.prefix-condition',
    statement: 'A condition on `s3:prefix` limits what a session lists; `StringLikeIfExists` lets requests without a prefix through.',
    reliedOn: 'src/contract/session-actions.ts',
  },
  {
    id: 's3.presign.put',
    statement: 'A presigned PUT of a session stores exactly the bytes that it was signed for.',
    reliedOn: 'src/handlers/upload/upload-links.ts', integ: PUSHING,
  },
  { id: 's3.presign.part', statement: 'A presigned UploadPart of a session stores only that part.', reliedOn: 'src/handlers/upload/upload-links.ts', integ: PUSHING },
  { id: 's3.presign.get', statement: 'A presigned GET of a session reads that object.', reliedOn: 'src/handlers/download', integ: PUSHING },
  {
    id: 's3.presign.bound-to-key-and-method',
    statement: 'A presigned URL is refused for another key and for another method.',
    reliedOn: 'docs/threat-model.md',
  },
  {
    id: 's3.presign.signed-headers',
    statement: 'A presigned URL is refused without the headers that it was signed with, or with other values.',
    reliedOn: 'src/handlers/upload/upload-links.ts',
  },
  { id: 's3.presign.expiry', statement: 'A presigned URL is refused when it has expired, or its lifetime was changed.', reliedOn: 'docs/threat-model.md' },
  {
    id: 's3.presign.unknown-x-parameter',
    statement: 'S3 ignores an unknown signed query parameter that begins with `x-`.',
    reliedOn: 'src/contract/environment.ts', integ: PUSHING,
  },
  {
    id: 's3.session-token.required',
    statement: 'Requests with the access key of a session are refused without its session token, or with another one.',
    reliedOn: 'docs/threat-model.md',
  },
  {
    id: 's3.policy.signature-age',
    statement: 'A bucket policy can deny signatures older than a limit with `s3:signatureAge`, and those of version 2 with `s3:signatureversion`.',
    reliedOn: 'src/storage/artifact-bucket-policy.ts', page: SIGNATURE_KEYS,
  },
  {
    id: 's3.policy.secure-transport',
    statement: 'A bucket policy can deny requests over plain HTTP with `aws:SecureTransport`.',
    reliedOn: 'src/storage/bucket-statements.ts',
  },
  { id: 's3.policy.tls-version', statement: 'A bucket policy can deny requests below TLS 1.2 with `s3:TlsVersion`.', reliedOn: 'src/storage/bucket-statements.ts' },
  {
    id: 's3.policy.source-network',
    statement: 'A bucket policy recognises the caller\'s network by `aws:SourceIp` and `aws:SourceVpce`.',
    reliedOn: 'src/storage/perimeter.ts',
  },
  {
    id: 's3.policy.encryption-headers',
    statement: 'A bucket policy can check the requested encryption of a write with `s3:x-amz-server-side-encryption…`.',
    reliedOn: 'src/storage/artifact-bucket-policy.ts',
  },
  {
    id: 's3.policy.update-object-encryption',
    statement: 'A bucket policy can name `s3:UpdateObjectEncryption` in every Region, including China and GovCloud.',
    reliedOn: 'src/storage/artifact-bucket-policy.ts',
  },
  {
    id: 's3.policy.not-action',
    statement: 'A deny with `NotAction` applies to every change of an object that it does not list, including annotations.',
    reliedOn: 'src/storage/artifact-bucket-policy.ts',
  },
  {
    id: 's3.blocked-encryption-types',
    statement: 'A bucket whose encryption settings block SSE-C refuses objects with keys of the client.',
    reliedOn: 'src/storage/artifact-bucket.ts',
  },
  {
    id: 's3.default-encryption.sse-kms',
    statement: 'Objects written without encryption headers get the bucket\'s default: SSE-KMS with its key.',
    reliedOn: 'src/storage/artifact-bucket.ts',
  },
  {
    id: 's3.versioning',
    statement: 'A versioned bucket keeps replaced and deleted objects as noncurrent versions.',
    reliedOn: 'src/storage/artifact-bucket.ts',
  },
  {
    id: 's3.lifecycle',
    statement: 'Lifecycle rules expire and move objects, noncurrent versions and unfinished uploads as configured.',
    reliedOn: 'src/storage/artifact-bucket.ts',
  },
  {
    id: 's3.object-lock',
    statement: 'Object Lock keeps versions from being deleted until their retention ends, in COMPLIANCE mode for every principal.',
    reliedOn: 'src/storage/log-archive.ts', page: OBJECT_LOCK,
  },
  {
    id: 's3.auto-delete.every-version',
    statement: 'A bucket can be deleted after every version, delete marker and unfinished upload in it is deleted.',
    reliedOn: 'test/integ/sweeper.lambda.ts',
  },
];
