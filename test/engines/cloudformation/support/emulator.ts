import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { ensureEmulator, versionOf } from './python';
import type { Engine } from '../../../fidelity/proves';
import { RUNS_FOLDER } from '../../../local/rig/paths';
import { identify, isRunning, stopProcessGroup, type ProcessIdentity } from '../../../local/rig/process-identity';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';
const SERVER = path.join(__dirname, '..', 'emulator', 'serve.py');
const PATIENCE_MS = 10 * 60_000;

/** The moto server, which is independent of this project: https://docs.getmoto.org/en/latest/docs/server_mode.html */
export interface Emulator {
  readonly engine: Engine;
  readonly endpoint: string;
  readonly python: string;
  readonly logFile: string;
  /** The environment in which a child process connects only to it. */
  readonly environment: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

export async function startEmulator(): Promise<Emulator> {
  const { python } = await ensureEmulator();
  const folder = path.join(RUNS_FOLDER, `emulator-${process.pid}-${Date.now().toString(36)}`);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const logFile = path.join(folder, 'moto.log');
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    LANG: 'C.UTF-8',
    PYTHONDONTWRITEBYTECODE: '1',
    NO_PROXY: '127.0.0.1',
    EMULATOR_ENDPOINT: endpoint,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'emulator',
    AWS_SECRET_ACCESS_KEY: 'emulator',
    AWS_EC2_METADATA_DISABLED: 'true',
    MOTO_ACCOUNT_ID: ACCOUNT,
    MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
  };
  const log = fs.openSync(logFile, 'a');
  const child = spawn(python, [SERVER, String(port)], { cwd: folder, detached: true, stdio: ['ignore', log, log], env: environment });
  fs.closeSync(log);
  const started = identify(child.pid!);
  child.unref();
  if (started === undefined || !await answers(endpoint, started)) {
    const end = fs.readFileSync(logFile, 'utf8').slice(-2_000);
    throw new Error(`moto's server did not answer on ${endpoint} within ${PATIENCE_MS / 1000} s; the end of ${logFile}:\n${end}`);
  }
  const stop = async () => {
    await stopProcessGroup(started);
    fs.rmSync(folder, { recursive: true, force: true });
  };
  return { engine: { name: 'moto', version: await versionOf(python, 'moto') }, endpoint, python, logFile, environment, stop };
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(endpoint: string, started: ProcessIdentity): Promise<boolean> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (Date.now() < giveUpAt && isRunning(started)) {
    const answer = await fetch(`${endpoint}/moto-api/`).catch(() => undefined);
    if (answer?.ok) {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}
