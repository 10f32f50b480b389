import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { LogRows } from './log-rows';
import type { FromWorker, ToWorker, WorkerTask } from './worker-messages';

const BYTES_BETWEEN_MESSAGES = 1024 * 1024;

/** Reads the files that it receives one by one, on a separate thread. Any error ends the audit. */
function work(port: MessagePort, { reading, ...share }: WorkerTask): void {
  const post = (message: FromWorker, hand: readonly ArrayBuffer[] = []) => port.postMessage(message, hand);
  const rows = new LogRows(share, (batch) => post({ kind: 'facts', batch }, [batch.columns]));
  let unreported = 0;
  let ended = false;
  const postBytes = () => {
    post({ kind: 'bytes', bytes: unreported });
    unreported = 0;
  };
  const handle = async (files: ToWorker) => {
    for (const { place, content, ...file } of files) {
      Atomics.store(reading, share.worker, place);
      await rows.read(content ? { ...file, fetch: async () => Buffer.from(content.buffer) } : file, place, (bytes) => {
        unreported += bytes;
        if (unreported >= BYTES_BETWEEN_MESSAGES) {
          postBytes();
        }
      });
    }
    if (files.length > 0) {
      post({ kind: 'read' });
      return;
    }
    // The end is announced once per requested lot, but handled once.
    if (ended) {
      return;
    }
    ended = true;
    postBytes();
    rows.close();
    post({ kind: 'ended', tally: rows.tally.state(), files: rows.files });
    port.close();
  };
  let handled = Promise.resolve();
  port.on('message', (files: ToWorker) => {
    handled = handled.then(async () => handle(files));
    // Thrown outside the promise, so that the worker ends with the error.
    handled.catch((error: unknown) => setImmediate(() => { throw error; }));
  });
}

work(parentPort!, workerData as WorkerTask);
