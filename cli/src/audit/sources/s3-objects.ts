import { evidenceFailure } from './evidence-failure';
import { type ListedObject, listObjects, type ListRequest } from '../../aws/list-objects';
import { S3_ATTEMPTS, S3Connection } from '../../aws/s3-connection';
import type { Environment } from '../../runtime/environment';
import { type Failure, TransientFailure } from '../../runtime/failure';
import { withRetries } from '../../runtime/retry';

/** Only what an audit needs of an object, because there may be millions. */
export type S3Entry = Pick<ListedObject, 'key' | 'size' | 'etag'>;

export interface S3Object {
  readonly bytes: Buffer;
  readonly metadata: { readonly [name: string]: string };
}

/** The objects and folders directly below a prefix, or, without a delimiter, all objects below it. */
export interface S3Level {
  readonly entries: readonly S3Entry[];
  /** Each one ends with "/". */
  readonly folders: readonly string[];
}

/** Read-only access to S3 objects. */
export class S3Objects {
  private readonly connection: S3Connection;

  constructor(
    private readonly environment: Pick<Environment, 'awsConfiguration' | 'signal' | 'sleep' | 'random'>,
    region?: string,
  ) {
    this.connection = new S3Connection(environment, async () => region);
  }

  /** Lists objects in key order. `startAfter` is a key that does not need to exist. */
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
      const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
      return (await client.send(command, this.interruptible)).ContentLength ?? 0;
    } catch (error) {
      if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404) {
        return undefined;
      }
      throw this.failure(error, 's3:GetObject', `the object ${key} of the bucket ${bucket}`);
    }
  }

  /** Reads a whole object: log files are small, so an interrupted read is simply retried. */
  async read(bucket: string, key: string): Promise<S3Object> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.connection.client();
    const { environment } = this;
    return withRetries({ environment, signal: environment.signal, attempts: S3_ATTEMPTS }, async () => {
      let answered = false;
      try {
        const command = new GetObjectCommand({ Bucket: bucket, Key: key });
        const { Body: body, Metadata: metadata = {} } = await client.send(command, this.interruptible);
        answered = true;
        return { bytes: Buffer.from(await body!.transformToByteArray()), metadata };
      } catch (error) {
        const failure = this.failure(error, 's3:GetObject', `the object ${key} of the bucket ${bucket}`);
        // The SDK retries requests, but not reading the response body.
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
        const entries = objects.flatMap(({ key, size, etag }) => (key.endsWith('/') ? [] : [{ key, size, etag }]));
        yield { entries, folders };
      }
    } catch (error) {
      throw this.failure(error, 's3:ListBucket', `the bucket ${bucket}${prefix === '' ? '' : `, prefix ${prefix}`}`);
    }
  }

  private failure(error: unknown, action: string, what: string): Failure {
    this.environment.signal.throwIfAborted();
    return evidenceFailure(error, { action, what });
  }
}
