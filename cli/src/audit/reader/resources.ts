import type { JsonObject } from './json-values';

const COPIES: readonly unknown[] = ['CopyObject', 'UploadPartCopy'];
const BUCKET_ARN = /^arn:[^:]*:s3:::(.+)$/;

/**
 * The bucket that a record lists among its resources, if the request names another one, such as an access point.
 * Undefined if there is none or several, and for copies, which have two.
 */
export function resourceBucketOf({ eventName, requestParameters, resources }: JsonObject): string | undefined {
  if (!Array.isArray(resources) || COPIES.includes(eventName)) {
    return undefined;
  }
  const buckets = (resources as (JsonObject | null)[]).filter((resource) => resource?.type === 'AWS::S3::Bucket');
  const arn = buckets.length === 1 ? buckets[0]!.ARN : undefined;
  const name = typeof arn === 'string' ? BUCKET_ARN.exec(arn)?.[1] : undefined;
  return name === (requestParameters as JsonObject | null | undefined)?.bucketName ? undefined : name;
}
