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
  /** What is wrong, in words; empty if nothing is. */
  readonly message: string;
}

const HAVE: BlobFinding = { state: 'have', message: '' };

function compare({ digest, size }: Blob, storedSize: number | undefined, storedChecksum: string | undefined): BlobFinding {
  if (storedSize !== size) {
    return { state: 'wrong_size', message: `is stored with ${storedSize} bytes, not ${size}` };
  }
  if (storedChecksum === undefined) {
    return { state: 'wrong_digest', message: 'is stored without a SHA-256 checksum, so it cannot be compared' };
  }
  const storedDigest = s3ChecksumToDigest(storedChecksum);
  return storedDigest === digest ? HAVE : { state: 'wrong_digest', message: `is stored with the digest ${storedDigest}, not ${digest}` };
}

/** What S3 itself says about a blob; its name alone proves nothing. */
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

/** A digest that no file of this size can have would lead to an object nobody can ever complete. */
export function requireFittingDigests(blobs: readonly Blob[], fieldOf: (index: number) => string): void {
  const sizes = new Map<string, number>();
  const problems: ErrorDetail[] = [];
  blobs.forEach(({ digest, size }, index) => {
    const first = sizes.get(digest);
    if (!digestFitsSize(digest, size)) {
      problems.push({
        field: `${fieldOf(index)}.digest`,
        message: `does not fit ${size} bytes in parts of ${partSizeOf(size)}; "-<parts>" stands behind the digest of a file of several parts`,
      });
    } else if (first !== undefined && first !== size) {
      problems.push({ field: `${fieldOf(index)}.size`, message: `is ${size}, but the same digest has ${first} bytes elsewhere in this request` });
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

/** The gravest code names the answer: a file that is missing can be sent again, a wrong one cannot. */
const GRAVEST_FIRST: readonly [BlobState, ErrorCode, string][] = [
  ['wrong_digest', 'wrong_digest', 'a stored file has another checksum than its digest says'],
  ['wrong_size', 'wrong_size', 'a stored file has another size than was said'],
  ['missing', 'blobs_missing', 'files were not, or not wholly, uploaded'],
];

export function requireNoProblems(problems: readonly BlobProblem[]): void {
  for (const [state, code, message] of GRAVEST_FIRST) {
    if (problems.some((problem) => problem.state === state)) {
      throw new StoreError(code, message, problems.map(({ field, message: text }) => ({ field, message: text })));
    }
  }
}
