import { PAGE_FILE, type SigningKey, SUMS_FILE, VERIFY_FILE, verifyText } from './verify-text';
import { visibleLines } from '../../../../src/contract/visible-text';
import { csv, records } from '../queries/render';
import { checksumList, sha256 } from '../report/evidence-files';
import { findingsAsOcsf } from '../report/ocsf';
import type { Report } from '../report/report';
import { reportAsJson } from '../report/report-json';

/** The name and content of each file. Folders are part of the name. */
export type ExportFiles = ReadonlyMap<string, string>;

/** Everything that a report says and rests on, and the list of its checksums. */
export function exportFiles(report: Report, page: string, signedWith?: SigningKey): ExportFiles {
  const { answers, days, findings, queries, files = [] } = report;
  const written = new Map([
    [PAGE_FILE, page],
    ['report.json', json(reportAsJson(report))],
    ['findings.ocsf.jsonl', visibleLines(findingsAsOcsf(report))],
    ['evidence.csv', csv({
      columns: [
        { name: 'file', type: 'text' }, { name: 'day', type: 'text' },
        { name: 'bytes', type: 'number' }, { name: 'sha256', type: 'text' },
      ],
      rows: files.map(({ file, day, bytes, sha256: digest }) => [file, day ?? null, bytes, digest ?? null]),
    })],
    ['evidence.sha256', checksumList(files)],
    [VERIFY_FILE, verifyText(signedWith)],
  ]);
  for (const { name, title } of queries) {
    const found = answers.get(name)!;
    const unknown = findings.find(({ query, state }) => query === name && state === 'unknown');
    written.set(`answers/${name}.csv`, csv(found));
    written.set(`answers/${name}.json`, json({
      query: name, title, ...days,
      ...(unknown ? { status: 'not checked', reason: unknown.sentence } : { status: 'checked' }),
      columns: found.columns, rows: records(found),
    }));
  }
  const sums = [...written].map(([file, content]) => ({ file, sha256: sha256(content) }));
  return written.set(SUMS_FILE, checksumList(sums));
}

/** The same document, in which no character is invisible. */
function json(content: object): string {
  return visibleLines(`${JSON.stringify(content, undefined, 2)}\n`);
}
