import * as fs from 'node:fs';
import * as path from 'node:path';
import { withLock } from './lock';
import { LOCAL_AWS_FOLDER, MODEL_STORE_CLI, PROJECT_ROOT, TSX_CLI } from './paths';
import { runCommand } from './run-command';

/** The sources of the bundles. */
const SOURCES = ['src/handlers', 'src/contract', 'src/audit/queries', 'src/audit/views', 'cli/src', 'scripts/bundle.ts', 'package-lock.json'];
const FUNCTIONS = ['upload', 'download', 'registry', 'logging-role'];

/** Bundles the functions and the command line if their sources changed since the last time. */
export async function ensureBundles(say: (line: string) => void): Promise<void> {
  await withLock(path.join(LOCAL_AWS_FOLDER, 'bundles.lock'), async () => {
    if (!areFresh()) {
      say('bundling the functions and the command line');
      await runCommand(process.execPath, [TSX_CLI, path.join('scripts', 'bundle.ts')], { cwd: PROJECT_ROOT });
    }
  });
}

function areFresh(): boolean {
  const outputs = [MODEL_STORE_CLI, ...FUNCTIONS.map((name) => path.join(PROJECT_ROOT, 'assets', name))];
  if (!outputs.every((output) => fs.existsSync(output))) {
    return false;
  }
  const oldestOutput = Math.min(...outputs.flatMap(modificationTimes));
  const newestSource = Math.max(...SOURCES.flatMap((source) => modificationTimes(path.join(PROJECT_ROOT, source))));
  return newestSource <= oldestOutput;
}

/** Of the file, or of every file below the folder. */
function modificationTimes(file: string): number[] {
  const stat = fs.statSync(file);
  return stat.isDirectory()
    ? fs.readdirSync(file).flatMap((name) => modificationTimes(path.join(file, name)))
    : [stat.mtimeMs];
}
