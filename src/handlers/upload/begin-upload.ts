import { partCountOf } from '../../contract/digest';
import { blobKey } from '../../contract/keys';
import type { BeginUploadAnswer, BeginUploadRequest, BeginUploadResponse } from '../../contract/wire';
import { inspectBlob, requireFittingDigests, requireNoProblems, type Blob, type BlobProblem } from '../aws/blobs';
import type { Call } from '../aws/call';
import { MAX_IN_FLIGHT } from '../aws/clients';
import { beginUpload as beginMultipartUpload, findUpload, hasRightSize } from '../aws/multipart';
import type { Session } from '../aws/sessions';
import { mapConcurrently } from '../common/concurrency';
import type { RouteResponse } from '../http/router';
import { readBody } from '../http/validation';

/**
 * Maximum number of uploaded parts listed in one response, which Lambda limits to 6 MB. Parts that are not listed are
 * uploaded again, which only takes time.
 */
const MAX_PARTS_NAMED = 30_000;

async function resumeOrBegin(session: Session, call: Call, blob: Blob): Promise<BeginUploadAnswer> {
  const { digest, size } = blob;
  const found = await findUpload(session, call, digest);
  if (found === undefined) {
    return {
      digest, size, state: 'need', uploadId: await beginMultipartUpload(session, call, digest), partsPresent: [],
    };
  }
  const partsPresent = found.parts
    .filter((part) => hasRightSize(part, size))
    .map(({ partNumber, checksumSha256, size: partSize }) => ({ partNumber, checksumSha256, size: partSize }));
  return { digest, size, state: 'need', uploadId: found.uploadId, partsPresent };
}

function limitPartsNamed(answers: readonly BeginUploadAnswer[]): BeginUploadAnswer[] {
  let left = MAX_PARTS_NAMED;
  return answers.map((answer) => {
    if (!answer.partsPresent) {
      return answer;
    }
    const partsPresent = answer.partsPresent.slice(0, left);
    left -= partsPresent.length;
    return { ...answer, partsPresent };
  });
}

/** POST /models/{model}/uploads: returns which files the store has and which it needs. */
export async function beginUpload(call: Call): Promise<RouteResponse> {
  const { files } = readBody<BeginUploadRequest>(call.route, call.rawBody);
  requireFittingDigests(files, (index) => `files[${index}]`);

  const { model } = call.parameters;
  const blobs = [...new Map(files.map((file) => [file.digest, file])).values()];
  const session = await call.openSession({
    model,
    blobs: {
      actions: ['s3:GetObject', 's3:PutObject', 's3:ListMultipartUploadParts'],
      keys: blobs.map(({ digest }) => blobKey(model, digest)),
    },
    bucket: ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
    encryptionKey: ['kms:GenerateDataKey', 'kms:Decrypt'],
  });

  const findings = new Map(await mapConcurrently(blobs, MAX_IN_FLIGHT, async (blob) =>
    [blob.digest, await inspectBlob(session, call, blob)] as const));
  requireNoProblems(files.flatMap(({ digest }, index): BlobProblem[] => {
    const { state, message } = findings.get(digest)!;
    return state === 'wrong_size' || state === 'wrong_digest' ? [{ field: `files[${index}]`, state, message }] : [];
  }));

  const answers = new Map(await mapConcurrently(blobs, MAX_IN_FLIGHT, async (blob) => {
    const { digest, size } = blob;
    if (findings.get(digest)!.state === 'have') {
      return [digest, { digest, size, state: 'have' }] as const;
    }
    return [
      digest,
      partCountOf(size) === 1 ? { digest, size, state: 'need' } as const : await resumeOrBegin(session, call, blob),
    ] as const;
  }));
  const body: BeginUploadResponse = { files: limitPartsNamed(files.map(({ digest }) => answers.get(digest)!)) };
  return { status: 200, body };
}
