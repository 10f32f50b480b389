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
  /** Only with a delimiter. Each with "/" at the end. */
  readonly folders: readonly string[];
}

export interface ListRequest {
  readonly bucket: string;
  readonly prefix: string;
  /** A key, which need not exist: what comes behind it. */
  readonly startAfter?: string;
  /** Only what lies directly below the prefix. */
  readonly delimiter?: '/';
}

/**
 * In the order of the keys, each page when it is asked for. What S3 refuses is thrown as the SDK has it: who may is
 * for the caller to say. `IsTruncated` alone says whether there is more; the SDK's paginator goes on for as long as an
 * answer holds a token. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
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
        (key === undefined ? [] : [{ key, size: size ?? 0, lastModified: modified?.getTime() ?? 0, etag: etag ?? '' }])),
      folders: (page.CommonPrefixes ?? []).flatMap(({ Prefix: folder }) => (folder === undefined ? [] : [folder])),
    };
    truncated = page.IsTruncated === true;
    if (truncated && (page.NextContinuationToken === undefined || page.NextContinuationToken === token)) {
      throw new Error(`S3 said that the list of "${bucket}" below "${prefix}" goes on, but not where`);
    }
    token = page.NextContinuationToken;
  }
}
