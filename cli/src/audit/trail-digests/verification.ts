import { type Note, type Problem, type ProblemKind, PROBLEMS } from './problems';
import type { TrailVerification, VerifiedChain } from './verify-trail';
import { visibleText } from '../../../../src/contract/visible-text';
import { isS3Address } from '../../aws/s3-address';
import { formatBytes, formatCount } from '../../runtime/format';

const MAY_HAVE_VERSIONS: readonly ProblemKind[] = [
  'log_missing', 'log_changed', 'digest_missing', 'digest_changed', 'digest_unreadable', 'digest_signature',
];

/** The result for people: for each trail, the periods that are intact, then problems and notes. */
export function verification(
  { logs, chains, digestFiles, logFiles, bytes, problems, notes, unverified }: TrailVerification,
): string {
  const lines = [
    ...chains.flatMap((chain) => chainLines(chain, problems, notes)),
    ...elsewhere(chains, problems, notes),
    `checked ${formatCount(digestFiles, 'digest file')} and ${formatCount(logFiles, 'log file')}, `
      + `${formatBytes(bytes)}: `
      + (problems.length === 0 ? 'no problems found' : `${formatCount(problems.length, 'problem')} found`)
      + (unverified.length === 0 ? '' : `, ${formatCount(unverified.length, 'file')} not verified`),
    ...(isS3Address(logs) && problems.some(({ kind }) => MAY_HAVE_VERSIONS.includes(kind)) ? [
      'The bucket keeps previous versions of its objects for as long as its retention rules say. To list them: '
        + 'aws s3api list-object-versions --bucket … --prefix <file>',
    ] : []),
  ];
  return lines.map((line) => `${visibleText(line)}\n`).join('');
}

function chainLines(chain: VerifiedChain, problems: readonly Problem[], notes: readonly Note[]): string[] {
  const { account, region, trail, backfill, whole, buckets, digestFiles } = chain;
  const isOf = (of: Note | Problem) => of.account === account && of.region === region && of.trail === trail;
  const files = formatCount(digestFiles, backfill ? 'backfill digest file' : 'digest file');
  return [
    `trail ${trail}, account ${account}, ${region}${
      buckets.length === 0 ? '' : `, delivered to ${buckets.join(', ')}`}: ${files}`,
    ...whole.map(({ from, to }) => `  intact from ${from} to ${to}`),
    ...(whole.length === 0 && !backfill ? ['  not verified as intact for any period'] : []),
    // Problems of backfill files are listed with the chain that they complete.
    ...(backfill ? [] : [
      ...problemsLines(problems.filter(isOf)), ...notes.filter(isOf).map(({ message }) => `  note: ${message}`),
    ]),
    '',
  ];
}

/** Problems and notes that belong to no listed trail. */
function elsewhere(chains: readonly VerifiedChain[], problems: readonly Problem[], notes: readonly Note[]): string[] {
  const isReported = (of: Note | Problem) =>
    chains.some(({ account, region, trail, backfill }) =>
      !backfill && account === of.account && region === of.region && trail === of.trail);
  const others = [...problems, ...notes].filter((of) => !isReported(of));
  const areas = [...new Set(others.map(({ account, region }) => `account ${account}, ${region}`))];
  return areas.flatMap((area) => {
    const isIn = (of: Note | Problem) => !isReported(of) && `account ${of.account}, ${of.region}` === area;
    const lines = notes.filter(isIn).map(({ message }) => `  note: ${message}`);
    return [`${area}:`, ...problemsLines(problems.filter(isIn)), ...lines, ''];
  });
}

/** Groups log files that no digest file lists, because there is nothing else to report about each. */
function problemsLines(problems: readonly Problem[]): string[] {
  const unsigned = new Map<string, string[]>();
  for (const { kind, found, file = '' } of problems) {
    if (kind === 'log_unsigned') {
      unsigned.set(found, [...unsigned.get(found) ?? [], file]);
    }
  }
  return [
    ...problems.filter(({ kind }) => kind !== 'log_unsigned').flatMap(problemLines),
    ...[...unsigned].flatMap(([found, files]) => [
      `  ${formatCount(files.length, 'log file')} not in any valid digest file${found === 'none' ? '' : `: ${found}`}`,
      ...files.map((file) => `    ${file}`),
    ]),
  ];
}

function problemLines({ kind, file, expected, found, from, to }: Problem): string[] {
  const when = from !== undefined && to !== undefined ? from === to ? `, ${from}` : `, ${from} to ${to}`
    : to === undefined ? '' : `, until ${to}`;
  return [
    `  ${PROBLEMS[kind]}${when}`,
    ...(file === undefined ? [] : [`    file:     ${file}`]),
    `    expected: ${expected}`,
    `    found:    ${found}`,
  ];
}
