import { endOf, type JudgedChain, type JudgedDigest } from './chain';
import { logNameOf, placeOf } from './file-names';
import type { LogFiles } from './log-files';
import type { Note, Problem, Span } from './problems';
import { formatCount } from '../../runtime/format';

/** CloudTrail names a log file when it begins it, and signs for it when it is delivered. */
const MINUTES_TO_DELIVERY = 15;

export interface UnsignedLogs {
  readonly problems: readonly Problem[];
  readonly notes: readonly Note[];
}

interface Named {
  /** Places of log files that digest files sign for. */
  readonly signed: ReadonlySet<string>;
  /** Those of others that are named nevertheless, and what is wrong with whoever names them. */
  readonly doubtful: ReadonlyMap<string, string>;
  /** From when to when there are digest files, by account and Region. */
  readonly areas: ReadonlyMap<string, { readonly begins: string; readonly ends: string }>;
}

/** The log files that no digest file signs for; those that are newer than all digest files may still be signed for. */
export function unsignedLogs(chains: readonly JudgedChain[], files: LogFiles, span: Partial<Span>): UnsignedLogs {
  const { signed, doubtful, areas } = namedLogs(chains);
  const problems: Problem[] = [];
  const pending = new Map<string, number>();
  for (const [place, { name }] of [...files].sort(([, one], [, other]) => (one.name < other.name ? -1 : 1))) {
    const log = logNameOf(name);
    const area = log && areas.get(areaOf(log));
    if (!log || !area || signed.has(place) || (span.to !== undefined && log.deliveredAt >= span.to)) {
      continue;
    }
    const { account, region, deliveredAt, isForeign } = log;
    if (!isForeign && signedAfter(deliveredAt) >= area.ends) {
      pending.set(areaOf(log), (pending.get(areaOf(log)) ?? 0) + 1);
      continue;
    }
    const otherwise = !isForeign && deliveredAt < area.begins
      ? `none: it is from before the first digest file here, which begins at ${area.begins}` : 'none';
    const found = doubtful.get(place) ?? otherwise;
    problems.push({ kind: 'log_unsigned', account, region, file: name, expected: 'a digest file that signs for it', found, from: deliveredAt, to: deliveredAt });
  }
  const notes = [...pending].map(([area, count]) => {
    const [account, region] = area.split(' ');
    const [are, them] = count === 1 ? ['is', 'it'] : ['are', 'them'];
    const message = `${formatCount(count, 'log file')} ${are} newer than the newest digest file (${areas.get(area)?.ends}): nothing signs for ${them} yet`;
    return { account, region, message };
  });
  return { problems, notes };
}

function namedLogs(chains: readonly JudgedChain[]): Named {
  const signed = new Set<string>();
  const doubtful = new Map<string, string>();
  const areas = new Map<string, { readonly begins: string; readonly ends: string }>();
  for (const { digests } of chains) {
    digests.forEach((digest, index) => {
      for (const { key } of digest.read?.digest.logs ?? []) {
        const place = placeOf(key) ?? key;
        if (digest.state === 'signed' || (digest.state === 'unsigned' && isOfItsTime(digest, digests[index - 1], key))) {
          signed.add(place);
        } else {
          doubtful.set(place, `only ${digest.file.name}, ${digest.state === 'bad' ? 'which is not good' : 'whose signature cannot be checked'}`);
        }
      }
      const of = areaOf(digest.name);
      const start = digest.read?.digest.startTime ?? endOf(digest);
      const { begins, ends } = areas.get(of) ?? { begins: start, ends: endOf(digest) };
      areas.set(of, { begins: begins < start ? begins : start, ends: ends > endOf(digest) ? ends : endOf(digest) });
    });
  }
  return { signed, doubtful, areas };
}

/** What nobody can check vouches for nothing but the time after the one before it: a forged one must not cover older log files. */
function isOfItsTime({ name: { backfill } }: JudgedDigest, before: JudgedDigest | undefined, key: string): boolean {
  const log = logNameOf(key);
  return !backfill && before !== undefined && log !== undefined && !log.isForeign && signedAfter(log.deliveredAt) >= endOf(before);
}

function areaOf({ account, region }: { readonly account: string; readonly region: string }): string {
  return `${account} ${region}`;
}

/** Until when a file of this time is surely signed for. */
function signedAfter(time: string): string {
  return new Date(Date.parse(time) + MINUTES_TO_DELIVERY * 60_000).toISOString().replace('.000Z', 'Z');
}
