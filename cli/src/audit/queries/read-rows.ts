import { rm } from 'node:fs/promises';
import type { Environment } from '../../runtime/environment';
import type { Progress } from '../../runtime/progress';
import { CachedFiles, filesToCache } from '../cache/cached-files';
import type { Engine } from '../database/engine';
import type { Days } from '../reader/days';
import type { EvidenceFile } from '../reader/file-digests';
import type { ReadLogs } from '../reader/log-rows';
import type { LeftOutReason, LogFile } from '../reader/log-source';
import { readLogs } from '../reader/read-logs';
import { moved, type Tally } from '../reader/tally';
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

/** A cache has all records of a file, because other queries need other days. */
const EVERY_DAY: Days = { from: '0000-00-00', to: '9999-99-99' };

/** Reads all files into the engine. */
export async function readAll(reading: RowReading, engine: Engine): Promise<ReadRows> {
  const { files, leftOut } = await list(reading, new CachedFiles([]));
  const { tally } = await readFiles(reading, engine, files, reading.days, 0);
  await engine.finish();
  return rowsOf(reading, tally, files, leftOut);
}

/** Reads only files that are not in the cache. If one of those in it has changed or is gone, reads all of them. */
export async function readNew(reading: RowReading, open: () => Promise<Engine>, cache: string): Promise<ReadRows> {
  let engine = await open();
  let known = await engine.cachedFiles();
  let listed = await list(reading, known);
  if (known.isOutdated(listed.files, reading.days)) {
    engine.close();
    await Promise.all([cache, `${cache}.wal`].map(async (file) => rm(file, { force: true })));
    engine = await open();
    known = new CachedFiles([]);
    listed = await list(reading, known);
  }
  const places = [...listed.files.keys()].filter((place) => !known.has(listed.files[place]));
  const files = places.map((place) => listed.files[place]);
  await engine.begin();
  const { tally, files: read } = await readFiles(reading, engine, files, EVERY_DAY, await engine.nextNumber());
  await engine.finish(filesToCache(files, read));
  const all = known.tallyOf(listed.files);
  all.cachedFiles = all.files;
  all.add(moved(tally.state(), (place) => places[place] ?? listed.files.length));
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
