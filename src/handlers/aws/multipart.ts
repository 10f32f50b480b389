import { createHash } from 'node:crypto';
import {
  CompleteMultipartUploadCommand, CreateMultipartUploadCommand, ListMultipartUploadsCommand, ListPartsCommand,
  type ListMultipartUploadsCommandOutput, type ListPartsCommandOutput, type MultipartUpload, type Part,
} from '@aws-sdk/client-s3';
import { inspectBlob, type Blob, type BlobFinding } from './blobs';
import type { Call } from './call';
import type { Session } from './sessions';
import { digestToS3Checksum, partCountOf, partRange } from '../../contract/digest';
import { blobKey } from '../../contract/keys';
import { isConflict, isMissingUpload, isPreconditionFailed } from '../common/errors';

function place(call: Call, digest: string) {
  return { Bucket: call.settings.bucketName, Key: blobKey(call.parameters.model, digest) };
}

/**
 * Checksum settings of a multipart upload. Absent if it was created without a checksum; some S3-compatible servers
 * return an empty string instead.
 */
interface UploadChecksum {
  readonly ChecksumAlgorithm?: string | null;
  readonly ChecksumType?: string | null;
}

function isComposite({ ChecksumType }: UploadChecksum): boolean {
  return !ChecksumType || ChecksumType === 'COMPOSITE';
}

interface Marker {
  readonly KeyMarker?: string;
  readonly UploadIdMarker?: string;
}

/** Lists the IDs of the multipart uploads in progress for exactly this blob, newest first. */
async function listUploads(session: Session, call: Call, digest: string): Promise<string[]> {
  const { Bucket, Key } = place(call, digest);
  const found: MultipartUpload[] = [];
  let marker: Marker | undefined = {};
  while (marker) {
    const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({ Bucket, Prefix: Key, ...marker });
    const page: ListMultipartUploadsCommandOutput = await session.s3.send(command);
    found.push(...(page.Uploads ?? []).filter((upload) => upload.Key === Key && upload.UploadId));
    marker = page.IsTruncated && page.NextKeyMarker
      ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
      : undefined;
  }
  const begun = ({ Initiated }: MultipartUpload) => Initiated?.getTime() ?? 0;
  return found
    .filter((upload) => (upload.ChecksumAlgorithm ?? 'SHA256') === 'SHA256' && isComposite(upload))
    .reverse()
    .sort((a, b) => begun(b) - begun(a))
    .map(({ UploadId }) => UploadId!);
}

export interface FoundUpload {
  readonly uploadId: string;
  readonly parts: readonly StoredPart[];
}

/**
 * Finds the newest multipart upload of exactly this blob that accepts its parts. An upload created with another
 * checksum algorithm, or without one, rejects them. Not every server reports the algorithm in the list of uploads, but
 * the list of parts shows it.
 */
export async function findUpload(session: Session, call: Call, digest: string): Promise<FoundUpload | undefined> {
  for (const uploadId of await listUploads(session, call, digest)) {
    const listed = await readParts(session, call, digest, uploadId);
    if (listed?.carriesSha256) {
      return { uploadId, parts: listed.parts };
    }
  }
  return undefined;
}

