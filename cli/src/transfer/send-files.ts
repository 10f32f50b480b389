import { sendPart, type SendTask, UploadVanished } from './send-part';
import { partCountOf, partRange } from '../../../src/contract/digest';
import { MAX_FILES_PER_BEGIN, MAX_LINKS_PER_PAGE } from '../../../src/contract/limits';
import type { BeginUploadAnswer, UploadLink, UploadLinkRequest } from '../../../src/contract/wire';
import type { LocalFile } from '../folder/folder-contents';
import { inParallel, pagesOf } from '../runtime/concurrency';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure } from '../runtime/failure';
import { LinkDesk } from '../store/presigned-urls';
import type { StoreClient } from '../store/store-client';

export interface HashedFile extends LocalFile {
  readonly sha256: string;
  readonly digest: string;
  readonly partChecksums: readonly string[];
}

export interface Sent {
  readonly files: number;
  readonly bytes: number;
}

export interface SendFilesOptions {
  readonly environment: Environment;
  readonly client: StoreClient;
  readonly model: string;
  readonly concurrency: number;
  readonly onBytes: (bytes: number) => void;
  /** Changes the number of bytes to send, which is at first the size of all files. */
  readonly onExpected: (bytes: number) => void;
}

/** How often an upload is started if other processes keep ending it. */
const ROUNDS = 3;

/** Uploads every file that the store does not have. Digests in `files` are unique. */
export async function sendFiles(files: readonly HashedFile[], options: SendFilesOptions): Promise<Sent> {
  const sent: SentFiles = { files: new Set(), expected: new Map(), bytes: 0 };
  for (const page of pagesOf(files, MAX_FILES_PER_BEGIN)) {
    let again: readonly HashedFile[] = page;
    for (let round = 1; again.length > 0; round++) {
      again = await sendPage(again, options, sent);
      if (again.length > 0 && round === ROUNDS) {
        const path = JSON.stringify(again[0].path);
        throw new Failure(`the upload of ${path} was aborted or completed by another process ${ROUNDS} times`, {
          code: 'expired_upload',
          exitCode: EXIT.FAILURE,
          hint: 'Another push of the same file may be running, or unfinished uploads are being cleaned up. '
            + 'Push again later.',
        });
      }
    }
  }
  return { files: sent.files.size, bytes: sent.bytes };
}

interface Transfer {
  readonly file: HashedFile;
  readonly uploadId?: string;
  readonly missing: readonly number[];
  left: number;
  sentBytes: number;
  vanished: boolean;
}

interface SentFiles {
  readonly files: Set<string>;
  /** By digest, the bytes that were missing when the upload of the file last began. */
  readonly expected: Map<string, number>;
  bytes: number;
}

/** Returns the files whose multipart upload no longer exists. */
async function sendPage(
  page: readonly HashedFile[], options: SendFilesOptions, sent: SentFiles,
): Promise<HashedFile[]> {
  const { client, model, environment } = options;
  const begun = await client.beginUpload(model, { files: page.map(({ digest, size }) => ({ digest, size })) });
  const answers = begun.files;
  const transfers = page.map((file, index) => transferOf(file, answers[index]));
  for (const transfer of transfers) {
    const { file: { digest, size } } = transfer;
    const needed = bytesOfParts(transfer);
    options.onExpected(needed - (sent.expected.get(digest) ?? size));
    sent.expected.set(digest, needed);
  }
  const needed = transfers.filter(({ uploadId, missing }) => missing.length > 0 || uploadId !== undefined);
  const byTask = new Map<SendTask, Transfer>();
  const finish = async (transfer: Transfer) => {
    if (transfer.uploadId !== undefined && !transfer.vanished) {
      await completeUpload(transfer, options);
    }
  };

  const ask = async (tasks: readonly SendTask[]): Promise<readonly UploadLink[]> => {
    const links = (await client.uploadLinks(model, { links: tasks.map(linkRequest) })).links;
    if (links.length !== tasks.length) {
      throw new Failure(`invalid response from the store: ${links.length} presigned URLs instead of ${tasks.length}`, {
        code: 'bad_answer', exitCode: EXIT.FAILURE,
      });
    }
    return links;
  };
  const desk = new LinkDesk<SendTask, UploadLink>({
    tasks: tasksOf(needed, byTask),
    ask,
    now: () => client.now(),
    firstPage: options.concurrency * 2,
    largestPage: MAX_LINKS_PER_PAGE,
  });

  for (const transfer of needed.filter(({ missing }) => missing.length === 0)) {
    await finish(transfer);
  }
  await inParallel(options.concurrency, environment.signal, async (signal) => {
    for (let ticket = await desk.take(); ticket !== undefined; ticket = await desk.take()) {
      signal.throwIfAborted();
      const { task, link } = ticket;
      const transfer = byTask.get(task)!;
      byTask.delete(task);
      if (!transfer.vanished) {
        try {
          await sendPart(task, link, {
            environment,
            signal,
            linkUrl: (used) => client.linkUrl(used, 'PUT'),
            renew: async (renewed) => desk.renew(renewed),
            expiring: (held) => desk.expiring(held),
            onBytes: options.onBytes,
          });
          const { start, end } = partRange(task.file.size, task.partNumber);
          sent.bytes += end - start;
          transfer.sentBytes += end - start;
          sent.files.add(task.digest);
        } catch (error) {
          giveUpOrMarkVanished(error, transfer);
        }
      }
      transfer.left--;
      if (transfer.left === 0) {
        await finish(transfer);
      }
    }
  });
  const vanished = transfers.filter((transfer) => transfer.vanished);
  for (const { sentBytes } of vanished) {
    options.onBytes(-sentBytes);
  }
  return vanished.map(({ file }) => file);
}

