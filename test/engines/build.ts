import { spawnSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Engine } from '../fidelity/proves';
import { withLock } from '../local/rig/lock';
import { LOCAL_AWS_FOLDER } from '../local/rig/paths';
import { runCommand } from '../local/rig/run-command';

/** The binaries, each in a separate folder. */
const FOLDER = path.join(LOCAL_AWS_FOLDER, 'engines');
const BUILD_TIMEOUT_MS = 30 * 60_000;

interface Source {
  readonly name: string;
  readonly module: string;
  /** The version of the module: the build does not change until this line does. */
  readonly version: string;
  /** The version as displayed. */
  readonly release: string;
  readonly binary: string;
}

const SOURCES = {
  minio: {
    name: 'MinIO',
    module: 'github.com/minio/minio',
    version: 'v0.0.0-20260212201848-7aac2a2c5b7c',
    release: '2026-02-12',
    binary: 'minio',
  },
  versitygw: {
    name: 'versitygw',
    module: 'github.com/versity/versitygw/cmd/versitygw',
    version: 'v1.8.0',
    release: '1.8.0',
    binary: 'versitygw',
  },
} as const satisfies { readonly [name: string]: Source };

export type EngineName = keyof typeof SOURCES;
export const ENGINE_NAMES = Object.keys(SOURCES) as EngineName[];

/** The name of the engine in the proof records. */
export function engineOf(name: EngineName): Engine {
  const { name: display, release } = SOURCES[name];
  return { name: display, version: release };
}

const OLDEST_GO = [1, 21] as const;
const NEEDED =
  'The tests on MinIO and versitygw need Go 1.21 or newer, which fetches the newer Go that these engines are ' +
  'built with by itself (https://go.dev/dl/; on Debian 13 and Ubuntu 24.04 or newer: apt install golang-go)';

/** The problem with the Go on the PATH; undefined if it can build the engines. */
export function problemWithGo(): string | undefined {
  const { status, stdout } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
  if (status !== 0) {
    return `Go is not installed. ${NEEDED}.`;
  }
  const [major, minor] = stdout.trim().replace(/^go/, '').split('.').map(Number);
  const old = major < OLDEST_GO[0] || (major === OLDEST_GO[0] && minor < OLDEST_GO[1]);
  return old ? `The Go on the PATH is ${stdout.trim().replace(/^go/, '')}. ${NEEDED}.` : undefined;
}

/** Whether the engines can be built here. With CI set, throws an error that names what is missing. */
export function hasEngines(): boolean {
  const problem = ENGINE_NAMES.every(isBuilt) ? undefined : problemWithGo();
  if (problem === undefined) {
    return true;
  }
  if (process.env.CI === 'true') {
    throw new Error(problem);
  }
  process.stderr.write(`skipped: the tests on MinIO and versitygw. ${problem}\n`);
  return false;
}

/** Builds the engine at its pinned version, unless it is already built; returns the path of its binary. */
export async function ensureEngine(name: EngineName, say: (line: string) => void = () => undefined): Promise<string> {
  const { binary, module, version } = SOURCES[name];
  await withLock(
    path.join(LOCAL_AWS_FOLDER, `engine-${name}.lock`),
    async () => {
      if (isBuilt(name)) {
        return;
      }
      const problem = problemWithGo();
      if (problem !== undefined) {
        throw new Error(problem);
      }
      const folder = path.join(FOLDER, name);
      say(`building ${SOURCES[name].name} ${SOURCES[name].release} (once; some minutes)`);
      fs.rmSync(folder, { recursive: true, force: true });
      fs.mkdirSync(folder, { recursive: true });
      await runCommand('go', ['install', `${module}@${version}`], {
        cwd: folder,
        env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0' },
      });
      if (!fs.existsSync(path.join(folder, binary))) {
        throw new Error(`go install ${module}@${version} left no ${binary} in ${folder}`);
      }
      fs.writeFileSync(markerOf(name), fingerprintOf(name));
    },
    BUILD_TIMEOUT_MS,
  );
  return path.join(FOLDER, name, binary);
}

function markerOf(name: EngineName): string {
  return path.join(FOLDER, name, 'installed');
}

function fingerprintOf(name: EngineName): string {
  return crypto.createHash('sha256').update(JSON.stringify(SOURCES[name])).digest('hex');
}

function isBuilt(name: EngineName): boolean {
  return fs.existsSync(markerOf(name)) && fs.readFileSync(markerOf(name), 'utf8') === fingerprintOf(name);
}
