import type { S3Client } from '@aws-sdk/client-s3';
import type { Environment } from '../runtime/environment';

/** How often a request to S3 is tried, and whatever else is asked for again by whoever reads its answer. */
export const S3_ATTEMPTS = 6;

/** A client of S3, made when it is first needed: whoever never asks S3 waits for no SDK to be loaded. */
export class S3Connection {
  private made?: Promise<S3Client>;

  constructor(
    private readonly environment: Pick<Environment, 'awsConfiguration'>,
    /** Undefined: that of the standard AWS configuration. */
    private readonly region: () => Promise<string | undefined>,
  ) {}

  async client(): Promise<S3Client> {
    this.made ??= this.make();
    return this.made;
  }

  async close(): Promise<void> {
    (await this.made)?.destroy();
  }

  private async make(): Promise<S3Client> {
    const region = await this.region();
    const { S3Client: Client } = await import('@aws-sdk/client-s3');
    return new Client({ ...this.environment.awsConfiguration(region), maxAttempts: S3_ATTEMPTS, followRegionRedirects: true });
  }
}
