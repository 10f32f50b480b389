import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import { contentsOf } from './model-folder';
import { LocalHttp } from '../../test/local/rig/local-http';
import type { LocalStore } from '../../test/local/rig/local-store';

/** What one person received of the artifact bucket, in bytes. */
export interface Received {
  /** Of models' files: their sizes on this machine's disk, after they arrived. */
  readonly files: number;
  /** Of models' files, as the server says. */
  readonly filesServed: number;
  /** Of manifests, signatures and aliases, which the functions read in this person's name, as the server says. */
  readonly besides: number;
}

const NOTHING: Received = { files: 0, filesServed: 0, besides: 0 };
const PATIENCE_MS = 30_000;
const BLOB = /^\/[^/]+\/models\/[^/]+\/blobs\//;
/** Method, status, length, request id, subresource and path: a read of an object itself. */
const READ = /\] GET 2\d\d (\d+) \S+ - (\/[^/]+\/.+)$/;

/**
 * Keeps an account of who received which bytes, from two sources in which the recorder has no part: the files on the disk, and
 * what the local AWS's server wrote down of its answers.
 */
export class Ledger {
  private readonly people = new Map<string, Received>();
  private readAlready = 0;
  private unnamed = 0;

  constructor(private readonly store: LocalStore) {}

  /** Does the work of one person, and puts down to them what was served meanwhile. */
  async as<T>(person: string, work: () => Promise<T>): Promise<T> {
    this.unnamed += sum(await this.servedSince());
    try {
      return await work();
    } finally {
      const served = await this.servedSince();
      const ofFiles = served.filter(({ key }) => BLOB.test(key));
      this.add(person, { files: 0, filesServed: sum(ofFiles), besides: sum(served) - sum(ofFiles) });
    }
  }

  /** The person received so many bytes of a model's files. */
  received(person: string, bytes: number): void {
    this.add(person, { ...NOTHING, files: bytes });
  }

  /** The person received this folder. What has the same content is sent once. */
  async receivedFolder(person: string, folder: string, besides: string): Promise<void> {
    const contents = await contentsOf(folder, besides);
    this.received(person, [...contents.values()].reduce((total, size) => total + size, 0));
  }

  of(person: string): Received {
    return this.people.get(person) ?? NOTHING;
  }

  /** What was served while nobody was at work; none should have been. */
  async servedToNobody(): Promise<number> {
    this.unnamed += sum(await this.servedSince());
    return this.unnamed;
  }

  private add(person: string, more: Received): void {
    const before = this.of(person);
    this.people.set(person, {
      files: before.files + more.files, filesServed: before.filesServed + more.filesServed, besides: before.besides + more.besides,
    });
  }

  /** Reads of the artifact bucket that the server wrote down since the last look. */
  private async servedSince(): Promise<{ readonly key: string; readonly bytes: number }[]> {
    // What the server writes down after this it answered after it, so that nothing is put down to whoever comes next.
    const mark = `/${crypto.randomUUID()}`;
    const { localAws, bucketName } = this.store;
    const http = new LocalHttp(localAws.authorityFile);
    try {
      await http.send({ method: 'GET', url: `${localAws.endpoint}${mark}` });
    } finally {
      http.close();
    }
    const giveUpAt = Date.now() + PATIENCE_MS;
    for (;;) {
      const text = fs.readFileSync(localAws.answeredLog).subarray(this.readAlready).toString('utf8');
      const end = text.indexOf(`${mark}\n`);
      if (end !== -1) {
        const lines = text.slice(0, end + mark.length);
        this.readAlready += Buffer.byteLength(lines) + 1;
        return lines.split('\n').flatMap((line) => {
          const [, bytes, key] = READ.exec(line) ?? [];
          return key?.startsWith(`/${bucketName}/`) ? [{ key, bytes: Number(bytes) }] : [];
        });
      }
      if (Date.now() > giveUpAt) {
        throw new Error(`the local AWS wrote nothing down into ${localAws.answeredLog} for ${PATIENCE_MS / 1000} s`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

function sum(served: readonly { readonly bytes: number }[]): number {
  return served.reduce((total, { bytes }) => total + bytes, 0);
}
