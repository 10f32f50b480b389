import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { withLock } from './lock';
import { LOCAL_AWS_FOLDER, REQUIREMENTS_FILE, VENV_FOLDER } from './paths';
import { runCommand, tryCommand } from './run-command';

const OLDEST_PYTHON = [3, 10] as const;

const PROBE = `
import json, sys
def has(module):
    try:
        __import__(module)
        return True
    except ImportError:
        return False
print(json.dumps({"version": list(sys.version_info[:3]), "venv": has("venv"), "ensurepip": has("ensurepip")}))
`;

/** The first Python on the PATH that is new enough. */
export async function findPython(purpose = 'the local AWS'): Promise<{ command: string; version: string }> {
  const seen: string[] = [];
  for (const command of ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python']) {
    const probe = await tryCommand(command, ['-c', PROBE]).catch(() => undefined);
    if (!probe || probe.exitCode !== 0) {
      continue;
    }
    const { version, venv, ensurepip } = JSON.parse(probe.stdout) as { version: number[]; venv: boolean; ensurepip: boolean };
    const named = version.join('.');
    if (version[0] !== OLDEST_PYTHON[0] || version[1] < OLDEST_PYTHON[1]) {
      seen.push(`${command} is ${named}`);
    } else if (!venv || !ensurepip) {
      seen.push(`${command} ${named} cannot make virtual environments (on Debian and Ubuntu: apt install python3-venv)`);
    } else {
      return { command, version: named };
    }
  }
  throw new Error(
    `${purpose} needs Python ${OLDEST_PYTHON.join('.')} or newer with "venv" and "ensurepip" on the PATH; ` +
    (seen.length > 0 ? `found only: ${seen.join('; ')}` : 'found no Python at all (https://www.python.org/downloads/)'),
  );
}

export interface PythonEnvironment {
  readonly python: string;
  /** Changes whenever the installed packages change. */
  readonly fingerprint: string;
}

export interface PinnedPackages {
  /** The name of the packages in messages. */
  readonly what: string;
  /** The folder of the virtual environment. */
  readonly folder: string;
  readonly requirementsFile: string;
}

const LOCAL_AWS: PinnedPackages = { what: 'the local AWS', folder: VENV_FOLDER, requirementsFile: REQUIREMENTS_FILE };

/** The virtual environment with the pinned packages: created once, and again when the pins change. */
export async function ensurePython(say: (line: string) => void, packages: PinnedPackages = LOCAL_AWS): Promise<PythonEnvironment> {
  const { what, folder, requirementsFile } = packages;
  const { command, version } = await findPython(what);
  const python = path.join(folder, 'bin', 'python');
  const fingerprint = crypto.createHash('sha256').update(`${version}\n`).update(fs.readFileSync(requirementsFile)).digest('hex');
  const marker = path.join(folder, 'installed');

  await withLock(path.join(LOCAL_AWS_FOLDER, `${path.basename(folder)}.lock`), async () => {
    if (fs.existsSync(marker) && fs.readFileSync(marker, 'utf8') === fingerprint && fs.existsSync(python)) {
      return;
    }
    say(`installing ${what} into ${path.relative(process.cwd(), folder)} (Python ${version}, once)`);
    fs.rmSync(folder, { recursive: true, force: true });
    await runCommand(command, ['-m', 'venv', folder]);
    await runCommand(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirementsFile]);
    fs.writeFileSync(marker, fingerprint);
  });
  return { python, fingerprint };
}
