import { createHash } from 'node:crypto';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { JudgedChain, JudgedDigest } from './chain';
import { isGzip, type SignedLog } from './digest-file';
import type { Evidence, EvidenceFile } from './evidence';
import { placeOf } from './file-names';
import { AFTER_THE_END, endsWithContent } from './gzip-end';
import type { Problem } from './problems';
import { forEachInParallel } from '../../runtime/concurrency';
import type { ProgressTask } from '../../runtime/progress';

const CONCURRENCY = 8;

/** Log files, keyed by the part of their path that identifies them. */
export type LogFiles = Map<string, EvidenceFile>;

export interface LogChecks {
  readonly problems: readonly Problem[];
  /** Digest files whose log files all match their hashes. */
  readonly good: ReadonlySet<JudgedDigest>;
  readonly count: number;
  readonly bytes: number;
}

interface Wanted extends SignedLog {
  readonly digests: JudgedDigest[];
  file?: EvidenceFile;
}

/** Hashes every log file that is listed in a digest file and compares it. */
export async function checkLogs(
  chains: readonly JudgedChain[], files: LogFiles, evidence: Evidence, signal: AbortSignal,
  begin: (bytes: number) => ProgressTask,
): Promise<LogChecks> {
  const wanted = wantedLogs(chains);
  await forEachInParallel(wanted, CONCURRENCY, signal, async (log) => {
    log.file = files.get(placeOf(log.key) ?? log.key) ?? await evidence.find(log.key);
  });
  const bytes = wanted.reduce((sum, { file }) => sum + (file?.size ?? 0), 0);
  const task = begin(bytes);
  const good = new Set(chains.flatMap(({ digests }) => digests));
  const problems: Problem[] = [];
  await forEachInParallel(wanted, CONCURRENCY, signal, async (log) => {
    const problem = await problemOf(log, evidence);
    task.add(log.file?.size ?? 0);
    if (problem) {
      log.digests.forEach((digest) => good.delete(digest));
      const { account, region, trail } = log.digests[0].name;
      problems.push({ account, region, trail, file: log.file?.name ?? log.key, ...problem, ...timeOf(log.digests[0]) });
    }
  });
  task.end();
  problems.sort((one, other) => ((one.file ?? '') < (other.file ?? '') ? -1 : 1));
  return { problems, good, count: wanted.length, bytes };
}

function wantedLogs(chains: readonly JudgedChain[]): Wanted[] {
  const byPlaceAndHash = new Map<string, Wanted>();
  for (const digest of chains.flatMap(({ digests }) => digests)) {
    // The hashes in a digest file that is not valid prove nothing.
    for (const log of digest.state === 'bad' ? [] : digest.read?.digest.logs ?? []) {
      const id = `${placeOf(log.key) ?? log.key} ${log.hash}`;
      const known = byPlaceAndHash.get(id);
      if (known) {
        known.digests.push(digest);
      } else {
        byPlaceAndHash.set(id, { ...log, digests: [digest] });
      }
    }
  }
  return [...byPlaceAndHash.values()];
}

function timeOf({ read, name }: JudgedDigest) {
  return { from: read?.digest.startTime, to: name.endTime };
}

async function problemOf(
  { key, hash, bucket, file }: Wanted, evidence: Evidence,
): Promise<Pick<Problem, 'kind' | 'expected' | 'found'> | undefined> {
  const expected = `SHA-256 ${hash}`;
  if (!file) {
    return { kind: 'log_missing', expected, found: 'no such file' };
  }
  if (evidence.bucket !== undefined && (bucket !== evidence.bucket || key !== file.name)) {
    return {
      kind: 'log_missing', expected: `${expected}, at ${bucket}/${key}`,
      found: `a file of this name at another location, ${evidence.bucket}/${file.name}`,
    };
  }
  try {
    const found = await hashOf(await evidence.open(file));
    return found === hash ? undefined
      : { kind: 'log_changed', expected, found: found === undefined ? AFTER_THE_END : `SHA-256 ${found}` };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      return { kind: 'log_missing', expected, found: 'no such file' };
    }
    if (code?.startsWith('Z_') === true) {
      return { kind: 'log_changed', expected, found: `a damaged or truncated gzip file (${message})` };
    }
    if (code?.startsWith('E') !== true) {
      throw error;
    }
    return { kind: 'log_unreadable', expected, found: message };
  }
}

/** The hash of the uncompressed file, which CloudTrail hashes; undefined if anything follows the gzip stream. */
async function hashOf(packed: Readable): Promise<string | undefined> {
  const hash = createHash('sha256');
  const chunks = packed[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>;
  const first = await chunks.next();
  let stored = 0;
  let ending: Buffer = Buffer.alloc(0);
  const whole = async function *() {
    for (let next = first; next.done !== true; next = await chunks.next()) {
      stored += next.value.length;
      ending = Buffer.concat([ending, next.value.subarray(-4)]).subarray(-4);
      yield next.value;
    }
  };
  if (first.done === true || !isGzip(first.value)) {
    for await (const chunk of whole()) {
      hash.update(chunk);
    }
    return hash.digest('hex');
  }
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  // The callback ignores the error, because the loop below throws it, too.
  pipeline(whole, gunzip, () => {});
  let length = 0;
  for await (const chunk of gunzip) {
    hash.update(chunk as Buffer);
    length += (chunk as Buffer).length;
  }
  return endsWithContent({ stored, used: gunzip.bytesWritten, ending, length }) ? hash.digest('hex') : undefined;
}
