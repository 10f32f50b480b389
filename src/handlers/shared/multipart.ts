import { createHash } from 'node:crypto';
import {
  CompleteMultipartUploadCommand, CreateMultipartUploadCommand, ListMultipartUploadsCommand, ListPartsCommand,
  type ListMultipartUploadsCommandOutput, type ListPartsCommandOutput, type MultipartUpload, type Part,
} from '@aws-sdk/client-s3';
import { inspectBlob, type Blob, type BlobFinding } from './blobs';
import { isConflict, isMissingUpload, isPreconditionFailed } from './errors';
import type { Call } from './router';
import type { Session } from './sessions';
import { digestToS3Checksum, partCountOf, partRange } from '../../contract/digest';
import { blobKey } from '../../contract/keys';

function place(call: Call, digest: string) {
  return { Bucket: call.settings.bucketName, Key: blobKey(call.parameters.model, digest) };
}

/** Older uploads, or ones begun by somebody else, may carry another checksum; their parts are of no use. */
function carriesSha256({ ChecksumAlgorithm, ChecksumType }: MultipartUpload): boolean {
  return (ChecksumAlgorithm ?? 'SHA256') === 'SHA256' && (ChecksumType ?? 'COMPOSITE') === 'COMPOSITE';
}

interface Marker {
  readonly KeyMarker?: string;
  readonly UploadIdMarker?: string;
}

/** The newest upload of exactly this blob that was begun and neither finished nor aborted. */
export async function findUpload(session: Session, call: Call, digest: string): Promise<string | undefined> {
  const { Bucket, Key } = place(call, digest);
  let newest: MultipartUpload | undefined;
  let marker: Marker | undefined = {};
  while (marker) {
    const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({ Bucket, Prefix: Key, ...marker });
    const page: ListMultipartUploadsCommandOutput = await session.s3.send(command);
    for (const upload of page.Uploads ?? []) {
      const newer = !newest || (upload.Initiated?.getTime() ?? 0) >= (newest.Initiated?.getTime() ?? 0);
      if (upload.Key === Key && upload.UploadId && carriesSha256(upload) && newer) {
        newest = upload;
      }
    }
    marker = page.IsTruncated && page.NextKeyMarker
      ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
      : undefined;
  }
  return newest?.UploadId;
}

export async function beginUpload(session: Session, call: Call, digest: string): Promise<string> {
  const { UploadId } = await session.s3.send(new CreateMultipartUploadCommand({
    ...place(call, digest),
    ContentType: 'application/octet-stream',
    ChecksumAlgorithm: 'SHA256',
    ChecksumType: 'COMPOSITE',
  }));
  if (!UploadId) {
    throw new Error('S3 answered CreateMultipartUpload without an upload id');
  }
  return UploadId;
}

export interface StoredPart {
  readonly partNumber: number;
  readonly size: number;
  readonly checksumSha256: string;
  readonly etag: string;
}

function toStoredPart({ PartNumber, Size, ChecksumSHA256, ETag }: Part): StoredPart[] {
  return PartNumber === undefined || Size === undefined || ChecksumSHA256 === undefined || ETag === undefined
    ? []
    : [{ partNumber: PartNumber, size: Size, checksumSha256: ChecksumSHA256, etag: ETag }];
}

/**
 * All the parts that S3 has, in order; undefined if there is no such upload.
 *
 * `IsTruncated` alone ends the listing: S3 returns `NextPartNumberMarker` on the last page too, so that the SDK's paginator, which
 * goes on while there is a marker, never ends. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
 */
export async function listParts(session: Session, call: Call, digest: string, uploadId: string): Promise<StoredPart[] | undefined> {
  try {
    const parts: StoredPart[] = [];
    let PartNumberMarker: string | undefined;
    let truncated = true;
    while (truncated) {
      const command: ListPartsCommand = new ListPartsCommand({ ...place(call, digest), UploadId: uploadId, PartNumberMarker });
      const page: ListPartsCommandOutput = await session.s3.send(command);
      parts.push(...(page.Parts ?? []).flatMap(toStoredPart));
      if (page.IsTruncated && (page.NextPartNumberMarker === undefined || page.NextPartNumberMarker === PartNumberMarker)) {
        throw new Error(`S3 returned a truncated list of parts that does not continue after part ${PartNumberMarker ?? 0}`);
      }
      truncated = page.IsTruncated === true;
      PartNumberMarker = page.NextPartNumberMarker;
    }
    return parts;
  } catch (error) {
    if (isMissingUpload(error)) {
      return undefined;
    }
    throw error;
  }
}

export function hasRightSize({ partNumber, size }: StoredPart, blobSize: number): boolean {
  const { start, end } = partRange(blobSize, partNumber);
  return partNumber <= partCountOf(blobSize) && size === end - start;
}

/** S3's COMPOSITE rule: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
function compositeChecksum(parts: readonly StoredPart[]): string {
  const hash = createHash('sha256');
  parts.forEach(({ checksumSha256 }) => hash.update(Buffer.from(checksumSha256, 'base64')));
  return `${hash.digest('base64')}-${parts.length}`;
}

const MAX_PARTS_NAMED = 20;

function missingParts(parts: readonly StoredPart[], blob: Blob): string | undefined {
  const present = new Set(parts.map(({ partNumber }) => partNumber));
  const expected = partCountOf(blob.size);
  const missing = Array.from({ length: expected }, (_value, index) => index + 1).filter((number) => !present.has(number));
  if (missing.length === 0) {
    return undefined;
  }
  const shown = missing.slice(0, MAX_PARTS_NAMED).join(', ');
  return `lacks ${missing.length} of ${expected} parts: ${shown}${missing.length > MAX_PARTS_NAMED ? ', …' : ''}`;
}

/** What is wrong with the parts before they are joined, if anything. */
export function checkParts(parts: readonly StoredPart[], blob: Blob): BlobFinding | undefined {
  const lacking = missingParts(parts, blob);
  if (lacking) {
    return { state: 'missing', message: lacking };
  }
  const wrong = parts.filter((part) => !hasRightSize(part, blob.size)).map(({ partNumber }) => partNumber);
  if (wrong.length > 0) {
    return { state: 'wrong_size', message: `has parts of the wrong size: ${wrong.slice(0, MAX_PARTS_NAMED).join(', ')}` };
  }
  const checksum = compositeChecksum(parts);
  return checksum === digestToS3Checksum(blob.digest)
    ? undefined
    : { state: 'wrong_digest', message: `has parts that make the checksum ${checksum}, not ${digestToS3Checksum(blob.digest)}` };
}

/** Joins checked parts. Whoever came first wins: what counts is what S3 says about the blob afterwards. */
export async function joinParts(
  session: Session, call: Call, blob: Blob, uploadId: string, parts: readonly StoredPart[],
): Promise<BlobFinding> {
  try {
    await session.s3.send(new CompleteMultipartUploadCommand({
      ...place(call, blob.digest),
      UploadId: uploadId,
      IfNoneMatch: '*',
      MultipartUpload: {
        Parts: parts.map(({ partNumber, etag, checksumSha256 }) => (
          { PartNumber: partNumber, ETag: etag, ChecksumSHA256: checksumSha256 }
        )),
      },
    }));
  } catch (error) {
    if ((error as Error).name === 'InvalidPart') {
      return { state: 'missing', message: 'has parts that were replaced while they were joined; try again' };
    }
    if (!isPreconditionFailed(error) && !isMissingUpload(error) && !isConflict(error)) {
      throw error;
    }
  }
  return inspectBlob(session, call, blob);
}
