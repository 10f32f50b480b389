import type { LogFile } from './log-source';
import { readLog } from './read-log';
import type { Tally } from './tally';
import type { FileToRead, ToWorker } from './worker-messages';

const LOT_BYTES = 2 * 1024 * 1024;
const LOT_FILES = 64;
/** Whoever reads so large a file last keeps all others waiting. */
const LARGE_BYTES = 8 * 1024 * 1024;

/** The files of a reading, in lots for those who read them: neighbours together, because callers and objects repeat in them. */
export class Lots {
  private readonly files: readonly (readonly [place: number, file: LogFile])[];
  private at = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(files: readonly LogFile[], private readonly tally: Tally, private readonly done: (bytes: number) => void) {
    const placed = [...files.entries()];
    // What lies elsewhere is on its way in its own order.
    const isLarge = ([, { size, fetch }]: readonly [number, LogFile]) => !fetch && size >= LARGE_BYTES;
    this.files = [...placed.filter(isLarge), ...placed.filter((each) => !isLarge(each))];
  }

  /** An empty one if there are no more. One after the other, whoever asks. */
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

  /** Undefined if it cannot be had; that is told as for any other file. */
  private async fetched(place: number, file: LogFile): Promise<Uint8Array | undefined> {
    try {
      // A copy, since a small buffer is a piece of one that others have pieces of too, and which cannot be handed over.
      return new Uint8Array(await file.fetch!());
    } catch (error) {
      this.tally.place = place;
      await readLog({ ...file, fetch: async () => { throw error; } }, { record: () => {}, accessLogLine: () => {} }, this.tally, this.done);
      return undefined;
    }
  }
}
