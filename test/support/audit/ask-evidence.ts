import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ASKED, type MonthOfEvidence, SETTINGS_FILE } from './month-of-evidence';
import { writeEvidence } from './write-evidence';
import type { QueryResult } from '../../../cli/src/audit/database/query-result';
import { settingsOf } from '../../../cli/src/audit/database/settings';
import { namedQueries } from '../../../cli/src/audit/queries/queries';
import { auditAll } from '../../../cli/src/audit/queries/run-queries';
import { FolderSource } from '../../../cli/src/audit/reader/log-source';
import { createProgress } from '../../../cli/src/runtime/progress';

/** These tell what happened, ordinary or not; every row of the other questions is worth a look. */
export const LISTS: readonly string[] = [
  'activity', 'auditor-reads', 'custody', 'denied-requests', 'egress-by-day', 'egress-by-model', 'egress-by-network', 'egress-by-principal',
  'egress-by-requester', 'first-time-readers', 'log-coverage', 'other-requests',
];
export const FINDINGS: readonly string[] = namedQueries().map(({ name }) => name).filter((name) => !LISTS.includes(name));

const SILENT = createProgress('none', { stderr: process.stderr as never, now: Date.now });

export type Row = { readonly [column: string]: string | number | boolean | null };

/** Both kinds of logs, as `writeEvidence` files them. */
export interface LogFolders {
  readonly logs: string;
  readonly accessLogs: string;
}

export type Answers = ReadonlyMap<string, QueryResult>;

/** Writes the evidence into an archive, and has the command's own reader and engine answer every question about November. */
export async function askEvidence(month: MonthOfEvidence): Promise<ReadonlyMap<string, readonly Row[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'month-of-evidence-'));
  try {
    const answers = await askFolders(writeEvidence(folder, month));
    return new Map([...answers].map(([name, { columns, rows }]) => [
      name, rows.map((cells) => Object.fromEntries(cells.map((cell, index) => [columns[index].name, cell]))),
    ]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The answers of the command's own reader and engine to every question about November. */
export async function askFolders({ logs, accessLogs }: LogFolders): Promise<Answers> {
  return auditAll({ environment: { signal: new AbortController().signal }, progress: SILENT }, {
    sources: [{ label: 'trail', source: new FolderSource(logs) }, { label: 'access logs', source: new FolderSource(accessLogs, 1) }],
    days: ASKED, settings: settingsOf(SETTINGS_FILE), queries: namedQueries(), onRead: () => undefined,
  });
}
