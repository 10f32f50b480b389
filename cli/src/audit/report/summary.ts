import { bytes, count } from './figures';
import type { Finding } from './finding';
import type { Report } from './report';
import { formatTable } from '../../runtime/format';

const HEADS: { readonly [state in Finding['state']]: string } = {
  found: 'FINDINGS', unknown: 'NOT CHECKED', nothing: 'CHECKED, NOTHING FOUND',
};

/** A summary of the report for the terminal. */
export function summary(report: Report): string {
  const { days, findings, totals } = report;
  const row = ({ severity, query, title, count: found, sentence, state }: Finding) => (state === 'nothing'
    ? ['', query ?? `${title} ${sentence}`]
    : [severity, query ?? title, state === 'found' ? found.toLocaleString('en-US') : '-', sentence]);
  const sections = (['found', 'unknown', 'nothing'] as const).flatMap((state) => {
    const those = findings.filter((finding) => finding.state === state);
    const rows = those.map(row).map(([first, ...rest]) => [`  ${first}`, ...rest]);
    return those.length === 0 ? [] : [`${HEADS[state]}\n${formatTable(rows, [2])}`];
  });
  const total = totals && `${bytes(totals.bytesOut)} in ${count(totals.reads, 'read')}`
    + ` by ${count(totals.principals, 'principal')}`
    + `${totals.models === undefined ? '' : ` of ${count(totals.models, 'model')}`}\n`;
  return [`${days.from} to ${days.to}\n`, ...(total === undefined ? [] : [total]), ...sections].join('\n');
}

export function findingsAsJson(report: Report): object {
  const { findings, totals } = report;
  return {
    findings: findings.map(({ query, title, state, severity, count: found, sentence, principals, caveat }) => ({
      ...(query !== undefined && { query }), title, state, severity, count: found, sentence, principals,
      ...(caveat !== undefined && { caveat }),
    })),
    ...(totals && {
      totals: {
        bytes_out: asNumber(totals.bytesOut), reads: asNumber(totals.reads),
        reads_of_unknown_size: asNumber(totals.readsOfUnknownSize),
        principals: totals.principals, models: totals.models, addresses: totals.addresses,
      },
    }),
  };
}

/** Integers beyond the safe range become text, as in query results. */
function asNumber(value: bigint): number | string {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
}