export async function beginUpload(session: Session, call: Call, digest: string): Promise<string> {
  const { UploadId } = await session.s3.send(new CreateMultipartUploadCommand({
    ...place(call, digest),
    ContentType: 'application/octet-stream',
    ChecksumAlgorithm: 'SHA256',
    ChecksumType: 'COMPOSITE',
  }));
  if (!UploadId) {
    throw new Error('the CreateMultipartUpload response of S3 has no upload ID');
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

interface ListedParts {
  readonly parts: readonly StoredPart[];
  /** As reported for the upload or, if it is not reported, as the parts show. */
  readonly carriesSha256: boolean;
}

/**
 * Lists all parts. Only `IsTruncated` ends the listing: S3 also returns `NextPartNumberMarker` on the last page, so the
 * paginator of the SDK, which continues while there is a marker, would never stop.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
 */
async function readParts(
  session: Session, call: Call, digest: string, uploadId: string,
): Promise<ListedParts | undefined> {
  try {
    const listed: Part[] = [];
    let checksum: UploadChecksum = {};
    let PartNumberMarker: string | undefined;
    let truncated = true;
    while (truncated) {
      const command: ListPartsCommand = new ListPartsCommand({
        ...place(call, digest), UploadId: uploadId, PartNumberMarker,
      });
      const page: ListPartsCommandOutput = await session.s3.send(command);
      listed.push(...(page.Parts ?? []));
      checksum = page;
      if (
        page.IsTruncated && (page.NextPartNumberMarker === undefined || page.NextPartNumberMarker === PartNumberMarker)
      ) {
        throw new Error(
          `S3 returned a truncated list of parts that does not continue after part ${PartNumberMarker ?? 0}`,
        );
      }
      truncated = page.IsTruncated === true;
      PartNumberMarker = page.NextPartNumberMarker;
    }
    const parts = listed.flatMap(toStoredPart);
    const shown = parts.length > 0 && parts.length === listed.length;
    const { ChecksumAlgorithm: algorithm } = checksum;
    const isSha256 = algorithm === undefined || algorithm === null ? shown : algorithm === 'SHA256';
    return { parts, carriesSha256: isSha256 && isComposite(checksum) };
  } catch (error) {
    if (isMissingUpload(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Lists the parts that S3 has, in order; returns undefined if there is no such upload. */
export async function listParts(
  session: Session, call: Call, digest: string, uploadId: string,
): Promise<readonly StoredPart[] | undefined> {
  return (await readParts(session, call, digest, uploadId))?.parts;
}

export function hasRightSize({ partNumber, size }: StoredPart, blobSize: number): boolean {
  const { start, end } = partRange(blobSize, partNumber);
  return partNumber <= partCountOf(blobSize) && size === end - start;
}

/** COMPOSITE checksum: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
function compositeChecksum(parts: readonly StoredPart[]): string {
  const hash = createHash('sha256');
  parts.forEach(({ checksumSha256 }) => hash.update(Buffer.from(checksumSha256, 'base64')));
  return `${hash.digest('base64')}-${parts.length}`;
}

const MAX_PARTS_NAMED = 20;

function missingParts(parts: readonly StoredPart[], blob: Blob): string | undefined {
  const present = new Set(parts.map(({ partNumber }) => partNumber));
  const expected = partCountOf(blob.size);
  const missing = Array.from({ length: expected }, (_value, index) => index + 1)
    .filter((number) => !present.has(number));
  if (missing.length === 0) {
    return undefined;
  }
  const shown = missing.slice(0, MAX_PARTS_NAMED).join(', ');
  return `is missing ${missing.length} of ${expected} parts: ${shown}${missing.length > MAX_PARTS_NAMED ? ', …' : ''}`;
}

/** Checks the parts before they are joined; returns undefined if they are complete and match the digest. */
export function checkParts(parts: readonly StoredPart[], blob: Blob): BlobFinding | undefined {
  const lacking = missingParts(parts, blob);
  if (lacking) {
    return { state: 'missing', message: lacking };
  }
  const wrong = parts.filter((part) => !hasRightSize(part, blob.size)).map(({ partNumber }) => partNumber);
  if (wrong.length > 0) {
    return {
      state: 'wrong_size', message: `has parts of the wrong size: ${wrong.slice(0, MAX_PARTS_NAMED).join(', ')}`,
    };
  }
  const checksum = compositeChecksum(parts);
  return checksum === digestToS3Checksum(blob.digest)
    ? undefined
    : {
      state: 'wrong_digest',
      message: `has parts with the combined checksum ${checksum}, not ${digestToS3Checksum(blob.digest)}`,
    };
}

/**
 * Joins checked parts. Another caller may join them first, so the result depends only on the stored blob afterwards.
 */
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
      return { state: 'missing', message: 'has parts that were replaced while they were being joined; try again' };
    }
    if (!isPreconditionFailed(error) && !isMissingUpload(error) && !isConflict(error)) {
      throw error;
    }
  }
  return inspectBlob(session, call, blob);
}
