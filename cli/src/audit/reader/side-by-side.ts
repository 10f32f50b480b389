import { Worker } from 'node:worker_threads';
import type { FactBatch } from './fact-batch';
import type { FileTally, ReadLogs } from './log-rows';
import type { LogFile } from './log-source';
import { Lots } from './lots';
import type { Share } from './share';
import { Tally } from './tally';
import type { FromWorker, WorkerTask } from './worker-messages';
import { EXIT, Failure } from '../../runtime/failure';

export interface SideBySideOptions extends Omit<Share, 'worker'> {
  readonly files: readonly LogFile[];
  /** The path of the worker's script. */
  readonly script: string;
  readonly signal: AbortSignal;
  readonly give: (batch: FactBatch) => void;
  readonly done: (bytes: number) => void;
}

/** Each worker has the next lot queued while it reads one, so that it never waits. */
const LOTS_AHEAD = 2;

/** Reads files on several threads. All of them have ended when it returns or throws. */
export async function readSideBySide(options: SideBySideOptions): Promise<ReadLogs> {
  const { files, workers, script, folder, days, firstNumber, digests, signal, done } = options;
  const tally = new Tally();
  const read: FileTally[] = [];
  const lots = new Lots(files, tally, done);
  const reading = new Int32Array(new SharedArrayBuffer(workers * Int32Array.BYTES_PER_ELEMENT)).fill(-1);
  const started: Worker[] = [];
  const stop = new AbortController();
  try {
    await Promise.all(Array.from({ length: workers }, async (_, worker) => new Promise<void>((resolve, reject) => {
      const workerData: WorkerTask = { folder, worker, workers, days, firstNumber, digests, reading };
      // Without the environment, which may contain credentials, and without the options of this process.
      const thread = new Worker(script, { workerData, env: {}, execArgv: [] });
      started.push(thread);
      const abort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true, signal: stop.signal });
      const fail = (error: Error) => reject(failureOf(error, files[Atomics.load(reading, worker)]));
      const more = () => {
        lots.next().then((lot) => {
          const contents = lot.flatMap(({ content }) => (content ? [content.buffer as ArrayBuffer] : []));
          thread.postMessage(lot, contents);
        }).catch(reject);
      };
      thread.on('message', (message: FromWorker) => {
        try {
          switch (message.kind) {
            case 'facts': options.give(message.batch); break;
            case 'bytes': done(message.bytes); break;
            case 'read': more(); break;
            case 'ended':
              tally.add(message.tally);
              read.push(...message.files);
              resolve();
          }
        } catch (error) {
          reject(error as Error);
        }
      });
      thread.once('error', fail);
      thread.once('exit', (code) => fail(new Error(`the thread that read it exited with code ${code}`)));
      for (let ahead = 0; ahead < LOTS_AHEAD; ahead++) {
        more();
      }
    })));
  } finally {
    stop.abort();
    await Promise.all(started.map(async (thread) => thread.terminate()));
  }
  tally.place = files.length;
  return { tally, files: read };
}

function failureOf(error: Error, file: LogFile | undefined): Failure {
  return new Failure('reading the logs failed', {
    code: 'reading_failed',
    exitCode: EXIT.FAILURE,
    details: [{ field: file?.name ?? 'before the first file', message: error.message }],
    cause: error,
  });
}
