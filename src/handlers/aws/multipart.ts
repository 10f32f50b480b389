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

/** How an upload checks its parts. Absent if it was begun without a checksum; some servers then give an empty text. */
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

/** The uploads of exactly this blob that were begun and neither finished nor aborted, newest first. */
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
 * The newest upload of exactly this blob that can take its parts. One that was begun with another checksum, or with
 * none, refuses them; not every list of uploads says so, but the list of the parts does.
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

interface ListedParts {
  readonly parts: readonly StoredPart[];
  /** What S3 says of the upload; where it says nothing, what the parts show. */
  readonly carriesSha256: boolean;
}

/**
 * `IsTruncated` alone ends the listing: S3 returns `NextPartNumberMarker` on the last page too, so that the SDK's paginator, which
 * goes on while there is a marker, never ends. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
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
      const command: ListPartsCommand = new ListPartsCommand({ ...place(call, digest), UploadId: uploadId, PartNumberMarker });
      const page: ListPartsCommandOutput = await session.s3.send(command);
      listed.push(...(page.Parts ?? []));
      checksum = page;
      if (page.IsTruncated && (page.NextPartNumberMarker === undefined || page.NextPartNumberMarker === PartNumberMarker)) {
        throw new Error(`S3 returned a truncated list of parts that does not continue after part ${PartNumberMarker ?? 0}`);
      }
      truncated = page.IsTruncated === true;
      PartNumberMarker = page.NextPartNumberMarker;
    }
    const parts = listed.flatMap(toStoredPart);
    const shown = parts.length > 0 && parts.length === listed.length;
    const { ChecksumAlgorithm: said } = checksum;
    const takesSha256 = said === undefined || said === null ? shown : said === 'SHA256';
    return { parts, carriesSha256: takesSha256 && isComposite(checksum) };
  } catch (error) {
    if (isMissingUpload(error)) {
      return undefined;
    }
    throw error;
  }
}

/** All the parts that S3 has, in order; undefined if there is no such upload. */
export async function listParts(
  session: Session, call: Call, digest: string, uploadId: string,
): Promise<readonly StoredPart[] | undefined> {
  return (await readParts(session, call, digest, uploadId))?.parts;
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
