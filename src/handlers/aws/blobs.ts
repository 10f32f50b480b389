import { HeadObjectCommand } from '@aws-sdk/client-s3';
import type { Call } from './call';
import type { Session } from './sessions';
import { digestFitsSize, partSizeOf, s3ChecksumToDigest } from '../../contract/digest';
import type { ErrorCode, ErrorDetail } from '../../contract/errors';
import { blobKey } from '../../contract/keys';
import { isMissing, StoreError } from '../common/errors';

export interface Blob {
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
}

export type BlobState = 'have' | 'missing' | 'wrong_size' | 'wrong_digest';

export interface BlobFinding {
  readonly state: BlobState;
  /** Describes the problem; empty if there is none. */
  readonly message: string;
}

const HAVE: BlobFinding = { state: 'have', message: '' };

function compare(
  { digest, size }: Blob, storedSize: number | undefined, storedChecksum: string | undefined,
): BlobFinding {
  if (storedSize !== size) {
    return { state: 'wrong_size', message: `is stored with ${storedSize} bytes, not ${size}` };
  }
  if (storedChecksum === undefined) {
    return { state: 'wrong_digest', message: 'is stored without a SHA-256 checksum, so it cannot be compared' };
  }
  const storedDigest = s3ChecksumToDigest(storedChecksum);
  return storedDigest === digest
    ? HAVE
    : { state: 'wrong_digest', message: `is stored with the digest ${storedDigest}, not ${digest}` };
}

/** Compares a blob with the size and checksum that S3 reports. The key alone does not prove the content. */
export async function inspectBlob(session: Session, call: Call, blob: Blob): Promise<BlobFinding> {
  try {
    const { ContentLength, ChecksumSHA256 } = await session.s3.send(new HeadObjectCommand({
      Bucket: call.settings.bucketName,
      Key: blobKey(call.parameters.model, blob.digest),
      ChecksumMode: 'ENABLED',
    }));
    return compare(blob, ContentLength, ChecksumSHA256);
  } catch (error) {
    if (isMissing(error)) {
      return { state: 'missing', message: 'was not uploaded' };
    }
    throw error;
  }
}

/** Rejects digests that no file of the given size can have, because such an upload could never be completed. */
export function requireFittingDigests(blobs: readonly Blob[], fieldOf: (index: number) => string): void {
  const sizes = new Map<string, number>();
  const problems: ErrorDetail[] = [];
  blobs.forEach(({ digest, size }, index) => {
    const first = sizes.get(digest);
    if (!digestFitsSize(digest, size)) {
      problems.push({
        field: `${fieldOf(index)}.digest`,
        message: `does not match ${size} bytes in parts of ${partSizeOf(size)}; `
          + 'the digest of a file with several parts ends with "-<parts>"',
      });
    } else if (first !== undefined && first !== size) {
      problems.push({
        field: `${fieldOf(index)}.size`,
        message: `is ${size}, but the same digest has ${first} bytes elsewhere in this request`,
      });
    }
    sizes.set(digest, size);
  });
  if (problems.length > 0) {
    throw new StoreError('invalid_manifest', 'invalid digests', problems);
  }
}

export interface BlobProblem extends BlobFinding {
  readonly field: string;
}

/** The response has the most severe code: a missing file can be uploaded again, a wrong one cannot. */
const MOST_SEVERE_FIRST: readonly [BlobState, ErrorCode, string][] = [
  ['wrong_digest', 'wrong_digest', 'the checksum of a stored file does not match its digest'],
  ['wrong_size', 'wrong_size', 'the size of a stored file differs from the declared size'],
  ['missing', 'blobs_missing', 'files are missing or incomplete'],
];

export function requireNoProblems(problems: readonly BlobProblem[]): void {
  for (const [state, code, message] of MOST_SEVERE_FIRST) {
    if (problems.some((problem) => problem.state === state)) {
      throw new StoreError(code, message, problems.map(({ field, message: text }) => ({ field, message: text })));
    }
  }
}
