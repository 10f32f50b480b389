import * as path from 'node:path';
import { LOCAL_AWS_FOLDER } from '../local/rig/paths';
import { ensurePython } from '../local/rig/python';

const REQUIREMENTS_FILE = path.join(__dirname, 'schemathesis-requirements.txt');

/** Python with Schemathesis, which generates requests from an OpenAPI document and checks the responses against it. */
export async function ensureSchemathesis(): Promise<{ readonly command: string; readonly hooks: string }> {
  const { python } = await ensurePython((line) => process.stderr.write(`local AWS: ${line}\n`), {
    what: 'Schemathesis', folder: path.join(LOCAL_AWS_FOLDER, 'schemathesis'), requirementsFile: REQUIREMENTS_FILE,
  });
  return { command: path.join(path.dirname(python), 'schemathesis'), hooks: path.join(__dirname, 'schemathesis_hooks.py') };
}
