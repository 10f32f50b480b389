import { type JudgedFinding, type ScanResult, unexplained } from './finding';

const HEADER = ['scanner', 'checked', 'findings', 'explained', 'unexplained'];

/** One row for each scanner, then every finding without a reason. */
export function renderResults(results: readonly ScanResult[]): string {
  const rows = [HEADER, ...results.map((result) => {
    const { scanner, checked, findings, notChecked } = result;
    const open = unexplained(result).length;
    return notChecked === undefined
      ? [scanner, checked, String(findings.length), String(findings.length - open), String(open)]
      : [scanner, 'not checked', '-', '-', '-'];
  })];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const table = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
  const notes = results.filter(({ notChecked }) => notChecked !== undefined)
    .map(({ scanner, notChecked }) => `${scanner}: not checked: ${notChecked}`);
  return [...table, ...notes, ...results.flatMap(unexplained).map(describe)].join('\n');
}

export function describe({ scanner, rule, where, subject, type, message }: JudgedFinding): string {
  return `unexplained: ${scanner} ${rule} in ${where}: ${subject}${type === undefined ? '' : ` (${type})`}: ${message}`;
}
