import type { FactBatch } from './fact-batch';
import type { Share } from './log-rows';
import type { TallyState } from './tally';

/** What a worker is told when it starts. */
export interface WorkerTask extends Share {
  /** Of each worker: the place of the file that it reads, for whoever has to say where it failed. */
  readonly reading: Int32Array;
}

export interface FileToRead {
  readonly place: number;
  readonly name: string;
  readonly size: number;
  readonly day?: string;
  readonly path?: string;
  /** All of it, as it lies there, if it does not lie on this machine. */
  readonly content?: Uint8Array;
}

/** What a worker is told later: files to read, or none, which means that there are no more. */
export type ToWorker = readonly FileToRead[];

export type FromWorker =
  | { readonly kind: 'facts'; readonly batch: FactBatch }
  /** So many more bytes of files are read. */
  | { readonly kind: 'bytes'; readonly bytes: number }
  /** One lot of files is read. */
  | { readonly kind: 'read' }
  | { readonly kind: 'ended'; readonly tally: TallyState };
