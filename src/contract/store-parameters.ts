import { storeParameterName } from './wire';

/**
 * What a store publishes for other stacks, one value in one SSM parameter: CloudFormation and Terraform read a
 * parameter as a whole, and cannot take a value out of the JSON that clients read. Nothing of it is secret.
 */
export const PUBLISHED_VALUES = {
  bucketName: 'bucket-name',
  encryptionKeyArn: 'encryption-key-arn',
  url: 'url',
  restApiId: 'rest-api-id',
  uploadFunctionArn: 'upload-function-arn',
  downloadFunctionArn: 'download-function-arn',
  registryFunctionArn: 'registry-function-arn',
  trailBucketName: 'trail-bucket-name',
  accessLogBucketName: 'access-log-bucket-name',
  trailKeyArn: 'trail-key-arn',
} as const;

export type PublishedValue = keyof typeof PUBLISHED_VALUES;

/** Everything that is published about a store lies below this, and nothing of another store does. */
export function storeParameterFolder(storeName: string): string {
  return `${storeParameterName(storeName)}/`;
}

/** The SSM parameter that has one value of a store. */
export function publishedParameterName(storeName: string, value: PublishedValue): string {
  return `${storeParameterFolder(storeName)}${PUBLISHED_VALUES[value]}`;
}
