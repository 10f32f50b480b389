import * as path from 'node:path';
import { LOCAL_AWS_FOLDER } from '../../../local/rig/paths';
import { ensurePython, type PythonEnvironment } from '../../../local/rig/python';
import { runCommand } from '../../../local/rig/run-command';

const FOLDER = path.join(__dirname, '..');

/** The virtual environment with moto and cfn-lint. */
export async function ensureEmulator(): Promise<PythonEnvironment> {
  return ensurePython((line) => process.stderr.write(`engines: ${line}\n`), {
    what: 'moto and cfn-lint', folder: path.join(LOCAL_AWS_FOLDER, 'cloudformation'), requirementsFile: path.join(FOLDER, 'requirements.txt'),
  });
}

/** The installed version of a package. */
export async function versionOf(python: string, name: string): Promise<string> {
  const { stdout } = await runCommand(python, ['-c', `import importlib.metadata; print(importlib.metadata.version(${JSON.stringify(name)}))`]);
  return stdout.trim();
}
