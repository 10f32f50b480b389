import { totalmem } from 'node:os';
import { EXIT, Failure } from '../../runtime/failure';

const MEGABYTE = 1_000_000;

/** Enough for a million records: together with Node.js and the reader, less than 1 GiB on two threads. */
const LEAST_MEGABYTES = 320;

/** What each DuckDB thread needs to read JSON, in addition to the data itself. */
const MEGABYTES_A_THREAD = 32;

/** DuckDB keeps what it can in memory, so the rest of the machine's memory is left to others. */
const SHARE_OF_MACHINE = 1 / 4;

/** How much memory DuckDB may use. What does not fit is written to its folder, except parts of each sort and join. */
export function databaseMegabytes(threads: number): number {
  // In a container, the machine has more memory than the process may use. Without a limit, Node.js returns 0, undefined
  // or a number beyond any machine, depending on its version and the system.
  const bytes = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return Math.max(LEAST_MEGABYTES + threads * MEGABYTES_A_THREAD, Math.floor(bytes * SHARE_OF_MACHINE / MEGABYTE));
}

const LESS_AT_ONCE = 'Audit fewer days at a time with --from and --to, or run single queries in Athena '
  + 'with --on athena.';

/** Says what DuckDB ran out of, if that is why it failed. */
export function asLackOfResources(error: unknown, megabytes: number, folder: string): unknown {
  const message = (error as Error).message ?? '';
  const [said] = message.split('\n');
  if (/max_temp_directory_size|No space left on device|not enough space/i.test(message)) {
    return new Failure(`the disk of ${folder} is full: the logs need more space than is left`, {
      code: 'out_of_disk',
      exitCode: EXIT.FAILURE,
      details: [{ field: 'DuckDB', message: said }],
      hint: `Make room, or set TMPDIR to a folder on a larger disk. ${LESS_AT_ONCE}`,
      cause: error,
    });
  }
  return !message.startsWith('Out of Memory Error') ? error : new Failure(
    `the audit needs more memory than the ${megabytes} MB that it may use, a quarter of this machine's`, {
      code: 'out_of_memory',
      exitCode: EXIT.FAILURE,
      details: [{ field: 'DuckDB', message: said }],
      hint: `${LESS_AT_ONCE} On a machine with more memory, more days fit.`,
      cause: error,
    },
  );
}
