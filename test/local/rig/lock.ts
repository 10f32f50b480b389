import * as fs from 'node:fs';
import * as path from 'node:path';
import { identify, isRunning, type ProcessIdentity } from './process-identity';

/** Does the work under a machine-wide lock; a lock whose owner has ended is taken over. */
export async function withLock<T>(file: string, work: () => Promise<T>, waitMs = 30 * 60_000): Promise<T> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const giveUpAt = Date.now() + waitMs;
  while (!take(file)) {
    if (Date.now() > giveUpAt) {
      throw new Error(`waited ${waitMs / 1000} s for ${file}; if nothing else of this project is running, delete that file`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    fs.writeFileSync(file, JSON.stringify(identify(process.pid)), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
  }
  try {
    const owner = JSON.parse(fs.readFileSync(file, 'utf8')) as ProcessIdentity;
    if (!isRunning(owner)) {
      fs.rmSync(file, { force: true });
    }
  } catch {
    // Partly written or just released; the next attempt shows which.
  }
  return false;
}
