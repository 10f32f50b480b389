import type { S3Client } from '@aws-sdk/client-s3';
import { evidenceFailure } from './evidence-failure';
import type { Environment } from '../../environment';
import { type Failure, TransientFailure } from '../../failure';
import { withRetries } from '../../retry';

export interface S3Entry {
  readonly key: string;
  readonly size: number;
}

export interface S3Object {
  readonly bytes: Buffer;
  readonly metadata: { readonly [name: string]: string };
}

/** Without a delimiter, everything below the prefix; with one, what lies directly below it. */
export interface S3Level {
  readonly entries: readonly S3Entry[];
  /** Each with "/" at the end. */
  readonly folders: readonly string[];
}

const ATTEMPTS = 6;

/** Reads objects of S3 buckets, and nothing else. */
export class S3Objects {
  private client?: Promise<S3Client>;

  constructor(private readonly environment: Pick<Environment, 'awsConfiguration' | 'signal' | 'sleep' | 'random'>, private readonly region?: string) {}

  /** In the order of their keys. `startAfter` is a key, which need not exist. */
  async *list(bucket: string, prefix: string, startAfter?: string): AsyncGenerator<S3Entry> {
    for await (const { entries } of this.pages(bucket, prefix, { StartAfter: startAfter })) {
      yield* entries;
    }
  }

  async level(bucket: string, prefix: string): Promise<S3Level> {
    const entries: S3Entry[] = [];
    const folders: string[] = [];
    for await (const page of this.pages(bucket, prefix, { Delimiter: '/' })) {
      entries.push(...page.entries);
      folders.push(...page.folders);
    }
    return { entries, folders };
  }

  async size(bucket: string, key: string): Promise<number | undefined> {
    const { HeadObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.s3();
    try {
      return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), this.interruptible)).ContentLength ?? 0;
    } catch (error) {
      if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404) {
        return undefined;
      }
      throw this.failure(error, 's3:GetObject', `the object ${key} of the bucket ${bucket}`);
    }
  }

  /** All of an object: log files are small, and one that broke off in the middle can be asked for again. */
  async read(bucket: string, key: string): Promise<S3Object> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.s3();
    return withRetries({ environment: this.environment, signal: this.environment.signal, attempts: ATTEMPTS }, async () => {
      let answered = false;
      try {
        const { Body: body, Metadata: metadata = {} } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), this.interruptible);
        answered = true;
        return { bytes: Buffer.from(await body!.transformToByteArray()), metadata };
      } catch (error) {
        const failure = this.failure(error, 's3:GetObject', `the object ${key} of the bucket ${bucket}`);
        // The SDK tries a request again by itself, but not the reading of its answer.
        throw answered ? new TransientFailure(failure.message, { code: failure.code, cause: error }) : failure;
      }
    });
  }

  async close(): Promise<void> {
    (await this.client)?.destroy();
  }

  private get interruptible() {
    return { abortSignal: this.environment.signal };
  }

  private async *pages(
    bucket: string, prefix: string, { StartAfter, Delimiter }: { readonly StartAfter?: string; readonly Delimiter?: string },
  ): AsyncGenerator<S3Level> {
    const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
    const client = await this.s3();
    let token: string | undefined;
    do {
      const request = new ListObjectsV2Command({
        Bucket: bucket, Prefix: prefix, Delimiter, ...(token === undefined ? { StartAfter } : { ContinuationToken: token }),
      });
      const page = await client.send(request, this.interruptible).catch((error: unknown) => {
        throw this.failure(error, 's3:ListBucket', `the bucket ${bucket}, below ${prefix === '' ? 'its top' : prefix}`);
      });
      yield {
        entries: (page.Contents ?? []).flatMap(({ Key: key, Size: size }) => (key === undefined || key.endsWith('/') ? [] : [{ key, size: size ?? 0 }])),
        folders: (page.CommonPrefixes ?? []).flatMap(({ Prefix: folder }) => (folder === undefined ? [] : [folder])),
      };
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  private failure(error: unknown, action: string, what: string): Failure {
    this.environment.signal.throwIfAborted();
    return evidenceFailure(error, { action, what });
  }

  private async s3(): Promise<S3Client> {
    this.client ??= import('@aws-sdk/client-s3').then(({ S3Client: Client }) =>
      new Client({ ...this.environment.awsConfiguration(this.region), maxAttempts: ATTEMPTS, followRegionRedirects: true }));
    return this.client;
  }
}
