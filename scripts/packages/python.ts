import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { withLock } from '../../test/local/rig/lock';
import { PROJECT_ROOT } from '../../test/local/rig/paths';
import { findPython } from '../../test/local/rig/python';
import { runCommand } from '../../test/local/rig/run-command';

/** In node_modules, so that `npm ci` removes it and tools that search the project ignore it. */
export const CACHE = path.join(PROJECT_ROOT, 'node_modules', '.cache', 'packages');

/** Returns the Python of a virtual environment with the requirements and the wheel. It is reused until they change. */
export async function pythonWith(requirements: string, wheel?: string): Promise<string> {
  const { command, version } = await findPython('a virtual environment');
  const hash = crypto.createHash('sha256').update(version).update(fs.readFileSync(requirements));
  const name = hash.digest('hex').slice(0, 16);
  const environment = path.join(CACHE, 'python', name);
  const python = path.join(environment, 'bin', 'python');
  const install = (...what: string[]) => runCommand(
    python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...what],
  );
  await withLock(`${environment}.lock`, async () => {
    const marker = path.join(environment, 'installed');
    if (!fs.existsSync(marker)) {
      fs.rmSync(environment, { recursive: true, force: true });
      await runCommand(command, ['-m', 'venv', environment]);
      await install('--requirement', requirements);
    }
    if (wheel !== undefined && (!fs.existsSync(marker) || fs.readFileSync(marker, 'utf8') !== wheel)) {
      await install('--force-reinstall', '--no-deps', wheel);
    }
    fs.writeFileSync(marker, wheel ?? '');
  });
  return python;
}
