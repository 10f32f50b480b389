import { evidenceFailure } from './evidence-failure';
import { type ListedObject, listObjects, type ListRequest } from '../../aws/list-objects';
import { S3_ATTEMPTS, S3Connection } from '../../aws/s3-connection';
import type { Environment } from '../../runtime/environment';
import { type Failure, TransientFailure } from '../../runtime/failure';
import { withRetries } from '../../runtime/retry';

/** As little of an object as an audit takes: there may be millions. */
export type S3Entry = Pick<ListedObject, 'key' | 'size'>;

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

/** Reads objects of S3 buckets, and nothing else. */
export class S3Objects {
  private readonly connection: S3Connection;

  constructor(private readonly environment: Pick<Environment, 'awsConfiguration' | 'signal' | 'sleep' | 'random'>, region?: string) {
    this.connection = new S3Connection(environment, async () => region);
  }

  /** In the order of their keys. `startAfter` is a key, which need not exist. */
  async *list(bucket: string, prefix: string, startAfter?: string): AsyncGenerator<S3Entry> {
    for await (const { entries } of this.pages({ bucket, prefix, startAfter })) {
      yield* entries;
    }
  }

  async level(bucket: string, prefix: string): Promise<S3Level> {
    const entries: S3Entry[] = [];
    const folders: string[] = [];
    for await (const page of this.pages({ bucket, prefix, delimiter: '/' })) {
      entries.push(...page.entries);
      folders.push(...page.folders);
    }
    return { entries, folders };
  }

  async size(bucket: string, key: string): Promise<number | undefined> {
    const { HeadObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.connection.client();
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
    const client = await this.connection.client();
    return withRetries({ environment: this.environment, signal: this.environment.signal, attempts: S3_ATTEMPTS }, async () => {
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
    await this.connection.close();
  }

  private get interruptible() {
    return { abortSignal: this.environment.signal };
  }

  private async *pages(request: ListRequest): AsyncGenerator<S3Level> {
    const { bucket, prefix } = request;
    const client = await this.connection.client();
    try {
      for await (const { objects, folders } of listObjects(client, request, this.environment.signal)) {
        yield { entries: objects.flatMap(({ key, size }) => (key.endsWith('/') ? [] : [{ key, size }])), folders };
      }
    } catch (error) {
      throw this.failure(error, 's3:ListBucket', `the bucket ${bucket}, below ${prefix === '' ? 'its top' : prefix}`);
    }
  }

  private failure(error: unknown, action: string, what: string): Failure {
    this.environment.signal.throwIfAborted();
    return evidenceFailure(error, { action, what });
  }
}
