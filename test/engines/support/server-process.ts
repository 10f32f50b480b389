import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { noteServer } from './left-behind';

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly logFile: string;
  /** Stops it, with SIGTERM first. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** In the folder of the run. */
  readonly folder: string;
  /** The name of the log. */
  readonly name: string;
  /** Polled until it returns true. */
  readonly answers: () => Promise<boolean>;
}

const PATIENCE_MS = 10 * 60_000;
const STOP_MS = 5_000;

const running = new Set<ChildProcess>();
// Stops everything that this process started when it ends; if it is killed, the next run cleans up.
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Starts a server and waits until it responds. Its output goes to its log. */
export async function startServer({
  command,
  args,
  env,
  folder,
  name,
  answers,
}: ServerOptions): Promise<ServerProcess> {
  fs.mkdirSync(folder, { recursive: true });
  const logFile = path.join(folder, `${name}.log`);
  const log = fs.openSync(logFile, 'a');
  const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', log, log] });
  fs.closeSync(log);
  running.add(child);
  if (child.pid !== undefined) {
    noteServer(path.dirname(folder), child.pid);
  }
  let failure: Error | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      failure = error;
      resolve();
    });
    child.once('exit', (code, signal) => {
      failure = new Error(`it ended with ${signal ?? `exit code ${code}`}`);
      running.delete(child);
      resolve();
    });
  });
  const stop = async () => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (failure === undefined) {
        child.kill(signal);
        await within(ended, STOP_MS);
      }
    }
  };
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (failure === undefined && Date.now() < giveUpAt) {
    if (await answers().catch(() => false)) {
      return { child, logFile, stop };
    }
    await pause(50);
  }
  const why = failure?.message ?? `it did not answer within ${PATIENCE_MS / 1000} s`;
  await stop();
  throw new Error(
    `${name} did not start: ${why}; the end of ${logFile}:\n${fs.readFileSync(logFile, 'utf8').slice(-2_000)}`,
  );
}

/** Different free ports. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      async () =>
        new Promise<net.Server>((resolve, reject) => {
          const server = net.createServer();
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map(async (server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function within(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    work,
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    }),
  ]);
  clearTimeout(timer);
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
