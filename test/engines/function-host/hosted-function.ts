import { fork, type ChildProcess } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB each way. */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;
/** The concurrency of a small account. */
const MOST_ENVIRONMENTS = 10;

export type InvocationResult =
  { readonly result: unknown } | { readonly failed: 'payload-too-large' | 'timed-out' | 'function-error' };

interface Waiting {
  readonly resolve: (child: ChildProcess) => void;
}

/**
 * A bundle in separate processes, as Lambda runs it: each handles one event at a time, warm ones are reused, and new
 * ones are started for concurrent events.
 */
export class HostedFunction {
  private readonly idle: ChildProcess[] = [];
  private readonly all = new Set<ChildProcess>();
  private readonly waiting: Waiting[] = [];

  constructor(
    private readonly bundle: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly logFile: string,
  ) {}

  async invoke(event: unknown, timeoutMs: number): Promise<InvocationResult> {
    if (Buffer.byteLength(JSON.stringify(event)) > MAX_PAYLOAD_BYTES) {
      return { failed: 'payload-too-large' };
    }
    const child = await this.environment();
    return new Promise((resolve) => {
      const done = (outcome: InvocationResult, reusable: boolean) => {
        clearTimeout(timer);
        child.off('message', answered).off('exit', ended);
        if (reusable) {
          this.release(child);
        } else {
          child.kill('SIGKILL');
        }
        resolve(outcome);
      };
      const answered = (message: unknown) => {
        const { result, error } = message as { result?: unknown; error?: string };
        const tooLarge = result !== undefined && Buffer.byteLength(JSON.stringify(result)) > MAX_PAYLOAD_BYTES;
        if (error !== undefined) fs.appendFileSync(this.logFile, `${error}\n`);
        done(error === undefined && !tooLarge ? { result } : { failed: 'function-error' }, true);
      };
      const ended = () => done({ failed: 'function-error' }, false);
      const timer = setTimeout(() => done({ failed: 'timed-out' }, false), timeoutMs);
      child.on('message', answered).on('exit', ended);
      child.send({ event, requestId: crypto.randomUUID(), deadline: Date.now() + timeoutMs });
    });
  }

  close(): void {
    this.all.forEach((child) => child.kill('SIGKILL'));
  }

  private async environment(): Promise<ChildProcess> {
    const warm = this.idle.pop();
    if (warm !== undefined) {
      return warm;
    }
    if (this.all.size < MOST_ENVIRONMENTS) {
      return this.start();
    }
    return new Promise((resolve) => this.waiting.push({ resolve }));
  }

  private start(): ChildProcess {
    const log = fs.openSync(this.logFile, 'a');
    const child = fork(path.join(__dirname, 'run-function.js'), [this.bundle], {
      env: this.env,
      execArgv: [],
      stdio: ['ignore', log, log, 'ipc'],
    });
    fs.closeSync(log);
    this.all.add(child);
    child.once('exit', () => {
      this.all.delete(child);
      const place = this.idle.indexOf(child);
      if (place >= 0) this.idle.splice(place, 1);
      const next = this.waiting.shift();
      if (next !== undefined) next.resolve(this.start());
    });
    return child;
  }

  private release(child: ChildProcess): void {
    const next = this.waiting.shift();
    if (next !== undefined) {
      next.resolve(child);
    } else {
      this.idle.push(child);
    }
  }
}
