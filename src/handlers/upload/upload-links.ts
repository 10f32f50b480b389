import { digestToS3Checksum, partCountOf, partRange } from '../../contract/digest';
import type { ErrorDetail } from '../../contract/errors';
import { blobKey } from '../../contract/keys';
import type { UploadLinkRequest, UploadLinksRequest, UploadLinksResponse } from '../../contract/wire';
import { requireFittingDigests } from '../aws/blobs';
import type { Call } from '../aws/call';
import { linkTerms, objectLink, partLink } from '../aws/links';
import { mapConcurrently } from '../common/concurrency';
import { StoreError } from '../common/errors';
import type { RouteResponse } from '../http/router';
import { readBody } from '../http/validation';

const PART_FIELDS = ['uploadId', 'partNumber', 'checksumSha256'] as const;
const SIGNATURES_AT_ONCE = 16;

function partProblems(link: UploadLinkRequest, index: number): ErrorDetail[] {
  const at = `links[${index}]`;
  const parts = partCountOf(link.size);
  if (parts === 1) {
    return PART_FIELDS.filter((field) => link[field] !== undefined)
      .map((field) => ({
        field: `${at}.${field}`,
        message: `is only for parts, but a file of ${link.size} bytes is uploaded in one request; remove it`,
      }));
  }
  const problems: ErrorDetail[] = PART_FIELDS.filter((field) => link[field] === undefined)
    .map((field) => ({
      field: `${at}.${field}`, message: `is missing; a file of ${link.size} bytes is uploaded in ${parts} parts`,
    }));
  if (link.partNumber !== undefined && link.partNumber > parts) {
    problems.push({
      field: `${at}.partNumber`, message: `is ${link.partNumber}, but a file of ${link.size} bytes has ${parts} parts`,
    });
  }
  return problems;
}

/** POST /models/{model}/uploads/links: a page of presigned URLs, each for exactly the bytes of one file or part. */
export async function uploadLinks(call: Call): Promise<RouteResponse> {
  const { links } = readBody<UploadLinksRequest>(call.route, call.rawBody);
  requireFittingDigests(links, (index) => `links[${index}]`);
  const problems = links.flatMap(partProblems);
  if (problems.length > 0) {
    throw new StoreError('invalid_request', 'the request does not match the sizes of the files', problems);
  }

  const { model } = call.parameters;
  const { bucketName } = call.settings;
  const session = await call.openSession({
    model,
    blobs: { actions: ['s3:PutObject'], keys: links.map(({ digest }) => blobKey(model, digest)) },
    // S3 needs kms:Decrypt for the parts of an encrypted multipart upload:
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
    encryptionKey: ['kms:GenerateDataKey', 'kms:Decrypt'],
  });
  const terms = linkTerms(session, call);
  const body: UploadLinksResponse = {
    links: await mapConcurrently(links, SIGNATURES_AT_ONCE, async ({
      digest, size, uploadId, partNumber, checksumSha256,
    }) => {
      const key = blobKey(model, digest);
      if (uploadId === undefined || partNumber === undefined || checksumSha256 === undefined) {
        return objectLink(session, terms, { bucketName, key, size, checksumSha256: digestToS3Checksum(digest) });
      }
      const { start, end } = partRange(size, partNumber);
      return partLink(session, terms, { bucketName, key, size: end - start, checksumSha256, uploadId, partNumber });
    }),
  };
  return { status: 200, body };
}
