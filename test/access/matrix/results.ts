import * as fs from 'node:fs';
import * as path from 'node:path';
import { MATRIX_FOLDER, readStores, type Answer, type Cell, type DecidedBy, type Result, type Store, type StoreId } from './matrix';

/** The results of the last run that was recorded: committed, and shown in docs/access.md. */
const RESULTS_FILE = path.join(MATRIX_FOLDER, 'results.json');
/** Where a run of the matrix records its results, one file for each store. */
const RECORDS_FOLDER = path.join(MATRIX_FOLDER, '..', '..', '..', 'test-reports', 'access');

interface Recorded extends Result {
  readonly cell: Cell;
}

/** By principal and action: the answer, and what decided it unless it was a request alone. */
type StoreResults = { readonly [principal: string]: { readonly [action: string]: string } };
export type AllResults = { readonly [store in StoreId]?: StoreResults };

export function recordResults(store: StoreId, results: readonly Recorded[]): void {
  const byPrincipal: { [principal: string]: { [action: string]: string } } = {};
  for (const { cell: { principal, action }, answer, by } of results) {
    (byPrincipal[principal.id] ??= {})[action.id] = answer === undefined ? 'undecided' : by === 'request' ? answer : `${answer} by ${by}`;
  }
  fs.mkdirSync(RECORDS_FOLDER, { recursive: true });
  fs.writeFileSync(recordFile(store), JSON.stringify(byPrincipal));
}

export function readResults(): AllResults {
  return fs.existsSync(RESULTS_FILE) ? JSON.parse(fs.readFileSync(RESULTS_FILE, 'utf8')) as AllResults : {};
}

/** The result of one cell, if it was recorded. */
export function resultOf(results: AllResults, store: StoreId, principal: string, action: string): Result | undefined {
  const text = results[store]?.[principal]?.[action];
  if (text === undefined) {
    return undefined;
  }
  const [answer, by = 'request'] = text.split(' by ');
  return answer === 'undecided' ? {} : { answer: answer as Answer, by: by as DecidedBy };
}

/** Commits what the last runs recorded, and keeps the rest; returns the number of records. */
export function commitRecords(): number {
  const records = readStores().filter(({ id }) => fs.existsSync(recordFile(id)));
  const recorded = records.map(({ id }) => [id, readRecord(id)] as const);
  fs.writeFileSync(RESULTS_FILE, `${JSON.stringify({ ...readResults(), ...Object.fromEntries(recorded) }, undefined, 1)}\n`);
  return records.length;
}

/** The cells whose recorded answer is not the committed one. */
export function differencesToCommitted({ id }: Store): string[] {
  const committed = readResults()[id] ?? {};
  const recorded = readRecord(id);
  const principals = [...new Set([...Object.keys(committed), ...Object.keys(recorded)])];
  return principals.flatMap((principal) => {
    const actions = [...new Set([...Object.keys(committed[principal] ?? {}), ...Object.keys(recorded[principal] ?? {})])];
    return actions.map((action) => [action, committed[principal]?.[action] ?? 'absent', recorded[principal]?.[action] ?? 'absent'])
      .filter(([, before, now]) => before !== now)
      .map(([action, before, now]) => `${principal} × ${action}: ${now}, but ${before} in test/access/matrix/results.json`);
  });
}

function recordFile(store: StoreId): string {
  return path.join(RECORDS_FOLDER, `${store}.json`);
}

function readRecord(store: StoreId): StoreResults {
  return JSON.parse(fs.readFileSync(recordFile(store), 'utf8')) as StoreResults;
}
