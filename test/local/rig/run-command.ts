import { spawn, type ChildProcess } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Called with each chunk of either stream as it arrives. */
  readonly onOutput?: (text: string) => void;
  /** Called with the process ID as soon as it is known. */
  readonly onStarted?: (pid: number) => void;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const running = new Set<ChildProcess>();

/** Stops every command that was started here and still runs. */
export function endCommands(): void {
  for (const child of running) {
    child.kill('SIGTERM');
  }
}

/** Runs a command to its end, with any exit code. Throws only if it could not be started. */
export function tryCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: options.env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    if (child.pid !== undefined) {
      options.onStarted?.(child.pid);
    }
    child.once('close', () => running.delete(child));
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      options.onOutput?.(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      options.onOutput?.(text);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ exitCode: code ?? (signal ? 128 : 1), stdout, stderr }));
  });
}

/** Runs a command that must succeed; the error shows the end of its output. */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const result = await tryCommand(command, args, options);
  if (result.exitCode !== 0) {
    const said = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-40).join('\n');
    throw new Error(`"${[command, ...args].join(' ')}" ended with exit code ${result.exitCode}:\n${said}`);
  }
  return result;
}
