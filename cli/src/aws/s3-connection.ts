import type { S3Client } from '@aws-sdk/client-s3';
import type { Environment } from '../runtime/environment';

/** Attempts per S3 request, and per read of a response body. */
export const S3_ATTEMPTS = 6;

/** An S3 client that is created on first use, so that the SDK is loaded only if it is needed. */
export class S3Connection {
  private made?: Promise<S3Client>;

  constructor(
    private readonly environment: Pick<Environment, 'awsConfiguration'>,
    /** Undefined for the Region in the standard AWS configuration. */
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
    const configuration = this.environment.awsConfiguration(region);
    return new Client({ ...configuration, maxAttempts: S3_ATTEMPTS, followRegionRedirects: true });
  }
}
