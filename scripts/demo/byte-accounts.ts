import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import { contentOf } from './model-folder';
import { LocalHttp } from '../../test/local/rig/local-http';
import type { LocalStore } from '../../test/local/rig/local-store';

const PATIENCE_MS = 10 * 60_000;
/** Method, status, length, request id, no subresource, path: a read of an object itself. */
const READ = /\] GET 2\d\d (\d+) \S+ - (\/[^/]+\/.+)$/;
const BLOB = /^\/[^/]+\/models\/[^/]+\/blobs\//;

/**
 * Counts the bytes of the artifact bucket that each person received, from two sources that are independent of the recorder:
 * the files on the disk, and the log in which the local AWS lists its answers.
 */
export class ByteAccounts {
  /** Served while nobody was at work; should stay 0. */
  unnamed = 0;
  private readonly accounts = new Map<string, { onDisk: number; files: number; other: number }>();
  private logOffset = 0;

  constructor(private readonly store: LocalStore) {}

  /** `onDisk` and `files` are bytes of models' files, `other` those of manifests, signatures and aliases. */
  of(person: string): { onDisk: number; files: number; other: number } {
    const account = this.accounts.get(person) ?? { onDisk: 0, files: 0, other: 0 };
    this.accounts.set(person, account);
    return account;
  }

  /** Does one person's work, and counts what is served meanwhile as theirs. */
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

  /** Counts what was served since the last person's work. */
  async settle(): Promise<void> {
    (await this.served()).forEach(({ bytes }) => { this.unnamed += bytes; });
  }

  /** Adds a pulled folder. Files with the same content are sent once. */
  async addFolder(person: string, folder: string): Promise<void> {
    const sizes = new Map((await contentOf(folder)).map(({ sha256, size }) => [sha256, size]));
    sizes.forEach((size) => { this.of(person).onDisk += size; });
  }

  /** Reads of the artifact bucket in the log since the last call. */
  private async served(): Promise<{ readonly key: string; readonly bytes: number }[]> {
    // Everything before the line of this request was answered before it.
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
    throw new Error(`the local AWS did not list a request in ${localAws.answeredLog}`);
  }
}
