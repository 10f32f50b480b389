import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { DigestObject, Evidence, EvidenceFile, Period } from './evidence';
import { digestNameOf, logNameOf, placeOf } from './file-names';
import { EXIT, Failure } from '../../runtime/failure';
import { dayAfter } from '../reader/days';
import { namesBelow } from '../reader/log-source';

/** A copy of an archive, at any depth below a folder. */
export class FolderEvidence implements Evidence {
  private files?: Promise<readonly EvidenceFile[]>;

  constructor(readonly name: string) {}

  async *digests({ from, to }: Period): AsyncGenerator<EvidenceFile> {
    for (const file of await this.all()) {
      const day = digestNameOf(file.name)?.endTime.slice(0, 10);
      if (day !== undefined && (from === undefined || day >= from) && (to === undefined || day <= dayAfter(to))) {
        yield file;
      }
    }
  }

  async *logs({ from, to }: Period): AsyncGenerator<EvidenceFile> {
    for (const file of await this.all()) {
      const day = digestNameOf(file.name) ? undefined : logNameOf(file.name)?.deliveredAt.slice(0, 10);
      if (day !== undefined && (from === undefined || day >= from) && (to === undefined || day <= to)) {
        yield file;
      }
    }
  }

  async find(key: string): Promise<EvidenceFile | undefined> {
    const place = placeOf(key);
    return (await this.all()).find(({ name }) => placeOf(name) === place);
  }

  async readDigest({ name }: EvidenceFile): Promise<DigestObject> {
    return { bytes: await readFile(join(this.name, name)) };
  }

  async open({ name }: EvidenceFile): Promise<Readable> {
    return createReadStream(join(this.name, name), { highWaterMark: 256 * 1024 });
  }

  private async all(): Promise<readonly EvidenceFile[]> {
    this.files ??= this.list();
    return this.files;
  }

  private async list(): Promise<EvidenceFile[]> {
    const found = await stat(this.name).catch((error: NodeJS.ErrnoException) => error);
    if (found instanceof Error || !found.isDirectory()) {
      throw new Failure(`the folder ${this.name} does not exist`, {
        code: 'no_logs', exitCode: EXIT.NOT_FOUND,
        details: found instanceof Error ? [{ field: '--logs', message: found.message }] : [],
        hint: 'Name the folder with a copy of the archive: the log files in "CloudTrail" and the digest files in'
          + ' "CloudTrail-Digest".',
      });
    }
    const files: EvidenceFile[] = [];
    for await (const name of namesBelow(this.name)) {
      if (digestNameOf(name) !== undefined || logNameOf(name) !== undefined) {
        files.push({ name, size: (await stat(join(this.name, name)).catch(() => undefined))?.size ?? 0 });
      }
    }
    return files;
  }
}
