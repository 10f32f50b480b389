import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type EarlierFile, earlierFileReader, filesOf } from './earlier-files';
import type { Manifest } from '../../../src/contract/manifest';
import { RECORD_FOLDER } from '../../../src/contract/path-rules';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure } from '../runtime/failure';
import { makeFolders } from '../runtime/make-folders';
import { moveFile } from '../runtime/move-file';

const RECORD_FILE = 'pulled.json';
const SIGNATURE_FILE = 'model.sig';
const MARKER_FILE = 'pulling.json';
const EARLIER_FILE = 'earlier.json';
const PARTIAL_FOLDER = 'partial';

export const RECORD_SCHEMA_VERSION = 1;

/** Written last: a destination without it is incomplete. */
export interface PullRecord {
  readonly schemaVersion: typeof RECORD_SCHEMA_VERSION;
  readonly model: string;
  readonly version: string;
  /** The requested name: a version or an alias. */
  readonly reference: string;
  /** ISO 8601, UTC. */
  readonly pulledAt: string;
  readonly manifestSha256: string;
  readonly manifest: Manifest;
  /** The store, whose remembered keys verify the signature; absent in records of earlier releases. */
  readonly storeUrl?: string;
  /** Files from earlier pulls that are not in the version. */
  readonly earlierFiles?: readonly EarlierFile[];
}

/** Exists during a pull, and after one that was interrupted. */
export interface PullMarker {
  readonly model: string;
  readonly version: string;
  readonly startedAt: string;
  readonly processId: number;
  readonly host: string;
}

export class Records {
  readonly folder: string;
  readonly partialFolder: string;

  /** `environment` is required for writing only. */
  constructor(destination: string, private readonly environment?: Pick<Environment, 'platform' | 'sleep' | 'signal'>) {
    this.folder = join(destination, RECORD_FOLDER);
    this.partialFolder = join(this.folder, PARTIAL_FOLDER);
  }

  /** The file that marks an unfinished pull. */
  get markerFile(): string {
    return `${RECORD_FOLDER}/${MARKER_FILE}`;
  }

  partialFile(digest: string): string {
    return join(this.partialFolder, digest);
  }

  async record(): Promise<PullRecord | undefined> {
    const record = await this.readJson<PullRecord>(RECORD_FILE);
    if (record !== undefined && record.schemaVersion !== RECORD_SCHEMA_VERSION) {
      const file = join(this.folder, RECORD_FILE);
      throw new Failure(`${file} is in a format that this version of model-store does not support`, {
        code: 'bad_record',
        exitCode: EXIT.VERIFICATION,
        hint: 'Pull again, or compare with a version in the store: --model model@version.',
      });
    }
    return record;
  }

  /** The signature of the pulled version; undefined if it was not signed. */
  async signature(): Promise<string | undefined> {
    return this.readText(SIGNATURE_FILE);
  }

  async marker(): Promise<PullMarker | undefined> {
    return this.readJson<PullMarker>(MARKER_FILE);
  }

  /** Files that earlier pulls, including unfinished ones, wrote to the folder; empty if their records are damaged. */
  async earlierFiles(): Promise<EarlierFile[]> {
    const damaged = (error: unknown) => {
      if (error instanceof Failure && error.code === 'bad_record') {
        return undefined;
      }
      throw error;
    };
    const record = await this.record().catch(damaged);
    const earlier = await this.readJson<{ files?: readonly EarlierFile[] }>(EARLIER_FILE).catch(damaged);
    const { files = [] } = earlier ?? {};
    const pulled = Array.isArray(record?.manifest?.files) ? filesOf(record.manifest) : [];
    const all: unknown[] = [files, record?.earlierFiles, pulled]
      .flatMap((each: unknown) => (Array.isArray(each) ? each as unknown[] : []));
    return all.filter(earlierFileReader(this.environment?.platform ?? process.platform));
  }

  /** Marks the destination as incomplete until `finish`. `before` runs before anything is changed. */
  async start(
    marker: Omit<PullMarker, 'processId' | 'host'>, manifest: Pick<Manifest, 'model' | 'version' | 'files'>,
    before: () => Promise<void>,
  ): Promise<void> {
    const other = await this.marker();
    refuseBusy(other);
    await before();
    await makeFolders(this.partialFolder);
    const text = json({ ...marker, processId: process.pid, host: hostname() });
    if (other === undefined && !await this.claim(MARKER_FILE, text)) {
      // Another pull started at the same time and was first.
      refuseBusy(await this.marker());
    }
    await this.write(MARKER_FILE, text);
    // Lets the next pull know these files even if this one is interrupted.
    await this.write(EARLIER_FILE, json({ files: [...await this.earlierFiles(), ...filesOf(manifest)] }));
    await rm(join(this.folder, RECORD_FILE), { force: true });
    await rm(join(this.folder, SIGNATURE_FILE), { force: true });
  }

  async finish(record: PullRecord, signature: string | undefined): Promise<void> {
    await rm(this.partialFolder, { recursive: true, force: true, maxRetries: 5 });
    if (signature !== undefined) {
      await this.write(SIGNATURE_FILE, signature);
    }
    await this.write(RECORD_FILE, json(record));
    await rm(join(this.folder, EARLIER_FILE), { force: true });
    await rm(join(this.folder, MARKER_FILE), { force: true });
  }

  private async readText(name: string): Promise<string | undefined> {
    try {
      return await readFile(join(this.folder, name), 'utf8');
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
        return undefined;
      }
      throw error;
    }
  }

  private async readJson<Content>(name: string): Promise<Content | undefined> {
    const text = await this.readText(name);
    if (text === undefined) {
      return undefined;
    }
    const content = parseJson(text);
    if (typeof content !== 'object' || content === null || Array.isArray(content)) {
      throw new Failure(`${join(this.folder, name)} is damaged: it is not a JSON object`, {
        code: 'bad_record', exitCode: EXIT.VERIFICATION, hint: `Remove ${join(this.folder, name)}, and pull again.`,
      });
    }
    return content as Content;
  }

  private async write(name: string, text: string): Promise<void> {
    await this.withTemporary(name, text, async (temporary) => (
      moveFile(temporary, join(this.folder, name), this.environment!)));
  }

  /** Atomically creates a file; false if it already exists. */
  private async claim(name: string, text: string): Promise<boolean> {
    return this.withTemporary(name, text, async (temporary) => {
      try {
        await link(temporary, join(this.folder, name));
        return true;
      } catch (error) {
        // Some file systems do not support hard links. Then rely on the earlier check that the file did not exist.
        return (error as NodeJS.ErrnoException).code !== 'EEXIST';
      }
    });
  }

  private async withTemporary<Result>(
    name: string, text: string, use: (temporary: string) => Promise<Result>,
  ): Promise<Result> {
    const temporary = join(this.folder, `${name}.${randomBytes(4).toString('hex')}.tmp`);
    try {
      const handle = await open(temporary, 'wx');
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      return await use(temporary);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}

function refuseBusy(other: PullMarker | undefined): void {
  if (other === undefined || other.host !== hostname() || other.processId === process.pid) {
    return;
  }
  if (isAlive(other.processId)) {
    const pull = `process ${other.processId}, ${other.model}@${other.version}`;
    throw new Failure(`another pull (${pull}) is writing to this folder`, {
      code: 'busy', exitCode: EXIT.CONFLICT, hint: 'Wait for it to finish, or pull into another folder.',
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
