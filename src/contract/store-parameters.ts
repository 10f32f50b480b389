import { storeParameterName } from './wire';

/**
 * Values that a store publishes for other stacks, each in a separate SSM parameter, because CloudFormation and
 * Terraform cannot extract a value from the JSON parameter that clients read. Contains no secrets.
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

/** Path of the SSM parameters of a store. It contains all of them and none of another store. */
export function storeParameterFolder(storeName: string): string {
  return `${storeParameterName(storeName)}/`;
}

/** Name of the SSM parameter that contains the value. */
export function publishedParameterName(storeName: string, value: PublishedValue): string {
  return `${storeParameterFolder(storeName)}${PUBLISHED_VALUES[value]}`;
}
