import { usageFailure } from '../runtime/failure';

export interface S3Address {
  readonly bucket: string;
  /** With "/" at the end, or empty. */
  readonly prefix: string;
}

export function isS3Address(text: string): boolean {
  return text.startsWith('s3://');
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

export function s3AddressOf(text: string, option: string): S3Address {
  const [, bucket, prefix] = /^s3:\/\/([^/]*)\/?(.*)$/.exec(text) ?? [];
  if (bucket === undefined || !BUCKET.test(bucket)) {
    throw usageFailure(`${option} names no bucket`, [{ field: option, message: `${JSON.stringify(text)}; write s3://BUCKET or s3://BUCKET/PREFIX` }]);
  }
  return { bucket, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
}

/**
 * Whether buckets are named in the path of a URL. Only AWS's own endpoints have a host name for every bucket; whoever sets another
 * endpoint, as for any AWS tool, has a server of one name.
 */
export function usesPathStyle(variables: { readonly [name: string]: string | undefined }): boolean {
  return variables.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS !== 'true' && Boolean(variables.AWS_ENDPOINT_URL_S3 || variables.AWS_ENDPOINT_URL);
}
