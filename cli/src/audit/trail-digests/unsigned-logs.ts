import { endOf, type JudgedChain } from './chain';
import { logNameOf, placeOf } from './file-names';
import type { LogFiles } from './log-files';
import type { Note, Problem, Span } from './problems';

/** CloudTrail names a log file when it begins it, and signs for it when it is delivered. */
const MINUTES_TO_DELIVERY = 15;

export interface UnsignedLogs {
  readonly problems: readonly Problem[];
  readonly notes: readonly Note[];
}

/** The log files that no digest file signs for; those that are newer than all digest files may still be signed for. */
export function unsignedLogs(chains: readonly JudgedChain[], files: LogFiles, span: Partial<Span>): UnsignedLogs {
  const signed = new Set<string>();
  const doubtful = new Map<string, string>();
  const known = new Map<string, { readonly begins: string; readonly ends: string }>();
  for (const digest of chains.flatMap(({ digests }) => digests)) {
    for (const { key } of digest.read?.digest.logs ?? []) {
      if (digest.state === 'bad') {
        doubtful.set(placeOf(key) ?? key, digest.file.name);
      } else {
        signed.add(placeOf(key) ?? key);
      }
    }
    const of = areaOf(digest.name);
    const start = digest.read?.digest.startTime ?? endOf(digest);
    const before = known.get(of);
    known.set(of, {
      begins: before && before.begins < start ? before.begins : start,
      ends: before && before.ends > endOf(digest) ? before.ends : endOf(digest),
    });
  }
  const problems: Problem[] = [];
  const pending = new Map<string, number>();
  for (const [place, { name }] of [...files].sort(([, one], [, other]) => (one.name < other.name ? -1 : 1))) {
    const log = logNameOf(name);
    const area = log && known.get(areaOf(log));
    if (!log || !area || signed.has(place) || (span.to !== undefined && log.deliveredAt >= span.to)) {
      continue;
    }
    if (!log.isForeign && minutesAfter(log.deliveredAt, MINUTES_TO_DELIVERY) >= area.ends) {
      pending.set(areaOf(log), (pending.get(areaOf(log)) ?? 0) + 1);
      continue;
    }
    const { account, region, deliveredAt } = log;
    const claimant = doubtful.get(place);
    problems.push({
      kind: 'log_unsigned',
      account,
      region,
      file: name,
      expected: 'a digest file that signs for it',
      found: claimant !== undefined ? `only ${claimant}, which is not good`
        : !log.isForeign && deliveredAt < area.begins ? `none: it is from before the first digest file here, which begins at ${area.begins}` : 'none',
      from: deliveredAt,
      to: deliveredAt,
    });
  }
  const notes = [...pending].map(([area, count]) => {
    const [account, region] = area.split(' ');
    return { account, region, message: `${count} log file${count === 1 ? ' is' : 's are'} newer than the newest digest file (${known.get(area)?.ends}): nothing signs for ${count === 1 ? 'it' : 'them'} yet` };
  });
  return { problems, notes };
}

function areaOf({ account, region }: { readonly account: string; readonly region: string }): string {
  return `${account} ${region}`;
}

function minutesAfter(time: string, minutes: number): string {
  return new Date(Date.parse(time) + minutes * 60_000).toISOString().replace('.000Z', 'Z');
}
