import * as fs from 'node:fs';
import * as path from 'node:path';
import { RUNS_FOLDER } from '../../local/rig/paths';
import { identify, isRunning, type ProcessIdentity } from '../../local/rig/process-identity';

const PREFIX = 'engines-';
const FILE = 'servers.ndjson';
const KEEP_LOGS_MS = 24 * 60 * 60 * 1000;

interface Entry {
  readonly owner: ProcessIdentity;
  readonly server: ProcessIdentity;
}

/** A folder for one run. */
export function newRunFolder(): string {
  return path.join(RUNS_FOLDER, `${PREFIX}${process.pid}-${Date.now().toString(36)}`);
}

/** Records in the run folder which server this process started. */
export function noteServer(runFolder: string, pid: number): void {
  const entry = { owner: identify(process.pid), server: identify(pid) };
  fs.appendFileSync(path.join(runFolder, FILE), `${JSON.stringify(entry)}\n`);
}

/** Stops processes of a run that was killed before it could clean up, and deletes old logs. */
export function tidyUp(): void {
  const runs = fs.existsSync(RUNS_FOLDER) ? fs.readdirSync(RUNS_FOLDER).filter((name) => name.startsWith(PREFIX)) : [];
  for (const run of runs.map((name) => path.join(RUNS_FOLDER, name))) {
    const entries = entriesOf(path.join(run, FILE));
    const orphans = entries.filter(({ owner, server }) => !isRunning(owner) && isRunning(server));
    orphans.forEach(({ server }) => process.kill(server.pid, 'SIGKILL'));
    const old = Date.now() - fs.statSync(run).mtimeMs > KEEP_LOGS_MS;
    if (orphans.length > 0 || (old && !entries.some(({ owner }) => isRunning(owner)))) {
      fs.rmSync(run, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

function entriesOf(file: string): Entry[] {
  if (!fs.existsSync(file)) {
    return [];
  }
  const entries = fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Partial<Entry>);
  return entries.filter((entry): entry is Entry => entry.owner !== undefined && entry.server !== undefined);
}
