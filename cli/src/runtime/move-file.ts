import { rename } from 'node:fs/promises';
import type { Environment } from './environment';
import { EXIT, Failure } from './failure';

const HELD = ['EPERM', 'EACCES', 'EBUSY'];
const FIRST_WAIT_MILLISECONDS = 25;
const ATTEMPTS = 9;

/**
 * Gives a file another name, in place of whatever has that name. Windows refuses as long as somebody else has one of the two
 * open, such as a virus scanner that looks at every new file: that is over in a moment. Elsewhere nobody can hold a name.
 */
export async function moveFile(
  from: string, to: string, { platform, sleep, signal }: Pick<Environment, 'platform' | 'sleep' | 'signal'>, move: typeof rename = rename,
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
        throw new Failure(`cannot write ${to}: another program has it open, or it may not be replaced`, {
          code: 'file_in_use', exitCode: EXIT.FAILURE, cause: error, hint: 'Close what uses it, then run the same command again.',
        });
      }
      await sleep(FIRST_WAIT_MILLISECONDS * 2 ** (attempt - 1), signal);
    }
  }
}
