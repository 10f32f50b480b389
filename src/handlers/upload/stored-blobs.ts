import { partCountOf } from '../../contract/digest';
import type { FileEntry } from '../../contract/manifest';
import { inspectBlob, requireNoProblems, type Blob, type BlobFinding, type BlobProblem } from '../aws/blobs';
import type { Call } from '../aws/call';
import { MAX_IN_FLIGHT } from '../aws/clients';
import { checkParts, findUpload, joinParts } from '../aws/multipart';
import type { Session } from '../aws/sessions';
import { mapConcurrently } from '../common/concurrency';

/** All parts may have been uploaded without the upload being completed. */
async function joinIfComplete(session: Session, call: Call, blob: Blob): Promise<BlobFinding> {
  const found = await findUpload(session, call, blob.digest);
  if (found === undefined) {
    return { state: 'missing', message: 'was not uploaded' };
  }
  return checkParts(found.parts, blob) ?? joinParts(session, call, blob, found.uploadId, found.parts);
}

/** Checks in S3 that every file of the version is stored. Files with the same digest are checked once. */
export async function requireStoredBlobs(session: Session, call: Call, files: readonly FileEntry[]): Promise<void> {
  const blobs = [...new Map(files.map((file) => [file.digest, file])).values()];
  const findings = new Map(await mapConcurrently(blobs, MAX_IN_FLIGHT, async (blob) => {
    const finding = await inspectBlob(session, call, blob);
    const unfinished = finding.state === 'missing' && partCountOf(blob.size) > 1;
    return [blob.digest, unfinished ? await joinIfComplete(session, call, blob) : finding] as const;
  }));
  requireNoProblems(files.flatMap(({ path, digest }): BlobProblem[] => {
    const finding = findings.get(digest)!;
    return finding.state === 'have' ? [] : [{ field: path, ...finding }];
  }));
}
