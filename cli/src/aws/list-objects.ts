import type { ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';

export interface ListedObject {
  readonly key: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  readonly etag: string;
}

export interface ListedPage {
  readonly objects: readonly ListedObject[];
  /** Only with a delimiter. Each ends with "/". */
  readonly folders: readonly string[];
}

export interface ListRequest {
  readonly bucket: string;
  readonly prefix: string;
  /** List keys after this one, which need not exist. */
  readonly startAfter?: string;
  /** List only what is directly below the prefix. */
  readonly delimiter?: '/';
}

/**
 * Lists objects in key order, one page at a time. Throws SDK errors unchanged, so that the caller can explain them.
 * Stops when `IsTruncated` is false; the SDK's paginator continues as long as a response has a token.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export async function* listObjects(
  client: S3Client, { bucket, prefix, startAfter, delimiter }: ListRequest, signal: AbortSignal,
): AsyncGenerator<ListedPage> {
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  let token: string | undefined;
  let truncated = true;
  while (truncated) {
    const page: ListObjectsV2CommandOutput = await client.send(new ListObjectsV2Command({
      Bucket: bucket, Prefix: prefix, StartAfter: startAfter, Delimiter: delimiter, ContinuationToken: token,
    }), { abortSignal: signal });
    yield {
      objects: (page.Contents ?? []).flatMap(({ Key: key, Size: size, LastModified: modified, ETag: etag }) =>
        (key === undefined
          ? [] : [{ key, size: size ?? 0, lastModified: modified?.getTime() ?? 0, etag: etag ?? '' }])),
      folders: (page.CommonPrefixes ?? []).flatMap(({ Prefix: folder }) => (folder === undefined ? [] : [folder])),
    };
    truncated = page.IsTruncated === true;
    if (truncated && (page.NextContinuationToken === undefined || page.NextContinuationToken === token)) {
      throw new Error('invalid response from S3: '
        + `the list of "${bucket}" below "${prefix}" is truncated, but has no new continuation token`);
    }
    token = page.NextContinuationToken;
  }
}
