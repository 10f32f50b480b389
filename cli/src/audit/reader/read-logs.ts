import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Days } from './days';
import type { FactBatch } from './fact-batch';
import { LogRows, type ReadLogs } from './log-rows';
import type { LogFile } from './log-source';
import { readSideBySide } from './side-by-side';

export interface Reading {
  readonly files: readonly LogFile[];
  /** The folder for the rows that are read. */
  readonly folder: string;
  readonly days: Days;
  /** The first number for the parts of records; 0 unless other readings have used some. */
  readonly firstNumber?: number;
  /** Whether to compute the SHA-256 of each file. */
  readonly digests?: boolean;
  readonly signal: AbortSignal;
  readonly give: (batch: FactBatch) => void;
  /** Called with the number of bytes read since the last call. */
  readonly done: (bytes: number) => void;
}

export interface Workers {
  readonly most: number;
  /** The worker's script. If undefined, this thread reads. */
  readonly script?: string;
}

const MOST_WORKERS = 8;
/** Less than this is read faster than a second thread starts. */
const FEW_BYTES = 8 * 1024 * 1024;
const FEW_FILES = 4;

/** In the bundle, the worker's script is next to this one. The sources have none: a bundle could be outdated. */
function workersHere(): Workers {
  const script = join(__dirname, 'audit-reader.js');
  return { most: Math.min(availableParallelism(), MOST_WORKERS), script: existsSync(script) ? script : undefined };
}

/** Reads all files, on several threads if that is faster. */
export async function readLogs(reading: Reading, { most, script }: Workers = workersHere()): Promise<ReadLogs> {
  const { files, folder, days, signal, give, done } = reading;
  signal.throwIfAborted();
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const workers = Math.min(most, files.length);
  const share = { folder, days, firstNumber: reading.firstNumber, digests: reading.digests };
  if (script !== undefined && workers > 1 && bytes >= FEW_BYTES && files.length >= FEW_FILES) {
    return readSideBySide({ ...share, files, signal, give, done, script, workers });
  }
  const rows = new LogRows({ ...share, worker: 0, workers: 1 }, give);
  try {
    for (const [place, file] of files.entries()) {
      await rows.read(file, place, (more) => {
        signal.throwIfAborted();
        done(more);
      });
      // Files are read synchronously, so interruptions are handled between them.
      await setImmediate();
      signal.throwIfAborted();
    }
  } finally {
    rows.close();
  }
  rows.tally.place = files.length;
  return { tally: rows.tally, files: rows.files };
}
