import type { S3Client } from '@aws-sdk/client-s3';

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

/** In the order of the keys, each page when it is asked for. What S3 refuses is thrown as the SDK has it: who may is for the caller to say. */
export async function* listObjects(
  client: S3Client, { bucket, prefix, startAfter, delimiter }: ListRequest, signal: AbortSignal,
): AsyncGenerator<ListedPage> {
  const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  const request = { Bucket: bucket, Prefix: prefix, StartAfter: startAfter, Delimiter: delimiter };
  for await (const page of paginateListObjectsV2({ client }, request, { abortSignal: signal })) {
    yield {
      objects: (page.Contents ?? []).flatMap(({ Key: key, Size: size, LastModified: modified, ETag: etag }) =>
        (key === undefined ? [] : [{ key, size: size ?? 0, lastModified: modified?.getTime() ?? 0, etag: etag ?? '' }])),
      folders: (page.CommonPrefixes ?? []).flatMap(({ Prefix: folder }) => (folder === undefined ? [] : [folder])),
    };
  }
}
