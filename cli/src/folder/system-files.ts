import { open } from 'node:fs/promises';
import { basename } from 'node:path';

/** What Finder and Explorer put into folders of their own accord. */
const NAMES = new Set(['.ds_store', 'thumbs.db', 'ehthumbs.db', 'desktop.ini']);

/** How every AppleDouble file begins: https://www.rfc-editor.org/rfc/rfc1740#appendix-A */
const APPLE_DOUBLE = Buffer.from([0x00, 0x05, 0x16, 0x07]);

/** What Jupyter puts beside what it opens. Nothing is ever loaded from there, unlike from `__pycache__`. */
const FOLDERS = new Set(['.ipynb_checkpoints']);

export function isSystemFolder(name: string): boolean {
  return FOLDERS.has(name.toLowerCase());
}

export function isSystemName(name: string): boolean {
  return NAMES.has(name.toLowerCase());
}

/**
 * Whether a file is none of the model's: the system made it, and changes it whenever somebody only looks. Where macOS keeps
 * what a foreign disk cannot hold (`._weights.bin`), its bytes say so too: such a name alone could be anybody's.
 */
export async function isSystemFile(localPath: string): Promise<boolean> {
  const name = basename(localPath);
  return isSystemName(name) || (name.startsWith('._') && await beginsWith(localPath, APPLE_DOUBLE));
}

async function beginsWith(localPath: string, bytes: Buffer): Promise<boolean> {
  try {
    const handle = await open(localPath, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes.length), 0, bytes.length, 0);
      return bytesRead === bytes.length && buffer.equals(bytes);
    } finally {
      await handle.close();
    }
  } catch {
    // What cannot be read is told by whoever reads it.
    return false;
  }
}
