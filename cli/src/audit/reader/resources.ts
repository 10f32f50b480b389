import type { JsonObject } from './json-values';

const COPIES: readonly unknown[] = ['CopyObject', 'UploadPartCopy'];
const BUCKET_ARN = /^arn:[^:]*:s3:::(.+)$/;

function bucketsOf({ resources }: JsonObject): readonly JsonObject[] {
  return Array.isArray(resources)
    ? (resources as (JsonObject | null)[]).filter((each): each is JsonObject => each?.type === 'AWS::S3::Bucket') : [];
}

/**
 * The bucket that a record lists among its resources, if the request names another one, such as an access point.
 * Undefined if there is none or several, and for copies, which have two.
 */
export function resourceBucketOf(record: JsonObject): string | undefined {
  const buckets = COPIES.includes(record.eventName) ? [] : bucketsOf(record);
  const arn = buckets.length === 1 ? buckets[0].ARN : undefined;
  const name = typeof arn === 'string' ? BUCKET_ARN.exec(arn)?.[1] : undefined;
  return name === (record.requestParameters as JsonObject | null | undefined)?.bucketName ? undefined : name;
}

/** The account that owns the bucket of a request, if it is not the one that received the record. */
export function bucketAccountOf(record: JsonObject): string | undefined {
  const account = bucketsOf(record)[0]?.accountId;
  return typeof account === 'string' && account !== record.recipientAccountId ? account : undefined;
}
