import { usageFailure } from '../runtime/failure';

export interface S3Address {
  readonly bucket: string;
  /** Ends with "/", or is empty. */
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
    throw usageFailure(`${option} is not a valid S3 address`, [
      { field: option, message: `${JSON.stringify(text)}; write s3://BUCKET or s3://BUCKET/PREFIX` },
    ]);
  }
  return { bucket, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
}

/**
 * Whether to use path-style URLs. Only the endpoints of AWS have a host name for every bucket; a custom endpoint
 * usually has a single host name.
 */
export function usesPathStyle(variables: { readonly [name: string]: string | undefined }): boolean {
  return variables.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS !== 'true'
    && Boolean(variables.AWS_ENDPOINT_URL_S3 || variables.AWS_ENDPOINT_URL);
}
