import { createHash } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Session } from './sessions';
import { isConflict, isMissing, isPreconditionFailed } from '../common/errors';

/** Metadata of an object: ASCII, and at most 2 KB. */
export type WriteMetadata = { readonly [name: string]: string };

export interface StoredObject {
  readonly bytes: Uint8Array;
  readonly metadata: WriteMetadata;
  /** Without the quotation marks of the HTTP header. */
  readonly etag: string;
}

function unquote(etag: string | undefined): string {
  if (!etag) {
    throw new Error('the response of S3 has no ETag');
  }
  return etag.replace(/^"|"$/g, '');
}

/** Returns undefined if there is no such object. */
export async function readObject(
  session: Session, bucketName: string, key: string, versionId?: string,
): Promise<StoredObject | undefined> {
  try {
    const { Body, ETag, Metadata = {} } = await session.s3.send(
      new GetObjectCommand({ Bucket: bucketName, Key: key, VersionId: versionId }),
    );
    if (!Body) {
      throw new Error('the GetObject response of S3 has no body');
    }
    return { bytes: await Body.transformToByteArray(), metadata: Metadata, etag: unquote(ETag) };
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

export async function objectExists(session: Session, bucketName: string, key: string): Promise<boolean> {
  try {
    await session.s3.send(new HeadObjectCommand({ Bucket: bucketName, Key: key }));
    return true;
  } catch (error) {
    if (isMissing(error)) {
      return false;
    }
    throw error;
  }
}

/** Precondition of a write: the object is absent or has this ETag. */
export type Expectation = { readonly absent: true } | { readonly etag: string };

const ATTEMPTS = 3;

/** In the metadata of an object, which write it is from. The content may be the same as that of another write. */
const WRITE_ID = 'write-id';

export function writeIdMetadata(writeId: string): WriteMetadata {
  return { [WRITE_ID]: writeId };
}

/**
 * Writes the object if the precondition holds. Returns the new ETag, or undefined if it does not hold.
 *
 * The SDK retries requests without a response, so the precondition also fails after a first attempt that succeeded.
 * With a write ID in the metadata, `etagOfWrite` finds out.
 */
export async function writeObject(
  session: Session, bucketName: string, key: string, bytes: Uint8Array, expected: Expectation,
  metadata?: WriteMetadata,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { ETag } = await session.s3.send(new PutObjectCommand({
        Bucket: bucketName,
        Key: key,
        Body: bytes,
        ContentType: 'application/json',
        ChecksumSHA256: createHash('sha256').update(bytes).digest('base64'),
        Metadata: metadata,
        ...('etag' in expected ? { IfMatch: `"${expected.etag}"` } : { IfNoneMatch: '*' }),
      }));
      return unquote(ETag);
    } catch (error) {
      // With If-Match, 404 means that the object does not exist any more.
      if (isPreconditionFailed(error) || isMissing(error)) {
        return undefined;
      }
      // Another conditional write to the same key was in progress; the next attempt shows whether it succeeded.
      if (!isConflict(error) || attempt === ATTEMPTS) {
        throw error;
      }
    }
  }
}

/** Returns the ETag of the object if it is from this write, and undefined if it is absent or from another one. */
export async function etagOfWrite(
  session: Session, bucketName: string, key: string, writeId: string,
): Promise<string | undefined> {
  try {
    const { ETag, Metadata } = await session.s3.send(new HeadObjectCommand({ Bucket: bucketName, Key: key }));
    return Metadata?.[WRITE_ID] === writeId ? unquote(ETag) : undefined;
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}
