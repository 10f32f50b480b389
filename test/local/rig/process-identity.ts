import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';

/** The identity of a process: the operating system can reuse an ID, but not together with its start time. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

/** The start time of the process with this ID; undefined if there is none. */
function startTimeOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The command name, in parentheses, can itself contain spaces and parentheses; field 22 is counted from its end.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const state = fields[0];
      return state === 'Z' || state === 'X' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || undefined;
  } catch {
    return undefined;
  }
}

export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = startTimeOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isRunning(identity: ProcessIdentity): boolean {
  return startTimeOf(identity.pid) === identity.startedAt;
}

/** Stops a process and its group, if it is still the one that was started: with SIGTERM first, then SIGKILL. */
export async function stopProcessGroup(identity: ProcessIdentity, patienceMs = 5_000): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isRunning(identity)) {
      return;
    }
    try {
      process.kill(-identity.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
        throw error;
      }
    }
    const giveUpAt = Date.now() + patienceMs;
    while (isRunning(identity) && Date.now() < giveUpAt) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
