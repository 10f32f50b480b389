import type { Days } from './days';

/** One worker's share of a reading: which worker of how many, for which days, and where it stores its rows. */
export interface Share {
  /** The folder that all workers write to. */
  readonly folder: string;
  /** The number of the worker, starting from 0. */
  readonly worker: number;
  readonly workers: number;
  readonly days: Days;
  /** The first number for the parts of records; 0 unless other readings have used some. */
  readonly firstNumber?: number;
  /** Whether to compute the SHA-256 of each file. */
  readonly digests?: boolean;
}
