import { type JudgedChain, type JudgedDigest, judgeChain, type LoadedDigest, wholeSpans } from './chain';
import { readDigest } from './digest-file';
import type { Evidence, EvidenceFile, Period } from './evidence';
import { chainOf, type ChainName, digestNameOf, logNameOf, placeOf } from './file-names';
import { checkLogs, type LogFiles } from './log-files';
import type { Note, Problem, Span } from './problems';
import type { PublicKeys } from './public-keys';
import { isUnverified, unsignedLogs } from './unsigned-logs';
import { forEachInParallel } from '../../runtime/concurrency';
import type { Environment } from '../../runtime/environment';
import { EXIT, Failure } from '../../runtime/failure';
import { formatCount } from '../../runtime/format';
import type { Progress } from '../../runtime/progress';
import { dayAfter } from '../reader/days';

export interface VerifyTrailContext {
  readonly environment: Pick<Environment, 'signal' | 'now'>;
  readonly progress: Progress;
}

export interface VerifyTrailOptions {
  readonly evidence: Evidence;
  /** The days to verify. Gaps at the edges are problems only for explicitly requested days. */
  readonly period: Period;
  readonly asked: { readonly from: boolean; readonly to: boolean };
  /** Provides the public keys for these Regions and this period. */
  readonly keys: (of: readonly ChainName[], span: Partial<Span>) => Promise<PublicKeys>;
  /** Accounts and Regions that must have digest files. */
  readonly areas?: readonly { readonly account: string; readonly region: string }[];
}

export interface VerifiedChain {
  readonly account: string;
  readonly region: string;
  readonly trail: string;
  readonly homeRegion: string;
  readonly backfill: boolean;
  /** The buckets to which its digest files were delivered. */
  readonly buckets: readonly string[];
  readonly digestFiles: number;
  /** The periods without missing or modified files. Empty for a backfill chain. */
  readonly whole: readonly Span[];
}

export interface TrailVerification {
  /** The location of the files: a folder or an S3 address. */
  readonly logs: string;
  readonly period: Period;
  /** Whether everything was verified, without problems. */
  readonly whole: boolean;
  readonly chains: readonly VerifiedChain[];
  readonly digestFiles: number;
  readonly logFiles: number;
  readonly bytes: number;
  readonly problems: readonly Problem[];
  readonly notes: readonly Note[];
  /** Files that only the bucket can verify: backfill digest files, and log files that no other digest file lists. */
  readonly unverified: readonly string[];
}

const CONCURRENCY = 16;

/** CloudTrail delivers a digest file every hour, with some delay after the hour ends. */
const HOURS_TO_DIGEST = 2;

export async function verifyTrail(
  { environment, progress }: VerifyTrailContext, options: VerifyTrailOptions,
): Promise<TrailVerification> {
  const { evidence, period } = options;
  const { signal } = environment;
  const span = spanOf(period);
  const loaded = await loadDigests(evidence, period, signal,
    (count) => progress.note(formatCount(count, 'digest file')));
  const groups = groupsOf(loaded);
  const files: LogFiles = new Map();
  const problems: Problem[] = [];
  for await (const file of evidence.logs(period)) {
    signal.throwIfAborted();
    problems.push(...keep(files, file));
  }
  requireEvidence(groups, files, options);
  const keys = await options.keys(groups.map(([{ name }]) => name), span);
  const chains = groups.map((group) => judgeChain(group, { keys, span, bucket: evidence.bucket }));
  const checks = await checkLogs(chains, files, evidence, signal, (bytes) => progress.begin('hashing', bytes));
  const unsigned = unsignedLogs(chains, files, span);
  const verified = chains.filter(({ digests }) => digests.length > 0)
    .map((chain) => ({ chain, result: verifiedChain(chain, (digest) => checks.good.has(digest), span) }));
  problems.push(
    ...chains.flatMap((chain) => chain.problems), ...checks.problems, ...unsigned.problems,
    ...missingAreas(options, groups, files),
    ...verified.flatMap(({ chain }) => uncovered(chain, options, environment.now())),
  );
  const late = verified.map(({ chain }) => ({ chain, digests: chain.digests.filter(isUnverified) }))
    .filter(({ digests }) => digests.length > 0);
  const notes = [
    ...late.map(({ digests }) => noteAbout(digests, unsigned.unverified)),
    ...verified.flatMap(({ chain, result: { account, region, trail } }) =>
      chain.notes.map((message) => ({ account, region, trail, message }))),
    ...unsigned.notes,
  ];
  return {
    logs: evidence.name,
    period,
    whole: problems.length === 0 && late.length === 0,
    chains: verified.map(({ result }) => result),
    digestFiles: verified.reduce((sum, { result }) => sum + result.digestFiles, 0),
    logFiles: checks.count,
    bytes: checks.bytes,
    problems,
    notes,
    unverified: [...late.flatMap(({ digests }) => digests.map(({ file }) => file.name)), ...unsigned.unverified],
  };
}

/** A copy of an archive cannot show whether a backfill digest file is valid. */
function noteAbout(digests: readonly JudgedDigest[], unverified: readonly string[]): Note {
  const [{ name: { account, region, trail }, read }] = digests;
  const files = formatCount(digests.length, 'backfill digest file');
  const logs = unverified.map(logNameOf).filter((log) => log?.account === account && log.region === region).length;
  return {
    account, region, trail,
    message: `not verified: ${files}, and ${formatCount(logs, 'log file')} in no other digest file. Only the metadata`
      + ' of the S3 object has the signature of a backfill digest file, and a download loses it. To verify them:'
      + ` model-store audit verify-trail --logs s3://${read?.digest.bucket ?? 'BUCKET'}/`,
  };
}

