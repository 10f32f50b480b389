import { spawn } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as readline from 'node:readline';
import { withLock } from '../local/rig/lock';
import { LOCAL_AWS_FOLDER } from '../local/rig/paths';
import { ensurePython } from '../local/rig/python';
import { runCommand } from '../local/rig/run-command';

const VENV_FOLDER = path.join(LOCAL_AWS_FOLDER, 'audit-sql');
const REQUIREMENTS_FILE = path.join(__dirname, 'audit-sql-requirements.txt');
const SCRIPT = path.join(__dirname, 'audit_sql.py');

/** A Python with DuckDB and a parser of Athena's SQL; created once, and again when the pins change. */
async function ensureAuditSql(): Promise<string> {
  const { python: base, fingerprint: pythonFingerprint } = await ensurePython(() => undefined);
  const fingerprint = crypto.createHash('sha256').update(pythonFingerprint).update(fs.readFileSync(REQUIREMENTS_FILE)).digest('hex');
  const marker = path.join(VENV_FOLDER, 'installed');
  const python = path.join(VENV_FOLDER, 'bin', 'python');
  await withLock(path.join(LOCAL_AWS_FOLDER, 'audit-sql.lock'), async () => {
    if (fs.existsSync(marker) && fs.readFileSync(marker, 'utf8') === fingerprint) {
      return;
    }
    fs.rmSync(VENV_FOLDER, { recursive: true, force: true });
    await runCommand(base, ['-m', 'venv', VENV_FOLDER]);
    await runCommand(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS_FILE]);
    fs.writeFileSync(marker, fingerprint);
  });
  return python;
}

interface Asking {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

let started: Promise<(line: string, asking: Asking) => void> | undefined;

/** One process runs every query of a test file, in order; it ends with the file. */
async function start(): Promise<(line: string, asking: Asking) => void> {
  const child = spawn(await ensureAuditSql(), [SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'] });
  const waiting: Asking[] = [];
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  readline.createInterface({ input: child.stdout }).on('line', (line) => {
    const { answer, error } = JSON.parse(line) as { answer?: unknown; error?: string };
    const asking = waiting.shift()!;
    if (error === undefined) asking.resolve(answer);
    else asking.reject(new Error(error));
  });
  child.once('close', () => waiting.splice(0).forEach(({ reject }) => reject(new Error(`the engine ended: ${complaints}`))));
  // It must not keep the test run alive.
  child.unref();
  [child.stdin, child.stdout, child.stderr].forEach((stream) => (stream as unknown as { unref(): void }).unref());
  return (line, asking) => {
    waiting.push(asking);
    child.stdin.write(`${line}\n`);
  };
}

async function ask<T>(request: object): Promise<T> {
  started ??= start();
  const send = await started;
  return new Promise<T>((resolve, reject) => send(JSON.stringify(request), { resolve: resolve as Asking['resolve'], reject }));
}

/** The error of each statement as Athena's SQL; `null` if it is valid. */
export async function parseAsAthena(statements: readonly string[]): Promise<(string | null)[]> {
  return ask({ parse: statements });
}

export interface Named {
  /** The columns of the answer. */
  readonly columns?: readonly string[];
  /** What is missing. */
  readonly error?: string;
}

export type Schema = { readonly [table: string]: { readonly [column: string]: string } };

/** Looks every name of Athena statements up in a schema. */
export async function resolveNames(sql: readonly string[], schema: Schema): Promise<Named[]> {
  return ask({ names: { sql, schema } });
}

export interface Table {
  /** Name and type. */
  readonly columns: readonly (readonly [string, string])[];
  readonly rows: readonly (readonly unknown[])[];
}

export interface Query {
  readonly sql: string;
  readonly parameters?: readonly unknown[];
}

export interface QueryResult {
  readonly columns: readonly (readonly [string, string])[];
  readonly rows: readonly { readonly [column: string]: unknown }[];
}

/** Fill the tables, make the views, run the queries: on DuckDB, in memory. */
export async function runOnDuckDb(views: string, tables: { readonly [name: string]: Table }, queries: readonly Query[]): Promise<QueryResult[]> {
  return ask({ execute: { views, tables, queries } });
}
