import type { LogFile } from './log-source';
import { readLog } from './read-log';
import type { Tally } from './tally';
import type { FileToRead, ToWorker } from './worker-messages';

const LOT_BYTES = 2 * 1024 * 1024;
const LOT_FILES = 64;
/** Larger files come first: at the end, all other workers would wait for the one that reads it. */
const LARGE_BYTES = 8 * 1024 * 1024;

/** Splits files into lots for workers. Neighboring files stay together, because callers and objects repeat in them. */
export class Lots {
  private readonly files: readonly (readonly [place: number, file: LogFile])[];
  private at = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    files: readonly LogFile[], private readonly tally: Tally, private readonly done: (bytes: number) => void,
  ) {
    const placed = [...files.entries()];
    // Remote files keep their order, because they are fetched ahead in that order.
    const isLarge = ([, { size, fetch }]: readonly [number, LogFile]) => !fetch && size >= LARGE_BYTES;
    this.files = [...placed.filter(isLarge), ...placed.filter((each) => !isLarge(each))];
  }

  /** Returns the next lot, or an empty one at the end. Concurrent calls are serialized. */
  async next(): Promise<ToWorker> {
    const lot = this.last.then(async () => this.take());
    this.last = lot.catch(() => undefined);
    return lot;
  }

  private async take(): Promise<ToWorker> {
    const lot: FileToRead[] = [];
    for (let bytes = 0; lot.length < LOT_FILES && bytes < LOT_BYTES && this.at < this.files.length;) {
      const [place, { fetch, ...file }] = this.files[this.at++];
      const content = fetch ? await this.fetched(place, { fetch, ...file }) : undefined;
      if (!fetch || content) {
        lot.push({ place, ...file, content });
        bytes += file.size;
      }
    }
    return lot;
  }

  /** Fetches a file. Returns undefined if that fails, which is counted like any other unreadable file. */
  private async fetched(place: number, file: LogFile): Promise<Uint8Array | undefined> {
    try {
      // A copy, because small buffers share memory and cannot be transferred to a worker.
      return new Uint8Array(await file.fetch!());
    } catch (error) {
      this.tally.place = place;
      const unreadable = { ...file, fetch: async () => { throw error; } };
      await readLog(unreadable, { record: () => {}, accessLogLine: () => {} }, this.tally, this.done);
      return undefined;
    }
  }
}