function spanOf({ from, to }: Period): Partial<Span> {
  return {
    ...(from !== undefined && { from: `${from}T00:00:00Z` }),
    ...(to !== undefined && { to: `${dayAfter(to)}T00:00:00Z` }),
  };
}

async function loadDigests(
  evidence: Evidence, period: Period, signal: AbortSignal, found: (count: number) => void,
): Promise<LoadedDigest[]> {
  const files: EvidenceFile[] = [];
  for await (const file of evidence.digests(period)) {
    signal.throwIfAborted();
    files.push(file);
  }
  found(files.length);
  const loaded: LoadedDigest[] = [];
  await forEachInParallel(files, CONCURRENCY, signal, async (file) => {
    const name = digestNameOf(file.name);
    if (name) {
      const { bytes, signature } = await evidence.readDigest(file);
      const read = await readDigest(bytes).catch((error: Error) => error.message);
      loaded.push({ file, name, signature, ...(typeof read === 'string' ? { fault: read } : { read }) });
    }
  });
  return loaded;
}

/** Groups digest files by chain, each sorted by time. */
function groupsOf(loaded: readonly LoadedDigest[]): LoadedDigest[][] {
  const groups = new Map<string, LoadedDigest[]>();
  for (const digest of loaded) {
    const id = chainOf(digest.name);
    groups.set(id, [...groups.get(id) ?? [], digest]);
  }
  const byTime = (one: LoadedDigest, other: LoadedDigest) => (one.name.endTime < other.name.endTime ? -1 : 1);
  return [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group.sort(byTime));
}

function keep(files: LogFiles, file: EvidenceFile): Problem[] {
  const place = placeOf(file.name) ?? file.name;
  const known = files.get(place);
  const log = logNameOf(file.name);
  if (known && log) {
    const { account, region } = log;
    return [{
      kind: 'log_twice', account, region, file: file.name, expected: 'one file of this name',
      found: `another one at ${known.name}; only that one was checked`,
    }];
  }
  files.set(place, file);
  return [];
}

/** Fails without digest files: no evidence must not look like intact evidence. */
function requireEvidence(
  groups: readonly (readonly LoadedDigest[])[], files: LogFiles, { evidence, period }: VerifyTrailOptions,
): void {
  if (groups.length > 0) {
    return;
  }
  const when = period.from === undefined && period.to === undefined ? ''
    : ` for ${period.from ?? 'the beginning'} to ${period.to ?? 'the end'}`;
  const logs = formatCount(files.size, 'log file');
  throw new Failure(`no digest files${when} at ${evidence.name}, so the ${logs} there cannot be verified`, {
    code: 'no_digests',
    exitCode: EXIT.NOT_FOUND,
    hint: 'Digest files are in "CloudTrail-Digest", next to "CloudTrail" with the log files. CloudTrail delivers them'
      + ' only if log file validation is enabled for the trail.',
  });
}

function verifiedChain(
  chain: JudgedChain, isGood: Parameters<typeof wholeSpans>[1], span: Partial<Span>,
): VerifiedChain {
  const { account, region, trail, homeRegion, backfill } = chain.digests[0].name;
  const buckets = chain.digests.flatMap(({ read, state }) => (read && state !== 'bad' ? [read.digest.bucket] : []));
  return {
    account,
    region,
    trail,
    homeRegion,
    backfill,
    buckets: [...new Set(buckets)],
    digestFiles: chain.digests.length,
    whole: backfill ? [] : wholeSpans(chain.digests, isGood, span),
  };
}

function missingAreas(
  { areas = [], evidence }: VerifyTrailOptions, groups: readonly (readonly LoadedDigest[])[], files: LogFiles,
): Problem[] {
  const known = new Set(groups.map(([{ name }]) => `${name.account} ${name.region}`));
  const logs = new Map<string, number>();
  for (const { name } of files.values()) {
    const log = logNameOf(name);
    if (log) {
      logs.set(`${log.account} ${log.region}`, (logs.get(`${log.account} ${log.region}`) ?? 0) + 1);
    }
  }
  const wanted = new Set([...areas.map(({ account, region }) => `${account} ${region}`), ...logs.keys()]);
  return [...wanted].filter((area) => !known.has(area)).sort().map((area) => {
    const [account, region] = area.split(' ');
    return {
      kind: 'no_digests', account, region, expected: `digest files at ${evidence.name}`,
      found: `none, for ${formatCount(logs.get(area) ?? 0, 'log file')}`,
    };
  });
}

/** The requested periods before the first and after the last valid digest file. */
function uncovered({ digests }: JudgedChain, { period, asked }: VerifyTrailOptions, now: number): Problem[] {
  const signed = digests.flatMap(({ state, read }) => (state === 'signed' && read ? [read.digest] : []));
  const { account, region, trail, backfill } = digests[0].name;
  if (backfill || signed.length === 0) {
    return [];
  }
  const of = { kind: 'gap', account, region, trail } as const;
  const { from, to } = spanOf(period);
  const late = new Date(now - HOURS_TO_DIGEST * 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
  const end = to !== undefined && to < late ? to : late;
  const [{ startTime: first }, { endTime: last }] = [signed[0], signed[signed.length - 1]];
  return [
    ...(asked.from && from !== undefined && first > from ? [{
      ...of, from, to: first,
      expected: `digest files starting at ${from}`, found: `the first valid one starts at ${first}`,
    }] : []),
    ...(asked.to && last < end ? [{
      ...of, from: last, to: end,
      expected: `digest files until ${end}`, found: `the last valid one ends at ${last}`,
    }] : []),
  ];
}
