import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import type { LambdaRuntime } from './runtime';

export interface FunctionSettings {
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly handler: string;
  readonly environment: { readonly [name: string]: string };
}

/** A function in the Lambda runtime interface emulator, which starts it on the first invocation, like Lambda. */
export class FunctionProcess {
  public static async start(runtime: LambdaRuntime, codeFolder: string, workFolder: string, settings: FunctionSettings): Promise<FunctionProcess> {
    fs.mkdirSync(workFolder, { recursive: true });
    const bootstrap = path.join(workFolder, 'bootstrap');
    const pidFile = path.join(workFolder, 'runtime.pid');
    fs.writeFileSync(bootstrap, `#!/bin/sh\necho $$ > ${quoted(pidFile)}\nexec ${quoted(runtime.node)} ${quoted(runtime.client)}\n`, { mode: 0o755 });
    const [invoke, runtimeApi] = await freePorts(2);
    const logFile = path.join(workFolder, 'lambda.log');
    const log = fs.openSync(logFile, 'a');
    const child = spawn(runtime.emulator, [
      '--runtime-interface-emulator-address', `127.0.0.1:${invoke}`, '--runtime-api-address', `127.0.0.1:${runtimeApi}`, bootstrap,
    ], {
      cwd: codeFolder,
      stdio: ['ignore', log, log],
      env: {
        PATH: process.env.PATH,
        HOME: workFolder,
        _HANDLER: settings.handler,
        LAMBDA_TASK_ROOT: codeFolder,
        AWS_LAMBDA_FUNCTION_TIMEOUT: String(settings.timeoutSeconds),
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMegabytes),
        ...settings.environment,
      },
    });
    fs.closeSync(log);
    return new FunctionProcess(child, `http://127.0.0.1:${invoke}/2015-03-31/functions/function/invocations`, pidFile, logFile);
  }

  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
    private readonly pidFile: string,
    private readonly logFile: string,
  ) {}

  /** The response of the function to an event. */
  public async invoke<Answer>(event: object): Promise<Answer> {
    const giveUpAt = Date.now() + 10 * 60_000;
    for (;;) {
      const answer = await fetch(this.url, { method: 'POST', body: JSON.stringify(event) }).catch(() => undefined);
      if (answer !== undefined) {
        return await answer.json() as Answer;
      }
      if (Date.now() > giveUpAt || this.child.exitCode !== null) {
        throw new Error(`Lambda's runtime interface emulator does not answer; its log:\n${this.log().slice(-2_000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The output of the emulator and the function. */
  public log(): string {
    return fs.readFileSync(this.logFile, 'utf8');
  }

  /** The initialization time, as measured by the emulator. */
  public initMilliseconds(): number {
    return Number(/INIT REPORT\(durationMs: ([\d.]+)\)/.exec(this.log())?.[1]);
  }

  /** The peak memory of the function process. */
  public peakMegabytes(): number {
    const pid = fs.readFileSync(this.pidFile, 'utf8').trim();
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  }

  public async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    if (this.child.exitCode === null && this.child.kill('SIGTERM')) {
      await ended;
    }
  }
}

function quoted(file: string): string {
  return `'${file.replaceAll('\'', '\'\\\'\'')}'`;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, async () => new Promise<net.Server>((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve(server));
  })));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map(async (server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
