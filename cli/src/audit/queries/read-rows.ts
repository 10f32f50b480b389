import { constants } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import type { Environment } from '../../runtime/environment';
import type { Progress } from '../../runtime/progress';
import type { AuditCache } from '../cache/cache-place';
import { CachedFiles, filesToCache } from '../cache/cached-files';
import { type Engine, rowsIn } from '../database/engine';
import { type Days, EVERY_DAY } from '../reader/days';
import type { EvidenceFile } from '../reader/file-digests';
import type { ReadLogs } from '../reader/log-rows';
import type { LeftOutReason, LogFile } from '../reader/log-source';
import { readLogs } from '../reader/read-logs';
import { moved, Tally } from '../reader/tally';
import type { NamedSource } from '../sources/logs-of';

export interface AuditContext {
  readonly environment: Pick<Environment, 'signal'>;
  readonly progress: Progress;
}

export interface RowReading {
  readonly context: AuditContext;
  readonly sources: readonly NamedSource[];
  readonly folder: string;
  readonly days: Days;
  /** Whether to compute the SHA-256 of each file. */
  readonly digests: boolean;
}

/** What was counted, and the files if their digests were requested. */
interface ReadRows {
  readonly tally: Tally;
  readonly files: readonly EvidenceFile[];
}

/** Opens an engine: with the rows of a file, or with an empty table of rows. */
export type OpenEngine = (keptRows?: string) => Promise<Engine>;

/** Reads all files. */
export async function readAll(reading: RowReading, open: OpenEngine): Promise<ReadRows> {
  const engine = await open();
  const { files, leftOut } = await list(reading, new CachedFiles([]));
  const { tally } = await readFiles(reading, engine, files, reading.days, 0);
  await engine.finish();
  return rowsOf(reading, tally, files, leftOut);
}

/**
 * Reads only files that are not in the cache, into a copy of it. If one of those in it has changed or is gone, reads
 * all of them.
 */
export async function readNew(reading: RowReading, open: OpenEngine, cache: AuditCache): Promise<ReadRows> {
  const { hasRows } = cache;
  let engine = await open(hasRows ? cache.rows : undefined);
  const generation = await engine.generation();
  let known = await engine.cachedFiles();
  let listed = await list(reading, known);
  const isOutdated = known.isOutdated(listed.files, reading.days);
  const places = [...listed.files.keys()].filter((place) => isOutdated || !known.has(listed.files[place]));
  let read = new Tally();
  if (places.length > 0 || !hasRows) {
    engine.close();
    await rm(rowsIn(reading.folder), { force: true });
    if (isOutdated) {
      known = new CachedFiles([]);
      // Listed again, because files in S3 are only fetched if they are not known.
      listed = await list(reading, known);
    } else if (hasRows) {
      await copyFile(cache.rows, rowsIn(reading.folder), constants.COPYFILE_FICLONE);
    }
    engine = await open();
    if (hasRows && !isOutdated && await engine.generation() !== generation) {
      // Another audit has replaced the cache since it was opened, so other files are in it.
      engine.close();
      await rm(rowsIn(reading.folder), { force: true });
      return readNew(reading, open, cache);
    }
    const files = places.map((place) => listed.files[place]);
    // All records of a file, because other queries need other days.
    const { tally, files: tallies } = await readFiles(reading, engine, files, EVERY_DAY, await engine.nextNumber());
    await engine.finish(filesToCache(files, tallies));
    await engine.dropRepetitions();
    await engine.checkpoint();
    engine.close();
    // Kept before any query runs, so that they are not read again if the audit ends early.
    await open(await cache.keepRows(rowsIn(reading.folder)));
    read = tally;
  }
  const all = known.tallyOf(listed.files);
  all.cachedFiles = all.files;
  all.add(moved(read.state(), (place) => places[place] ?? listed.files.length));
  all.place = listed.files.length;
  return rowsOf(reading, all, listed.files, listed.leftOut);
}

async function list(
  { context: { environment }, sources, days }: RowReading, known: CachedFiles,
): Promise<{ readonly files: readonly LogFile[]; readonly leftOut: readonly LeftOutReason[] }> {
  const leftOut: LeftOutReason[] = [];
  const files: LogFile[] = [];
  for (const { source } of sources) {
    for await (const file of source.files(days, (reason) => leftOut.push(reason), (each) => known.has(each))) {
      environment.signal.throwIfAborted();
      files.push(file);
    }
  }
  return { files, leftOut };
}

async function readFiles(
  { context: { environment, progress }, folder, digests }: RowReading, engine: Engine, files: readonly LogFile[],
  days: Days, firstNumber: number,
): Promise<ReadLogs> {
  const task = progress.begin('reading', files.reduce((sum, { size }) => sum + size, 0));
  const read = await readLogs({
    files, folder, days, digests, firstNumber, signal: environment.signal,
    give: (batch) => engine.append(batch), done: (bytes) => task.add(bytes),
  });
  task.end();
  return read;
}

function rowsOf(
  { digests }: RowReading, tally: Tally, files: readonly LogFile[], leftOut: readonly LeftOutReason[],
): ReadRows {
  leftOut.forEach((reason) => { tally.leftOut[reason]++; });
  return {
    tally,
    files: digests ? files.map(({ name, path, day, size }, place) => (
      { file: path ?? name, day, bytes: size, sha256: tally.digests.get(place) }
    )) : [],
  };
}
