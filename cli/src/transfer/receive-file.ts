import { constants, type FileHandle, open, rm } from 'node:fs/promises';
import { failureOfRefusal, linkMayBeDead, readRefusal } from './s3-response';
import type { ManifestFile } from '../../../src/contract/manifest';
import { quotedText } from '../../../src/contract/visible-text';
import type { DownloadLink } from '../../../src/contract/wire';
import { DigestStream } from '../folder/digest-stream';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure, TransientFailure } from '../runtime/failure';
import { type HttpResponse, networkFailure } from '../runtime/http-client';
import { withRetries } from '../runtime/retry';

export interface ReceiveOptions {
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly linkUrl: (link: DownloadLink) => URL;
  readonly renew: () => Promise<DownloadLink>;
  readonly expiring: (link: DownloadLink) => boolean;
  /** Negative if bytes are discarded. */
  readonly onBytes: (bytes: number) => void;
}

const RENEWALS = 3;
const CHUNK_BYTES = 1024 * 1024;

/** How often a file is received from its start again because S3 does not continue where it ended. */
const RESTARTS = 3;

/** An attempt that receives less than this, and not the rest of the file, counts as failed. */
const LEAST_PROGRESS_BYTES = 64 * 1024;
/** At least `LEAST_PROGRESS_BYTES` must arrive in this time: a server that sends a byte now and then is never idle. */
const SLOWEST_MILLISECONDS = 2 * 60_000;

/** The received bytes do not match the manifest. */
export class WrongBytes extends Failure {
  constructor(path: string, message: string) {
    super(`${JSON.stringify(path)} does not match the manifest: ${message}`, {
      code: 'wrong_digest', exitCode: EXIT.VERIFICATION, details: [{ field: path, message }],
    });
  }
}

/**
 * Downloads one file to `partialPath`, resuming an earlier attempt or an earlier pull. Returns only when every byte is
 * on disk and the size and both digests match the manifest. A file that does not match is deleted.
 */
export async function receiveFile(
  file: ManifestFile, partialPath: string, firstLink: DownloadLink, options: ReceiveOptions,
): Promise<void> {
  const receiver = new Receiver(file, partialPath, firstLink, options);
  try {
    await receiver.run();
  } finally {
    await receiver.close();
  }
}

class Receiver {
  private handle?: FileHandle;
  private digests: DigestStream;
  private offset = 0;
  private etag?: string;
  private renewals = 0;
  private restarts = 0;
  /** Contains bytes from an earlier pull, which may be the cause if the digest is wrong. */
  private resumed = false;
  private finished?: { readonly sha256: string; readonly digest: string };

  constructor(
    private readonly file: ManifestFile,
    private readonly partialPath: string,
    private link: DownloadLink,
    private readonly options: ReceiveOptions,
  ) {
    this.digests = new DigestStream(file.size);
  }

  async run(): Promise<void> {
    await this.openPartial();
    await this.fetchRest();
    if (this.resumed && await this.problem() !== undefined) {
      await this.startOver();
      await this.fetchRest();
    }
    const problem = await this.problem();
    if (problem !== undefined) {
      await this.discard();
      throw new WrongBytes(this.file.path, problem);
    }
    await this.handle!.sync();
  }

  async close(): Promise<void> {
    const { handle } = this;
    this.handle = undefined;
    await handle?.close();
  }

  private async discard(): Promise<void> {
    await this.close();
    await rm(this.partialPath, { force: true });
  }

  private async problem(): Promise<string | undefined> {
    const { size } = await this.handle!.stat();
    if (size !== this.file.size) {
      return `received ${size} bytes, expected ${this.file.size}`;
    }
    this.finished ??= this.digests.finish();
    if (this.finished.sha256 !== this.file.sha256) {
      return `its SHA-256 is ${this.finished.sha256}, expected ${this.file.sha256}`;
    }
    return this.finished.digest === this.file.digest
      ? undefined : `its digest is ${this.finished.digest}, expected ${this.file.digest}`;
  }

