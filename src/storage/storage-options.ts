import type { Duration } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';

/**
 * S3 metrics, analytics and inventory for the artifact bucket.
 */
export interface StorageOptions {
  /**
   * Whether S3 publishes request metrics every minute: number, type, size, latency and errors of requests. Each metric
   * with data costs $0.30 a month, and a store in use has about twelve.
   *
   * @default true
   */
  readonly requestMetrics?: boolean;

  /**
   * Whether S3 analyzes the age of objects when they are read, which shows after how many days another storage class
   * would be cheaper. It costs $0.10 a month per million objects.
   *
   * @default true
   */
  readonly storageClassAnalysis?: boolean;

  /**
   * How often S3 creates an inventory report, which lists every object version in the bucket with its size, encryption,
   * lock and checksum algorithm. A report costs $0.0025 per million objects.
   *
   * @default - no inventory
   */
  readonly inventoryFrequency?: s3.InventoryFrequency;

  /**
   * How long inventory reports are kept, in whole days. Requires `inventoryFrequency`. Only for an inventory bucket
   * that is created here.
   *
   * @default Duration.days(90)
   */
  readonly inventoryRetention?: Duration;

  /**
   * The bucket that receives the inventory reports, under `inventory/`. Requires `inventoryFrequency`. It must be in
   * the same Region. The policy of a bucket of this app is extended to allow the delivery. The owner of an imported
   * bucket has to allow it.
   *
   * @default - a dedicated bucket, encrypted with the key of the artifact bucket
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-inventory.html
   */
  readonly inventoryBucket?: s3.IBucket;
}
