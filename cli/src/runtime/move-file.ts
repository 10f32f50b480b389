import { rename } from 'node:fs/promises';
import type { Environment } from './environment';
import { EXIT, Failure } from './failure';

const HELD = ['EPERM', 'EACCES', 'EBUSY'];
const FIRST_WAIT_MILLISECONDS = 25;
const ATTEMPTS = 9;

/**
 * Renames a file, replacing the target. Windows refuses while another process has one of the two open, such as a virus
 * scanner that inspects each new file, so this is retried for a few seconds. Other systems have no such locks.
 */
export async function moveFile(
  from: string,
  to: string,
  { platform, sleep, signal }: Pick<Environment, 'platform' | 'sleep' | 'signal'>,
  move: typeof rename = rename,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await move(from, to);
      return;
    } catch (error) {
      if (platform !== 'win32' || !HELD.includes((error as NodeJS.ErrnoException).code ?? '')) {
        throw error;
      }
      if (attempt === ATTEMPTS) {
        throw new Failure(`cannot write ${to}: another program has it open, or you are not allowed to replace it`, {
          code: 'file_in_use',
          exitCode: EXIT.FAILURE,
          cause: error,
          hint: 'Close the program that uses it, then run the same command again.',
        });
      }
      await sleep(FIRST_WAIT_MILLISECONDS * 2 ** (attempt - 1), signal);
    }
  }
}
