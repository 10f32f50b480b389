import { open } from 'node:fs/promises';
import { basename } from 'node:path';

/** Files that Finder and Explorer create in folders. */
const NAMES = new Set(['.ds_store', 'thumbs.db', 'ehthumbs.db', 'desktop.ini']);

/** Magic number of AppleDouble files: https://www.rfc-editor.org/rfc/rfc1740#appendix-A */
const APPLE_DOUBLE = Buffer.from([0x00, 0x05, 0x16, 0x07]);

/** Folders that Jupyter creates. Unlike `__pycache__`, nothing is ever loaded from them. */
const FOLDERS = new Set(['.ipynb_checkpoints']);

export function isSystemFolder(name: string): boolean {
  return FOLDERS.has(name.toLowerCase());
}

export function isSystemName(name: string): boolean {
  return NAMES.has(name.toLowerCase());
}

/**
 * Whether the operating system created a file, and may change it when someone only views the folder. For `._*` files,
 * in which macOS keeps attributes on foreign file systems, the content is checked too: the name alone proves nothing.
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
    // The caller reports unreadable files when it reads them.
    return false;
  }
}
