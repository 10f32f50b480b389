import { expect } from './report';
import type { Scene } from './story';
import { modelStore, modelStoreJson } from '../../test/local/rig/model-store';

/** What `model-store audit QUESTION --json` prints. */
export interface Answer<Row> {
  readonly rows: readonly Row[];
  readonly read: { readonly records: number; readonly accessLogLines: number; readonly skipped: readonly unknown[] };
}

/** What `model-store audit report --json` prints, as far as it is needed here. */
export interface AuditReport {
  readonly findings: readonly { readonly question?: string; readonly state: string; readonly severity: string; readonly sentence: string }[];
}

/** What `model-store audit verify-trail --json` prints. */
export interface Verification {
  readonly whole: boolean;
  readonly digestFiles: number;
  readonly logFiles: number;
  readonly problems: readonly unknown[];
}

/** Asks the logs in the log archive with the built command, as the store's auditor and with nobody else's permissions. */
export async function ask<Row>({ store, cast, firstDay }: Scene, question: string, ...options: string[]): Promise<Answer<Row>> {
  return modelStoreJson<Answer<Row>>(store, cast.vera, ['--store', store.name, 'audit', question, '--from', firstDay, ...options]);
}

/** Every question, and the page for people. */
export async function askEverything({ store, cast, firstDay }: Scene, page: string): Promise<AuditReport> {
  return modelStoreJson<AuditReport>(store, cast.vera, ['--store', store.name, 'audit', 'report', '--from', firstDay, '--html', page]);
}

/** Checks the chain of digest files. On AWS the command asks CloudTrail for the keys; here the recorder has made them. */
export async function verifyTrail({ store, cast }: Scene): Promise<Verification> {
  const command = ['--store', store.name, 'audit', 'verify-trail', '--public-keys', store.evidence!.publicKeysFile];
  const { stdout, stderr } = await modelStore(store, cast.vera, [...command, '--json']);
  expect(stdout.startsWith('{'), `model-store ${command.join(' ')} answered: ${stderr.trim() || stdout.trim()}`);
  return JSON.parse(stdout) as Verification;
}
