import { usageFailure } from '../failure';

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
