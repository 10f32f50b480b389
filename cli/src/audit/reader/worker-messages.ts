import type { FactBatch } from './fact-batch';
import type { FileTally } from './log-rows';
import type { Share } from './share';
import type { TallyState } from './tally';

/** The task that a worker receives when it starts. */
export interface WorkerTask extends Share {
  /** For each worker, the place of the file that it is reading, to report where it failed. */
  readonly reading: Int32Array;
}

export interface FileToRead {
  readonly place: number;
  readonly name: string;
  readonly size: number;
  readonly day?: string;
  readonly path?: string;
  /** The contents of a remote file, as stored. */
  readonly content?: Uint8Array;
}

/** The files that a worker reads next. An empty list means that there are no more. */
export type ToWorker = readonly FileToRead[];

export type FromWorker =
  | { readonly kind: 'facts'; readonly batch: FactBatch }
  /** The number of bytes read since the last message. */
  | { readonly kind: 'bytes'; readonly bytes: number }
  /** One lot of files was read. */
  | { readonly kind: 'read' }
  | { readonly kind: 'ended'; readonly tally: TallyState; readonly files: readonly FileTally[] };
