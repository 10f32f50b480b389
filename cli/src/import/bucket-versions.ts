import { type FileHandle, mkdtemp, open, realpath, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Layout } from './layout';
import { Fingerprint, placeFile, type S3PlaceFile, surveyKeys } from './s3-listing';
import type {
  Place, SourceRules, VersionSource, StagedPlace, StageOptions, Survey, SurveyOptions,
} from './version-source';
import { awsFailure } from '../aws/aws-failure';
import { type ListedObject, listObjects } from '../aws/list-objects';
import type { S3Address } from '../aws/s3-address';
import { S3_ATTEMPTS, S3Connection } from '../aws/s3-connection';
import { HOW_TO_NAME_A_REGION } from '../aws/session';
import { IgnoreRules } from '../folder/ignore-rules';
import { toLocalPath } from '../folder/local-path';
import { forEachInParallel } from '../runtime/concurrency';
import { describeFault } from '../runtime/describe-fault';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure, TransientFailure, usageFailure } from '../runtime/failure';
import { formatBytes } from '../runtime/format';
import { expandHome } from '../runtime/home';
import { makeFolders } from '../runtime/make-folders';
import { withRetries } from '../runtime/retry';

const WHO_MAY = 'An import needs s3:ListBucket on the bucket and s3:GetObject on its objects, and kms:Decrypt if they '
  + 'are encrypted with a KMS key.';

export interface BucketVersionsOptions extends SourceRules {
  readonly region?: string;
  /**
   * Folder for the version that is being imported, one at a time.
   * @default the temporary folder of the system
   */
  readonly stagingFolder?: string;
}

/** Imports from a bucket. Downloads one version at a time, and deletes it after its import. */
export class BucketVersions implements VersionSource {
  readonly name: string;
  private readonly connection: S3Connection;

  constructor(
    private readonly environment: Pick<
      Environment, 'awsConfiguration' | 'defaultRegion' | 'signal' | 'sleep' | 'random' | 'platform' | 'variables'
    >,
    private readonly where: S3Address,
    private readonly options: BucketVersionsOptions,
  ) {
    this.name = `s3://${where.bucket}/${where.prefix}`;
    this.connection = new S3Connection(environment, async () => this.region());
  }

  async survey(layout: Layout, { models, onFiles }: SurveyOptions): Promise<Survey> {
    const { bucket, prefix } = this.where;
    const below = models?.map((model) => layout.prefixOf(model));
    const prefixes = below === undefined || below.includes(undefined)
      ? [prefix] : below.map((each) => `${prefix}${each}`);
    const { environment: { platform }, options } = this;
    return surveyKeys(bucket, prefix, this.entriesOf(prefixes, onFiles), layout, { ...options, platform });
  }

  private async *entriesOf(
    prefixes: readonly string[], onFiles: SurveyOptions['onFiles'],
  ): AsyncGenerator<ListedObject> {
    let count = 0;
    for (const prefix of prefixes) {
      for await (const entry of this.entries(prefix)) {
        onFiles(++count);
        yield entry;
      }
    }
  }

  /** Lists the files again. Fails if they changed since the import began. */
  async list(place: Place): Promise<readonly S3PlaceFile[]> {
    const prefix = this.prefixOf(place);
    const files: S3PlaceFile[] = [];
    const fingerprint = new Fingerprint();
    const rules = IgnoreRules.excluding(this.options.exclude ?? []);
    for await (const entry of this.entries(prefix)) {
      const file = placeFile(entry, prefix, rules);
      if (file !== undefined && !('reason' in file)) {
        files.push(file);
        fingerprint.add(file);
      }
    }
    if (fingerprint.finish() !== place.fingerprint) {
      throw sourceChanged(place.address);
    }
    return files;
  }

