import * as path from 'node:path';
import { LOCAL_AWS_FOLDER } from '../local/rig/paths';
import { ensurePython } from '../local/rig/python';

/** The Python of the virtual environment with a scanner. Each has its own, because Checkov pins an older Cloudsplaining. */
export async function ensureScanner(name: 'checkov' | 'cloudsplaining'): Promise<string> {
  const { python } = await ensurePython((line) => process.stderr.write(`scan: ${line}\n`), {
    what: name, folder: path.join(LOCAL_AWS_FOLDER, name), requirementsFile: path.join(__dirname, `${name}-requirements.txt`),
  });
  return python;
}
