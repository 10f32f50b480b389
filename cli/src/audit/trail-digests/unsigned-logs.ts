import { endOf, type JudgedChain, type JudgedDigest } from './chain';
import { logNameOf, placeOf } from './file-names';
import type { LogFiles } from './log-files';
import type { Note, Problem, Span } from './problems';
import { formatCount } from '../../runtime/format';

/** CloudTrail names a log file when it starts it, and lists it in a digest file when it is delivered. */
const MINUTES_TO_DELIVERY = 15;

export interface UnsignedLogs {
  readonly problems: readonly Problem[];
  readonly notes: readonly Note[];
  /** Log files that only backfill digest files without their signatures list. */
  readonly unverified: readonly string[];
}

interface Named {
  /** Places of log files that valid digest files list. */
  readonly signed: ReadonlySet<string>;
  /** Places of log files that only invalid digest files list, with what is wrong with those. */
  readonly doubtful: ReadonlyMap<string, string>;
  /** Places of log files that backfill digest files list whose signatures only the bucket has. */
  readonly unverified: ReadonlySet<string>;
  /** The period that digest files cover, by account and Region. */
  readonly areas: ReadonlyMap<string, { readonly begins: string; readonly ends: string }>;
}

/** Finds log files that no digest file lists. Those newer than all digest files only cause a note. */
export function unsignedLogs(chains: readonly JudgedChain[], files: LogFiles, span: Partial<Span>): UnsignedLogs {
  const { signed, doubtful, unverified, areas } = namedLogs(chains);
  const problems: Problem[] = [];
  const notVerified: string[] = [];
  const pending = new Map<string, number>();
  for (const [place, { name }] of [...files].sort(([, one], [, other]) => (one.name < other.name ? -1 : 1))) {
    const log = logNameOf(name);
    const area = log && areas.get(areaOf(log));
    if (!log || !area || signed.has(place) || (span.to !== undefined && log.deliveredAt >= span.to)) {
      continue;
    }
    const { account, region, deliveredAt, isForeign } = log;
    if (unverified.has(place)) {
      notVerified.push(name);
      continue;
    }
    if (!isForeign && signedAfter(deliveredAt) >= area.ends) {
      pending.set(areaOf(log), (pending.get(areaOf(log)) ?? 0) + 1);
      continue;
    }
    const otherwise = !isForeign && deliveredAt < area.begins
      ? `older than the first digest file here, which starts at ${area.begins}` : 'none';
    const found = doubtful.get(place) ?? otherwise;
    problems.push({
      kind: 'log_unsigned', account, region, file: name,
      expected: 'a digest file that lists it', found, from: deliveredAt, to: deliveredAt,
    });
  }
  const notes = [...pending].map(([area, count]) => {
    const [account, region] = area.split(' ');
    const [are, were] = count === 1 ? ['is', 'was'] : ['are', 'were'];
    const message = `${formatCount(count, 'log file')} ${are} newer than the newest digest file (${
      areas.get(area)?.ends}) and ${were} not verified`;
    return { account, region, message };
  });
  return { problems, notes, unverified: notVerified };
}

function namedLogs(chains: readonly JudgedChain[]): Named {
  const signed = new Set<string>();
  const doubtful = new Map<string, string>();
  const unverified = new Set<string>();
  const areas = new Map<string, { readonly begins: string; readonly ends: string }>();
  for (const { digests } of chains) {
    digests.forEach((digest, index) => {
      for (const { key } of digest.read?.digest.logs ?? []) {
        const place = placeOf(key) ?? key;
        const isTrusted = digest.state === 'signed'
          || (digest.state === 'unsigned' && isOfItsTime(digest, digests[index - 1], key));
        if (isTrusted) {
          signed.add(place);
        } else if (isUnverified(digest)) {
          unverified.add(place);
        } else {
          const problem = digest.state === 'bad' ? 'which is not valid' : 'whose signature cannot be verified';
          doubtful.set(place, `only in ${digest.file.name}, ${problem}`);
        }
      }
      const of = areaOf(digest.name);
      const start = digest.read?.digest.startTime ?? endOf(digest);
      const { begins, ends } = areas.get(of) ?? { begins: start, ends: endOf(digest) };
      areas.set(of, { begins: begins < start ? begins : start, ends: ends > endOf(digest) ? ends : endOf(digest) });
    });
  }
  return { signed, doubtful, unverified, areas };
}

/** Whether only the bucket can show whether a digest file is valid. */
export function isUnverified({ state, name }: JudgedDigest): boolean {
  return state === 'unsigned' && name.backfill;
}

/** A digest file without a verifiable signature covers only its own period, so a forged one cannot cover older logs. */
function isOfItsTime({ name: { backfill } }: JudgedDigest, before: JudgedDigest | undefined, key: string): boolean {
  const log = logNameOf(key);
  if (backfill || before === undefined || log === undefined || log.isForeign) {
    return false;
  }
  return signedAfter(log.deliveredAt) >= endOf(before);
}

function areaOf({ account, region }: { readonly account: string; readonly region: string }): string {
  return `${account} ${region}`;
}

/** The time by which a log file of this time is certainly listed in a digest file. */
function signedAfter(time: string): string {
  return new Date(Date.parse(time) + MINUTES_TO_DELIVERY * 60_000).toISOString().replace('.000Z', 'Z');
}