  /** Keeps the bytes that are already on disk, and reads them once for the digests. */
  private async openPartial(): Promise<void> {
    // eslint-disable-next-line no-bitwise
    const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
    this.handle = await open(this.partialPath, flags, 0o666);
    const { size } = await this.handle.stat();
    if (size > this.file.size) {
      await this.handle.truncate(0);
      return;
    }
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(1, size)));
    while (this.offset < size) {
      this.options.signal.throwIfAborted();
      const length = Math.min(buffer.length, size - this.offset);
      const { bytesRead } = await this.handle.read(buffer, 0, length, this.offset);
      if (bytesRead === 0) {
        break;
      }
      this.take(buffer.subarray(0, bytesRead));
      this.resumed = true;
    }
  }

  private take(bytes: Buffer): void {
    this.digests.update(bytes);
    this.offset += bytes.length;
    this.options.onBytes(bytes.length);
  }

  private async startOver(): Promise<void> {
    this.options.onBytes(-this.offset);
    this.offset = 0;
    this.resumed = false;
    this.finished = undefined;
    this.etag = undefined;
    this.digests = new DigestStream(this.file.size);
    await this.handle!.truncate(0);
  }

  /** A server that never continues where the file ended must not keep the client busy forever. */
  private async restart(url: URL): Promise<void> {
    this.restarts++;
    if (this.restarts > RESTARTS) {
      throw new Failure(`${url.host} did not continue the download of ${quotedText(this.file.path)} where it ended`, {
        code: 'bad_answer', exitCode: EXIT.FAILURE, hint: 'Run the same pull again.',
      });
    }
    await this.startOver();
  }

  private async fetchRest(): Promise<void> {
    const { environment, signal } = this.options;
    // The attempt count resets with progress: a long download over a poor connection continues while it gets anywhere.
    while (this.offset < this.file.size) {
      await withRetries({ environment, signal }, async (attempt) => {
        const before = this.offset;
        if (attempt > 1 && this.options.expiring(this.link)) {
          this.link = await this.options.renew();
        }
        try {
          await this.fetchOnce();
        } catch (error) {
          const enough = Math.min(before + LEAST_PROGRESS_BYTES, this.file.size);
          if (!(error instanceof TransientFailure) || this.offset < enough) {
            throw error;
          }
        }
      });
    }
  }

  private async fetchOnce(): Promise<void> {
    const url = this.options.linkUrl(this.link);
    const response = await this.options.environment.http.send({
      method: this.link.method,
      url,
      headers: {
        ...this.link.headers,
        ...(this.offset > 0 && { range: `bytes=${this.offset}-` }),
        ...(this.offset > 0 && this.etag !== undefined && { 'if-match': this.etag }),
      },
      signal: this.options.signal,
    });
    if (response.status === 200 || response.status === 206) {
      await this.readBody(response, url);
      return;
    }
    const refusal = await readRefusal(response, url, this.options.signal);
    if (linkMayBeDead(refusal) && this.renewals < RENEWALS) {
      this.renewals++;
      this.link = await this.options.renew();
    } else if ((refusal.status === 412 || refusal.status === 416) && this.offset > 0) {
      await this.restart(url);
    } else {
      throw failureOfRefusal(this.file.path, refusal);
    }
  }

  private async readBody(response: HttpResponse, url: URL): Promise<void> {
    const start = response.status === 206 ? /^bytes ([0-9]+)-/.exec(response.headers['content-range'] ?? '')?.[1] : '0';
    if (start !== `${this.offset}`) {
      // Not the requested range. If it is the whole file, use it from the start.
      await this.restart(url);
      if (start !== '0') {
        response.body.destroy();
        throw new TransientFailure(`${url.host} sent another part of the file than requested`, { code: 'network' });
      }
    }
    this.etag = response.headers.etag ?? this.etag;
    const announced = response.headers['content-length'];
    if (announced !== undefined && this.offset + Number(announced) !== this.file.size) {
      response.body.destroy();
      await this.discard();
      throw new WrongBytes(this.file.path, `has ${this.offset + Number(announced)} bytes, expected ${this.file.size}`);
    }
    const { environment } = this.options;
    let slowSince = { time: environment.now(), offset: this.offset };
    try {
      for await (const chunk of response.body) {
        const bytes = chunk as Buffer;
        if (this.offset + bytes.length > this.file.size) {
          response.body.destroy();
          await this.discard();
          throw new WrongBytes(this.file.path, `received more than the expected ${this.file.size} bytes`);
        }
        await writeAll(this.handle!, bytes, this.offset);
        this.take(bytes);
        if (this.offset >= slowSince.offset + LEAST_PROGRESS_BYTES) {
          slowSince = { time: environment.now(), offset: this.offset };
        } else if (environment.now() - slowSince.time > SLOWEST_MILLISECONDS && this.offset < this.file.size) {
          response.body.destroy();
          throw new TransientFailure(`${url.host} sends too slowly`, { code: 'network' });
        }
      }
    } catch (error) {
      throw error instanceof LocalFault ? error.fault : networkFailure(error, url, this.options.signal);
    }
    if (this.offset < this.file.size) {
      throw new TransientFailure(`${url.host} ended the response early`, { code: 'network' });
    }
  }
}

/** A local disk error, as opposed to a network error. */
class LocalFault extends Error {
  constructor(readonly fault: Error) {
    super(fault.message);
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  try {
    for (let at = 0; at < bytes.length;) {
      at += (await handle.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
    }
  } catch (error) {
    throw new LocalFault(error as Error);
  }
}
