import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { withLock } from '../local/rig/lock';
import { LOCAL_AWS_FOLDER } from '../local/rig/paths';
import { ensurePython } from '../local/rig/python';
import { runCommand, tryCommand, type CommandResult } from '../local/rig/run-command';

const VENV_FOLDER = path.join(LOCAL_AWS_FOLDER, 'model-signing');
const REQUIREMENTS_FILE = path.join(__dirname, 'model-signing-requirements.txt');

/** OpenSSF's `model_signing`, as users install it; created once, and again when the pins change. */
export async function ensureModelSigning(say: (line: string) => void): Promise<string> {
  const { python: base, fingerprint: pythonFingerprint } = await ensurePython(say);
  const fingerprint = crypto.createHash('sha256').update(pythonFingerprint).update(fs.readFileSync(REQUIREMENTS_FILE)).digest('hex');
  const marker = path.join(VENV_FOLDER, 'installed');
  const command = path.join(VENV_FOLDER, 'bin', 'model_signing');
  await withLock(path.join(LOCAL_AWS_FOLDER, 'model-signing.lock'), async () => {
    if (fs.existsSync(marker) && fs.readFileSync(marker, 'utf8') === fingerprint) {
      return;
    }
    say('installing OpenSSF model_signing (once)');
    fs.rmSync(VENV_FOLDER, { recursive: true, force: true });
    await runCommand(base, ['-m', 'venv', VENV_FOLDER]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS_FILE];
    await runCommand(path.join(VENV_FOLDER, 'bin', 'python'), pip);
    fs.writeFileSync(marker, fingerprint);
  });
  return command;
}

export interface SignatureToVerify {
  readonly folder: string;
  readonly signatureFile: string;
  /** PEM. */
  readonly publicKeyFile: string;
  /** By default, the tool skips `.gitattributes` and similar files; the store signs every file. */
  readonly withGitFiles?: boolean;
}

/** `model_signing verify key`: exit code 0 if the folder matches the signature. */
export async function verifyModelSignature(command: string, signature: SignatureToVerify): Promise<CommandResult> {
  const { folder, signatureFile, publicKeyFile, withGitFiles } = signature;
  return tryCommand(command, [
    'verify', 'key', folder, '--signature', signatureFile, '--public_key', publicKeyFile, ...(withGitFiles ? ['--no-ignore-git-paths'] : []),
  ]);
}
