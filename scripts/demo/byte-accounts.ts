import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import { contentOf } from './model-folder';
import { LocalHttp } from '../../test/local/rig/local-http';
import type { LocalStore } from '../../test/local/rig/local-store';

const PATIENCE_MS = 10 * 60_000;
/** Log line of a successful read of an object: method, status, length, request ID, no subresource, path. */
const READ = /\] GET 2\d\d (\d+) \S+ - (\/[^/]+\/.+)$/;
const BLOB = /^\/[^/]+\/models\/[^/]+\/blobs\//;

/**
 * Counts the bytes that each person received from the artifact bucket. It uses two sources that are independent of the
 * recorder: the files on disk, and the response log of the local AWS.
 */
export class ByteAccounts {
  /** Bytes served outside of all steps; expected to be 0. */
  unnamed = 0;
  private readonly accounts = new Map<string, { onDisk: number; files: number; other: number }>();
  private logOffset = 0;

  constructor(private readonly store: LocalStore) {}

  /** `onDisk` and `files` are bytes of model files; `other` are bytes of manifests, signatures and aliases. */
  of(person: string): { onDisk: number; files: number; other: number } {
    const account = this.accounts.get(person) ?? { onDisk: 0, files: 0, other: 0 };
    this.accounts.set(person, account);
    return account;
  }

  /** Runs `work` and attributes the bytes served meanwhile to the person. */
  async during<T>(person: string, work: () => Promise<T>): Promise<T> {
    await this.settle();
    try {
      return await work();
    } finally {
      for (const { key, bytes } of await this.served()) {
        this.of(person)[BLOB.test(key) ? 'files' : 'other'] += bytes;
      }
    }
  }

  /** Counts the bytes that were served since the last step. */
  async settle(): Promise<void> {
    (await this.served()).forEach(({ bytes }) => { this.unnamed += bytes; });
  }

  /** Adds a pulled folder. Files with identical content are downloaded once. */
  async addFolder(person: string, folder: string): Promise<void> {
    const sizes = new Map((await contentOf(folder)).map(({ sha256, size }) => [sha256, size]));
    sizes.forEach((size) => { this.of(person).onDisk += size; });
  }

  /** Returns the reads of the artifact bucket that were logged since the last call. */
  private async served(): Promise<{ readonly key: string; readonly bytes: number }[]> {
    // Everything logged before this request was served before it.
    const mark = `/${crypto.randomUUID()}`;
    const { localAws, bucketName } = this.store;
    const http = new LocalHttp(localAws.authorityFile);
    await http.send({ method: 'GET', url: `${localAws.endpoint}${mark}` }).finally(() => http.close());
    for (const giveUpAt = Date.now() + PATIENCE_MS; Date.now() < giveUpAt;) {
      const text = fs.readFileSync(localAws.answeredLog).subarray(this.logOffset).toString('utf8');
      const end = text.indexOf(`${mark}\n`);
      if (end !== -1) {
        const lines = text.slice(0, end + mark.length);
        this.logOffset += Buffer.byteLength(lines) + 1;
        return lines.split('\n').flatMap((line) => {
          const [, bytes, key] = READ.exec(line) ?? [];
          return key?.startsWith(`/${bucketName}/`) ? [{ key, bytes: Number(bytes) }] : [];
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`the local AWS did not log a request in ${localAws.answeredLog}`);
  }
}
