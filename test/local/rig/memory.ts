import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';

/** A process in the process table. */
export interface SeenProcess {
  readonly pid: number;
  readonly command: string;
  /** The peak memory in bytes, if the system records it; otherwise the current one. */
  readonly peakBytes: number;
}

/** The peak memory of a process in bytes, on Linux, and the current one elsewhere; undefined if it has ended. */
export function peakMemory(pid: number): number | undefined {
  try {
    if (process.platform === 'linux') {
      const peak = /^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
      return peak === null ? undefined : Number(peak[1]) * 1024;
    }
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
  } catch {
    return undefined;
  }
}

/** The processes that a process started itself. */
export function childrenOf(pid: number): SeenProcess[] {
  return processTable()
    .filter(({ parent }) => parent === pid)
    .map(({ pid: child, command }) => ({ pid: child, command, peakBytes: peakMemory(child) ?? 0 }));
}

function processTable(): { pid: number; parent: number; command: string }[] {
  if (process.platform === 'linux') {
    return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
      try {
        const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return [{ pid: Number(name), parent, command: fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }];
      } catch {
        // Ended in the meantime.
        return [];
      }
    });
  }
  return execFileSync('ps', ['-axo', 'pid=,ppid=,command='], { encoding: 'utf8' }).trim().split('\n').map((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)!;
    return { pid: Number(pid), parent: Number(parent), command };
  });
}

/** Watches a process while it runs; the returned function gives its peak memory in bytes. */
export function watchMemory(pid: number): () => number {
  let peak = 0;
  const look = () => { peak = Math.max(peak, peakMemory(pid) ?? 0); };
  const timer = setInterval(look, 50);
  look();
  return () => {
    clearInterval(timer);
    return peak;
  };
}
