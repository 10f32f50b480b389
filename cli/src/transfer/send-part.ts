import { type FileHandle, open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { bytesDiffer, failureOfRefusal, isTransient, linkMayBeDead, readRefusal } from './s3-response';
import { type ByteRange, partRange } from '../../../src/contract/digest';
import type { UploadLink } from '../../../src/contract/wire';
import type { LocalFile } from '../folder/folder-contents';
import { fileChanged } from '../folder/hash-file';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure } from '../runtime/failure';
import { withRetries } from '../runtime/retry';

/** A file or a part of a file to upload. */
export interface SendTask {
  readonly file: LocalFile;
  readonly digest: string;
  readonly uploadId?: string;
  /** Starts at 1. */
  readonly partNumber: number;
  /** base64. */
  readonly checksumSha256: string;
}

export interface SendOptions {
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly linkUrl: (link: UploadLink) => URL;
  readonly renew: (task: SendTask) => Promise<UploadLink>;
  readonly expiring: (link: UploadLink) => boolean;
  /** Negative if an attempt failed and its bytes will be sent again. */
  readonly onBytes: (bytes: number) => void;
}

/** The multipart upload no longer exists: it was aborted, completed or cleaned up. The file must start over. */
export class UploadVanished extends Failure {
  constructor(path: string) {
    super(`the upload of ${JSON.stringify(path)} was aborted or completed by another process`, {
      code: 'expired_upload', exitCode: EXIT.FAILURE,
    });
  }
}

const RENEWALS = 3;

/** Uploads one part from disk to S3, with retries. */
export async function sendPart(task: SendTask, firstLink: UploadLink, options: SendOptions): Promise<void> {
  let link = firstLink;
  let renewals = 0;
  await withRetries({ environment: options.environment, signal: options.signal }, async (attempt) => {
    if (attempt > 1 && options.expiring(link)) {
      link = await options.renew(task);
    }
    for (;;) {
      const refusal = await sendOnce(task, link, options);
      if (refusal === undefined) {
        return;
      }
      if (linkMayBeDead(refusal) && renewals < RENEWALS) {
        renewals++;
        link = await options.renew(task);
        continue;
      }
      if (refusal.code === 'NoSuchUpload') {
        throw new UploadVanished(task.file.path);
      }
      if (bytesDiffer(refusal)) {
        throw fileChanged(
          [task.file.path], 'changed while it was being read: S3 received bytes with a different checksum');
      }
      throw failureOfRefusal(task.file.path, refusal);
    }
  });
}

async function sendOnce(task: SendTask, link: UploadLink, options: SendOptions) {
  const range = partRange(task.file.size, task.partNumber);
  const length = range.end - range.start;
  const handle = await openUnchanged(task.file);
  let sent = 0;
  try {
    const url = options.linkUrl(link);
    const response = await options.environment.http.send({
      method: link.method,
      url,
      headers: headersOf(link, length, task.file.path),
      body: length === 0 ? new Uint8Array() : bytesOf(task.file, handle, range, (bytes) => {
        sent += bytes;
        options.onBytes(bytes);
      }),
      signal: options.signal,
    });
    // 412: the object is write-once and already exists, perhaps from an earlier attempt. Publishing checks its bytes.
    const stored = (response.status >= 200 && response.status < 300)
      || (response.status === 412 && task.uploadId === undefined);
    if (stored) {
      response.body.resume();
      options.onBytes(length - sent);
      return undefined;
    }
    const refusal = await readRefusal(response, url, options.signal);
    options.onBytes(-sent);
    sent = 0;
    if (isTransient(refusal)) {
      throw failureOfRefusal(task.file.path, refusal);
    }
    return refusal;
  } catch (error) {
    options.onBytes(-sent);
    throw error;
  } finally {
    await handle.close();
  }
}

/** All signed headers, exactly as signed, and the content length. */
function headersOf(link: UploadLink, length: number, path: string): { readonly [name: string]: string } {
  const signed = Object.fromEntries(Object.entries(link.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const signedLength = signed['content-length'];
  if (signedLength !== undefined && signedLength !== `${length}`) {
    const url = `a presigned URL for ${signedLength} instead of ${length} bytes`;
    throw new Failure(`invalid response from the store: ${url} of ${JSON.stringify(path)}`, {
      code: 'bad_answer', exitCode: EXIT.FAILURE,
    });
  }
  return { ...signed, 'content-length': `${length}` };
}

function bytesOf(file: LocalFile, handle: FileHandle, range: ByteRange, onBytes: (bytes: number) => void): Transform {
  let passed = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      passed += chunk.length;
      onBytes(chunk.length);
      callback(null, chunk);
    },
    // If the file was truncated, S3 would wait for the rest.
    flush(callback) {
      callback(passed === range.end - range.start ? null : fileChanged([file.path]));
    },
  });
  const source = handle.createReadStream({
    start: range.start, end: range.end - 1, autoClose: false, highWaterMark: 256 * 1024,
  });
  source.on('error', (error) => count.destroy(fileChanged([file.path], `can no longer be read: ${error.message}`)));
  count.on('close', () => source.destroy());
  return source.pipe(count);
}

async function openUnchanged(file: LocalFile): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(file.localPath, 'r');
  } catch {
    throw fileChanged([file.path], 'can no longer be read');
  }
  try {
    await requireUnchanged(handle, file);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function requireUnchanged(handle: FileHandle, file: LocalFile): Promise<void> {
  const now = await handle.stat();
  if (now.size !== file.size || now.mtimeMs !== file.modifiedMilliseconds) {
    throw fileChanged([file.path]);
  }
}
