import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const NEEDED = 'Connections through a proxy are tried with tinyproxy (on Debian and Ubuntu: apt install tinyproxy)';

/** Whether a real proxy is installed. With CI set, throws an error that names what is missing. */
export function hasTinyproxy(): boolean {
  if (spawnSync('tinyproxy', ['-v']).status === 0) {
    return true;
  }
  if (process.env.CI === 'true') {
    throw new Error(`tinyproxy is not installed. ${NEEDED}`);
  }
  process.stderr.write(`skipped: connections through a proxy. ${NEEDED}\n`);
  return false;
}

export function tinyproxyVersion(): string {
  return /\d+(\.\d+)+/.exec(spawnSync('tinyproxy', ['-v'], { encoding: 'utf8' }).stdout)![0];
}

export interface TinyproxySettings {
  readonly user?: string;
  readonly password?: string;
  /** Hosts that it blocks. */
  readonly blocked?: string;
}

/** A real HTTP proxy on this machine, and the requests in its log. */
export class Tinyproxy {
  private readonly folder = mkdtempSync(join(tmpdir(), 'tinyproxy-'));
  private readonly log = join(this.folder, 'log');
  private child?: ChildProcess;
  port = 0;

  async start({ user, password, blocked }: TinyproxySettings = {}): Promise<this> {
    this.port = await freePort();
    const lines = [
      `Port ${this.port}`,
      'Listen 127.0.0.1',
      `LogFile "${this.log}"`,
      'LogLevel Info',
      'MaxClients 200',
      'Timeout 60',
    ];
    if (user !== undefined) {
      lines.push(`BasicAuth ${user} ${password}`);
    }
    if (blocked !== undefined) {
      writeFileSync(join(this.folder, 'filter'), `${blocked}\n`);
      lines.push(`Filter "${join(this.folder, 'filter')}"`);
    }
    writeFileSync(join(this.folder, 'conf'), `${lines.join('\n')}\n`);
    this.child = spawn('tinyproxy', ['-d', '-c', join(this.folder, 'conf')], { stdio: 'ignore' });
    while (!(await answers(this.port))) {
      if (this.child.exitCode !== null) {
        throw new Error('tinyproxy did not start');
      }
      await delay(20);
    }
    return this;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => {
      this.child?.once('close', resolve);
    });
    this.child?.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Each request that the proxy received, such as `CONNECT localhost:8443`, in order. */
  requests(): string[] {
    const text = existsSync(this.log) ? readFileSync(this.log, 'utf8') : '';
    return [...text.matchAll(/Request \(file descriptor \d+\): (\S+ \S+) HTTP/g)].map(([, request]) => request);
  }

  forget(): void {
    writeFileSync(this.log, '');
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