function transferOf(file: HashedFile, answer: BeginUploadAnswer | undefined): Transfer {
  if (answer === undefined || answer.digest !== file.digest) {
    throw new Failure('invalid response from the store: it is not about the files in the request', {
      code: 'bad_answer', exitCode: EXIT.FAILURE,
    });
  }
  if (answer.state === 'have') {
    return { file, missing: [], left: 0, sentBytes: 0, vanished: false };
  }
  const several = partCountOf(file.size) > 1;
  if (several && answer.uploadId === undefined) {
    throw new Failure(`invalid response from the store: no upload ID for ${JSON.stringify(file.path)}`, {
      code: 'bad_answer', exitCode: EXIT.FAILURE,
    });
  }
  const present = new Map((answer.partsPresent ?? []).map((part) => [part.partNumber, part]));
  const missing: number[] = [];
  for (let partNumber = 1; partNumber <= partCountOf(file.size); partNumber++) {
    const { start, end } = partRange(file.size, partNumber);
    const part = present.get(partNumber);
    if (part === undefined || part.size !== end - start || part.checksumSha256 !== checksumOf(file, partNumber)) {
      missing.push(partNumber);
    }
  }
  const uploadId = several ? answer.uploadId : undefined;
  return { file, uploadId, missing, left: missing.length, sentBytes: 0, vanished: false };
}

/** The base64 SHA-256 of a part. For a file in one part, it is derived from the digest. */
function checksumOf(file: HashedFile, partNumber: number): string {
  return file.partChecksums[partNumber - 1] ?? Buffer.from(file.digest, 'hex').toString('base64');
}

function bytesOfParts({ file, missing }: Transfer): number {
  return missing.reduce((sum, partNumber) => {
    const { start, end } = partRange(file.size, partNumber);
    return sum + end - start;
  }, 0);
}

function* tasksOf(transfers: readonly Transfer[], byTask: Map<SendTask, Transfer>): Generator<SendTask> {
  for (const transfer of transfers) {
    for (const partNumber of transfer.missing) {
      const { file, uploadId } = transfer;
      const task = { file, digest: file.digest, uploadId, partNumber, checksumSha256: checksumOf(file, partNumber) };
      byTask.set(task, transfer);
      yield task;
    }
  }
}

function linkRequest({ file, digest, uploadId, partNumber, checksumSha256 }: SendTask): UploadLinkRequest {
  return { digest, size: file.size, ...(uploadId !== undefined && { uploadId, partNumber, checksumSha256 }) };
}

async function completeUpload(transfer: Transfer, options: SendFilesOptions): Promise<void> {
  const { file, uploadId } = transfer;
  try {
    await options.client.completeUpload(options.model, { digest: file.digest, size: file.size, uploadId: uploadId! });
  } catch (error) {
    giveUpOrMarkVanished(error, transfer);
  }
}

/** The store also reports `expired_upload`. Parts that it finds missing are detected when the upload restarts. */
function giveUpOrMarkVanished(error: unknown, transfer: Transfer): void {
  const again = error instanceof UploadVanished
    || (error instanceof Failure && ['expired_upload', 'blobs_missing'].includes(error.code));
  if (!again) {
    throw error;
  }
  transfer.vanished = true;
}
