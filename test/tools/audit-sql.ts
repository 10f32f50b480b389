import { execFile } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { withLock } from '../local/rig/lock';
import { LOCAL_AWS_FOLDER } from '../local/rig/paths';
import { ensurePython } from '../local/rig/python';
import { runCommand } from '../local/rig/run-command';

const VENV_FOLDER = path.join(LOCAL_AWS_FOLDER, 'audit-sql');
const REQUIREMENTS_FILE = path.join(__dirname, 'audit-sql-requirements.txt');
const SCRIPT = path.join(__dirname, 'audit_sql.py');
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/** A Python with DuckDB and a parser of Athena's SQL; made once, made anew when the pins change. */
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

async function ask<T>(request: object): Promise<T> {
  const python = await ensureAuditSql();
  return new Promise<T>((resolve, reject) => {
    const child = execFile(python, [SCRIPT], { maxBuffer: MOST_OUTPUT_BYTES }, (error, stdout, stderr) => {
      if (error) {
        reject(new Error(`${stderr}\n${error.message}`));
      } else {
        resolve(JSON.parse(stdout) as T);
      }
    });
    child.stdin!.end(JSON.stringify(request));
  });
}

/** What is wrong with each statement as Athena's SQL; `null` where nothing is. */
export async function parseAsAthena(statements: readonly string[]): Promise<(string | null)[]> {
  return ask({ parse: statements });
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
  return ask({ views, tables, queries });
}
