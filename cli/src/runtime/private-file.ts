import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolders } from './make-folders';

/** Writes a file that only its owner can read, from its first byte on: the whole file or nothing. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  await makeFolders(dirname(file), 0o700);
  const written = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(written, text, { mode: 0o600, flag: 'wx' });
    await rename(written, file);
  } catch (error) {
    await rm(written, { force: true });
    throw error;
  }
}
