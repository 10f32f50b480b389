import { partCountOf } from '../../contract/digest';
import { blobKey } from '../../contract/keys';
import type { CompleteUploadRequest, CompleteUploadResponse } from '../../contract/wire';
import { inspectBlob, requireFittingDigests, requireNoProblems } from '../aws/blobs';
import type { Call } from '../aws/call';
import { checkParts, joinParts, listParts } from '../aws/multipart';
import { StoreError } from '../common/errors';
import type { RouteResponse } from '../http/router';
import { readBody } from '../http/validation';

function expired(): StoreError {
  return new StoreError('expired_upload', 'unknown upload ID: the upload was completed, aborted or expired', [
    { field: 'uploadId', message: 'begin the upload again to get a new upload ID' },
  ]);
}

/** POST /models/{model}/uploads/complete: checks that the parts match the digest, and joins them. */
export async function completeUpload(call: Call): Promise<RouteResponse> {
  const { digest, size, uploadId } = readBody<CompleteUploadRequest>(call.route, call.rawBody);
  requireFittingDigests([{ digest, size }], () => 'body');
  if (partCountOf(size) === 1) {
    throw new StoreError('invalid_request', 'a single-part file does not need to be completed', [
      { field: 'size', message: `${size} bytes are uploaded in one request, with one presigned URL` },
    ]);
  }
  const { model } = call.parameters;
  const session = await call.openSession({
    model,
    blobs: { actions: ['s3:GetObject', 's3:PutObject', 's3:ListMultipartUploadParts'], keys: [blobKey(model, digest)] },
    bucket: ['s3:ListBucket'],
    encryptionKey: ['kms:GenerateDataKey', 'kms:Decrypt'],
  });
  const blob = { digest, size };
  const parts = await listParts(session, call, digest, uploadId);
  const wrong = parts && checkParts(parts, blob);
  if (wrong) {
    requireNoProblems([{ field: 'digest', ...wrong }]);
  }
  const finding = parts
    ? await joinParts(session, call, blob, uploadId, parts)
    : await inspectBlob(session, call, blob);
  if (finding.state === 'missing') {
    throw expired();
  }
  requireNoProblems([{ field: 'digest', ...finding }]);
  const body: CompleteUploadResponse = { digest, state: 'have' };
  return { status: 200, body };
}