  async stage(place: Place, { signal, concurrency, begin }: StageOptions): Promise<StagedPlace> {
    const files = await this.list(place);
    const folder = await this.makeFolder(place);
    const release = async () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
    try {
      const task = begin('fetching', place.bytes);
      await forEachInParallel(files, concurrency, signal, async (file, inner) => {
        await this.fetch(file, toLocalPath(folder, file.path), inner, (bytes) => task.add(bytes));
      });
      task.end();
    } catch (error) {
      await release();
      throw error;
    }
    return { folder, release };
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  private prefixOf(place: Place): string {
    return place.address.slice(`s3://${this.where.bucket}/`.length);
  }

  private async makeFolder(place: Place): Promise<string> {
    const parent = this.options.stagingFolder === undefined
      ? tmpdir() : expandHome(this.options.stagingFolder, this.environment);
    try {
      const { bavail, bsize } = await statfs(parent);
      if (bavail * bsize < place.bytes) {
        const space = `needs ${formatBytes(place.bytes)}, but ${parent} has ${formatBytes(bavail * bsize)} free`;
        throw new Failure(`${place.address} ${space}`, {
          code: 'no_room',
          exitCode: EXIT.FAILURE,
          hint: 'Use --staging DIR with a folder on a larger disk. It holds one version at a time.',
        });
      }
      // mkdtemp creates a folder that only its owner can read.
      return await realpath(await mkdtemp(join(parent, 'model-store-import-')));
    } catch (error) {
      if (error instanceof Failure) {
        throw error;
      }
      throw new Failure(`cannot create a folder in ${parent}: ${describeFault(error)}`, {
        code: 'unwritable_folder', exitCode: EXIT.USAGE, cause: error, hint: 'Use another folder with --staging DIR.',
      });
    }
  }

  private async *entries(prefix: string): AsyncGenerator<ListedObject> {
    const { bucket } = this.where;
    const client = await this.connection.client();
    try {
      for await (const { objects } of listObjects(client, { bucket, prefix }, this.environment.signal)) {
        yield* objects;
      }
    } catch (error) {
      throw this.failure(error, 's3:ListBucket', `s3://${bucket}/${prefix}`);
    }
  }

  /** Downloads exactly the object that was listed. Resumes after a broken connection. */
  private async fetch(
    file: S3PlaceFile, localPath: string, signal: AbortSignal, onBytes: (bytes: number) => void,
  ): Promise<void> {
    await makeFolders(dirname(localPath));
    const handle = await open(localPath, 'wx', 0o600);
    try {
      let offset = 0;
      do {
        await withRetries({ environment: this.environment, signal, attempts: S3_ATTEMPTS }, async () => {
          const before = offset;
          try {
            for await (const chunk of await this.body(file, offset, signal)) {
              const bytes = chunk as Buffer;
              await writeAll(handle, bytes, offset);
              offset += bytes.length;
              onBytes(bytes.length);
            }
          } catch (error) {
            signal.throwIfAborted();
            // The attempt count resets with every byte: a long download continues while it progresses.
            if (!(error instanceof TransientFailure) || offset === before) {
              throw error;
            }
          }
        });
      } while (offset < file.size);
      if (offset !== file.size) {
        throw sourceChanged(file.key);
      }
    } finally {
      await handle.close();
    }
  }

  private async *body(file: S3PlaceFile, offset: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.connection.client();
    const address = `s3://${this.where.bucket}/${file.key}`;
    const request = new GetObjectCommand({
      Bucket: this.where.bucket,
      Key: file.key,
      // Fails if the object was replaced since it was listed.
      IfMatch: file.etag,
      ...(offset > 0 && { Range: `bytes=${offset}-` }),
    });
    const { Body: body } = await client.send(request, { abortSignal: signal }).catch((error: unknown) => {
      const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
      if ($metadata?.httpStatusCode === 412 || $metadata?.httpStatusCode === 404) {
        throw sourceChanged(address);
      }
      if (name === 'InvalidObjectState') {
        throw new Failure(`${address} is archived`, {
          code: 'archived',
          exitCode: EXIT.FAILURE,
          cause: error,
          hint: 'Restore it with "aws s3api restore-object", then run the same import again.',
        });
      }
      throw this.failure(error, 's3:GetObject', address);
    });
    try {
      let came = 0;
      for await (const chunk of body as Readable) {
        came += (chunk as Buffer).length;
        yield chunk as Buffer;
      }
      if (offset + came < file.size) {
        throw new Error('the response ended early');
      }
    } catch (error) {
      signal.throwIfAborted();
      throw new TransientFailure(`the download of ${address} failed: ${(error as Error).message}`, {
        code: 'network', cause: error,
      });
    }
  }

  private failure(error: unknown, action: string, what: string): Failure {
    this.environment.signal.throwIfAborted();
    return awsFailure(error, { action, what, whoMay: WHO_MAY });
  }

  private async region(): Promise<string> {
    const region = this.options.region ?? await this.environment.defaultRegion();
    if (region === undefined) {
      throw usageFailure('no AWS Region given for the bucket', [],
        `${HOW_TO_NAME_A_REGION} If the bucket is in another Region, S3 redirects there.`);
    }
    return region;
  }
}

function sourceChanged(address: string): Failure {
  return new Failure(`${address} changed during the import; nothing of it was published`, {
    code: 'source_changed',
    exitCode: EXIT.FAILURE,
    hint: 'Wait until nothing writes there, then run the same import again.',
  });
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += (await handle.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
  }
}
