import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { withLock } from '../local/rig/lock';
import { LOCAL_AWS_FOLDER } from '../local/rig/paths';
import { findPython } from '../local/rig/python';
import { runCommand } from '../local/rig/run-command';

const VENV_FOLDER = path.join(LOCAL_AWS_FOLDER, 'aws-cli');
const REQUIREMENTS_FILE = path.join(__dirname, 'aws-cli-requirements.txt');

export interface AwsCli {
  readonly command: string;
  readonly version: string;
}

/** The AWS CLI, the reference for users; created once, and again when the pins change. */
export async function ensureAwsCli(): Promise<AwsCli> {
  const { command: base, version: python } = await findPython('the AWS CLI');
  const requirements = fs.readFileSync(REQUIREMENTS_FILE, 'utf8');
  const fingerprint = crypto.createHash('sha256').update(`${python}\n${requirements}`).digest('hex');
  const marker = path.join(VENV_FOLDER, 'installed');
  await withLock(path.join(LOCAL_AWS_FOLDER, 'aws-cli.lock'), async () => {
    if (fs.existsSync(marker) && fs.readFileSync(marker, 'utf8') === fingerprint) {
      return;
    }
    fs.rmSync(VENV_FOLDER, { recursive: true, force: true });
    await runCommand(base, ['-m', 'venv', VENV_FOLDER]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS_FILE];
    await runCommand(path.join(VENV_FOLDER, 'bin', 'python'), pip);
    fs.writeFileSync(marker, fingerprint);
  });
  return { command: path.join(VENV_FOLDER, 'bin', 'aws'), version: /^awscli==(.+)$/m.exec(requirements)![1] };
}
