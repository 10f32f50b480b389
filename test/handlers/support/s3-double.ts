import { createHash, randomUUID } from 'node:crypto';
import {
  CompleteMultipartUploadCommand, CreateMultipartUploadCommand, GetObjectCommand, HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command, ListObjectVersionsCommand, ListPartsCommand, PutObjectCommand, S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';

/**
 * A test double of S3 for the commands of the functions: conditional writes, checksums, versions, multipart uploads.
 */
export interface StoredVersion {
  readonly versionId: string;
  readonly etag: string;
  readonly bytes: Buffer;
  readonly size: number;
  readonly checksum?: string;
  readonly lastModified: Date;
  readonly metadata?: { readonly [name: string]: string };
}

export interface StoredUpload {
  readonly uploadId: string;
  readonly key: string;
  readonly initiated: Date;
  /** Checksum algorithm of the upload; null if it was created without one. */
  readonly checksumAlgorithm?: string | null;
  readonly parts: Map<number, { readonly size: number; readonly checksum: string; readonly etag: string }>;
}

export type Authorize = (client: S3Client, action: string, key: string | undefined, context?: {
  [key: string]: string;
}) => Promise<void>;

export function awsError(name: string, status: number): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
}

export function sha256Base64(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

export class S3Double {
  public readonly objects = new Map<string, StoredVersion[]>();
  public readonly uploads = new Map<string, StoredUpload>();
  public readonly mock = mockClient(S3Client);
  /** Awaited before every conditional write, so that tests can make two callers conflict. */
  public beforeWrite: (key: string) => Promise<void>;
  /** Suffix that a server adds to the key in a key marker: none for S3, internal data for MinIO. */
  public keyMarkerSuffix = '';
  private clock = Date.UTC(2026, 0, 1);

  constructor(private readonly authorize: Authorize) {
    this.beforeWrite = async () => {};
    this.mock.on(HeadObjectCommand).callsFake(async ({ Key, ChecksumMode }, client) => {
      await this.authorize(client(), 's3:GetObject', Key);
      const { size, etag, checksum, metadata } = this.require(Key, 'NotFound');
      return {
        ContentLength: size, ETag: `"${etag}"`, Metadata: metadata, ChecksumSHA256: ChecksumMode === 'ENABLED' ? checksum : undefined,
      };
    });
    this.mock.on(GetObjectCommand).callsFake(async ({ Key, VersionId }, client) => {
      await this.authorize(client(), VersionId ? 's3:GetObjectVersion' : 's3:GetObject', Key);
      const { bytes, etag, metadata } = this.require(Key, 'NoSuchKey', VersionId);
      return { ETag: `"${etag}"`, Metadata: metadata, Body: { transformToByteArray: async () => new Uint8Array(bytes) } };
    });
    this.mock.on(PutObjectCommand).callsFake(async ({ Key, Body, IfMatch, IfNoneMatch, ChecksumSHA256, Metadata }, client) => {
      await this.authorize(client(), 's3:PutObject', Key);
      await this.beforeWrite(Key);
      this.checkPrecondition(Key, IfMatch, IfNoneMatch);
      if (ChecksumSHA256 !== sha256Base64(Body)) {
        throw awsError('BadDigest', 400);
      }
      return { ETag: `"${this.put(Key, Buffer.from(Body), Metadata).etag}"` };
    });
    this.mock.on(ListObjectsV2Command).callsFake(async (input, client) => {
      await this.authorize(client(), 's3:ListBucket', undefined, { 's3:prefix': input.Prefix });
      return this.list(input);
    });
    this.mock.on(ListObjectVersionsCommand).callsFake(async (input, client) => {
      await this.authorize(client(), 's3:ListBucketVersions', undefined, { 's3:prefix': input.Prefix });
      return this.listVersions(input);
    });
    this.mock.on(CreateMultipartUploadCommand).callsFake(async ({ Key, ChecksumAlgorithm, ChecksumType }, client) => {
      await this.authorize(client(), 's3:PutObject', Key);
      if (ChecksumAlgorithm !== 'SHA256' || ChecksumType !== 'COMPOSITE') {
        throw awsError('InvalidRequest', 400);
      }
      return { UploadId: this.createUpload(Key).uploadId };
    });
    this.mock.on(ListMultipartUploadsCommand).callsFake(async ({ Prefix, KeyMarker, UploadIdMarker }, client) => {
      await this.authorize(client(), 's3:ListBucketMultipartUploads', undefined, { 's3:prefix': Prefix });
      // One upload per page, so that paging is always tested.
      const all = [...this.uploads.values()].filter(({ key }) => key.startsWith(Prefix));
      const from = KeyMarker === undefined ? 0 : all.findIndex(({ uploadId }) => uploadId === UploadIdMarker) + 1;
      const [upload] = all.slice(from);
      return {
        Uploads: upload && [{ Key: upload.key, UploadId: upload.uploadId, Initiated: upload.initiated }],
        IsTruncated: from + 1 < all.length,
        NextKeyMarker: upload?.key,
        NextUploadIdMarker: upload?.uploadId,
      };
    });
    this.mock.on(ListPartsCommand).callsFake(async ({ Key, UploadId, PartNumberMarker }, client) => {
      await this.authorize(client(), 's3:ListMultipartUploadParts', Key);
      const parts = [...this.requireUpload(Key, UploadId).parts]
        .sort(([a], [b]) => a - b)
        .filter(([number]) => number > Number(PartNumberMarker ?? 0));
      // Two parts per page, for the same reason.
      const page = parts.slice(0, 2);
      const { checksumAlgorithm = 'SHA256' } = this.requireUpload(Key, UploadId);
      return {
        // As with MinIO, only this list has the checksum algorithm, and the list of uploads does not.
        ...checksumAlgorithm === null ? {} : { ChecksumAlgorithm: checksumAlgorithm, ChecksumType: 'COMPOSITE' },
        Parts: page.map(
          ([PartNumber, { size, checksum, etag }]) => ({
            PartNumber, Size: size, ChecksumSHA256: checksum, ETag: etag,
          }),
        ),
        IsTruncated: parts.length > page.length,
        // As with S3, MinIO and versitygw, every page has a marker, including the last one and an empty one.
        NextPartNumberMarker: String(page.at(-1)?.[0] ?? 0),
      };
    });
    this.mock.on(
      CompleteMultipartUploadCommand,
    ).callsFake(async ({ Key, UploadId, IfNoneMatch, MultipartUpload }, client) => {
      await this.authorize(client(), 's3:PutObject', Key);
      await this.beforeWrite(Key);
      const { parts } = this.requireUpload(Key, UploadId);
      this.checkPrecondition(Key, undefined, IfNoneMatch);
      const joined = (
        MultipartUpload.Parts as { PartNumber: number; ETag: string; ChecksumSHA256: string }[]
      ).map((part) => {
        const stored = parts.get(part.PartNumber);
        if (!stored || stored.etag !== part.ETag || stored.checksum !== part.ChecksumSHA256) {
          throw awsError('InvalidPart', 400);
        }
        return stored;
      });
      this.uploads.delete(UploadId);
      const checksums = Buffer.concat(joined.map(({ checksum }) => Buffer.from(checksum, 'base64')));
      const size = joined.reduce((sum, part) => sum + part.size, 0);
      this.putBlob(Key, size, `${sha256Base64(checksums)}-${joined.length}`);
      return {};
    });
  }

  /** Stores an object without preconditions, as an administrator could. */
  public put(key: string, bytes: Buffer, metadata?: StoredVersion['metadata']): StoredVersion {
    return this.store(key, { bytes, metadata, size: bytes.length, checksum: sha256Base64(bytes) });
  }

  /** Stores an object with only a size and a checksum. */
  public putBlob(key: string, size: number, checksum: string | undefined): StoredVersion {
    return this.store(key, { bytes: Buffer.alloc(0), size, checksum });
  }

  public createUpload(key: string, checksumAlgorithm?: string | null): StoredUpload {
    const upload: StoredUpload = {
      uploadId: randomUUID(), key, initiated: this.now(), checksumAlgorithm, parts: new Map(),
    };
    this.uploads.set(upload.uploadId, upload);
    return upload;
  }

  public text(key: string): string | undefined {
    return this.objects.get(key)?.at(-1)?.bytes.toString('utf8');
  }

  private store(key: string, object: Pick<StoredVersion, 'bytes' | 'size' | 'checksum' | 'metadata'>): StoredVersion {
    const version = { ...object, versionId: randomUUID(), etag: randomUUID(), lastModified: this.now() };
    this.objects.set(key, [...(this.objects.get(key) ?? []), version]);
    return version;
  }

  private now(): Date {
    this.clock += 1_000;
    return new Date(this.clock);
  }

  private require(key: string, errorName: string, versionId?: string): StoredVersion {
    const versions = this.objects.get(key) ?? [];
    const found = versionId === undefined
      ? versions.at(-1)
      : versions.find((version) => version.versionId === versionId);
    if (!found) {
      throw awsError(errorName, 404);
    }
    return found;
  }

  private requireUpload(key: string, uploadId: string): StoredUpload {
    const upload = this.uploads.get(uploadId);
    if (upload?.key !== key) {
      throw awsError('NoSuchUpload', 404);
    }
    return upload;
  }

  private checkPrecondition(key: string, ifMatch: string | undefined, ifNoneMatch: string | undefined): void {
    const current = this.objects.get(key)?.at(-1);
    if (ifMatch === undefined && ifNoneMatch !== '*') {
      // As the bucket policy does.
      throw awsError('AccessDenied', 403);
    }
    if ((ifNoneMatch === '*' && current) || (ifMatch !== undefined && `"${current?.etag}"` !== ifMatch)) {
      throw awsError('PreconditionFailed', 412);
    }
  }

  private list(input: { Prefix: string; StartAfter?: string; MaxKeys?: number; Delimiter?: string }) {
    const { Prefix, StartAfter = '', MaxKeys = 1_000, Delimiter } = input;
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(Prefix) && key > StartAfter).sort();
    const folderOf = (key: string) => {
      const end = Delimiter ? key.indexOf(Delimiter, Prefix.length) : -1;
      return end === -1 ? undefined : key.slice(0, end + 1);
    };
    const entries = [...new Set(keys.map((key) => folderOf(key) ?? key))];
    const page = entries.slice(0, MaxKeys);
    return {
      Contents: page
        .filter((entry) => this.objects.has(entry))
        .map((Key) => ({ Key, LastModified: this.objects.get(Key)!.at(-1)!.lastModified })),
      CommonPrefixes: page.filter((entry) => !this.objects.has(entry)).map((entry) => ({ Prefix: entry })),
      IsTruncated: entries.length > page.length,
    };
  }

  private listVersions(input: { Prefix: string; KeyMarker?: string; VersionIdMarker?: string; MaxKeys: number }) {
    const { Prefix, KeyMarker, VersionIdMarker, MaxKeys } = input;
    const all = [...this.objects.keys()].filter((key) => key.startsWith(Prefix)).sort()
      .flatMap(
        (key) => [...this.objects.get(key)!].reverse().map(({ versionId }) => ({ Key: key, VersionId: versionId })),
      );
    const last = all.findIndex(({ Key, VersionId }) => Key === KeyMarker && VersionId === VersionIdMarker);
    if (VersionIdMarker !== undefined && last === -1) {
      throw awsError('InvalidArgument', 400);
    }
    const from = KeyMarker === undefined ? 0 : last + 1;
    const page = all.slice(from, from + MaxKeys);
    return {
      Versions: page,
      IsTruncated: from + page.length < all.length,
      NextKeyMarker: page.at(-1) && `${page.at(-1)!.Key}${this.keyMarkerSuffix}`,
      NextVersionIdMarker: page.at(-1)?.VersionId,
    };
  }
}
