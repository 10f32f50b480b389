import { open } from 'node:fs/promises';
import { basename } from 'node:path';

interface Unpublished {
  /** Completes "left out: NAMES (…)". */
  readonly reason: string;
  readonly folders?: readonly string[];
  readonly files?: readonly string[];
  readonly endings?: readonly string[];
  /**
   * Whether nothing is ever loaded from these, so that `verify` accepts them next to a model. Python would run the
   * bytecode in a `__pycache__`.
   */
  readonly harmless?: true;
}

const OF_THE_SYSTEM = 'created by the operating system';

/** Files and folders that are never part of a model, in lower case. `!NAME` in `.modelstoreignore` publishes them. */
const UNPUBLISHED: readonly Unpublished[] = [
  // Finder and Explorer create them when someone only views a folder.
  { reason: OF_THE_SYSTEM, files: ['.ds_store', 'thumbs.db', 'ehthumbs.db', 'desktop.ini'], harmless: true },
  { reason: 'created by Jupyter', folders: ['.ipynb_checkpoints'], harmless: true },
  { reason: 'Python bytecode', folders: ['__pycache__'], endings: ['.pyc', '.pyo'] },
  // `.cache` is also where the Hugging Face Hub keeps the state of a download into a folder.
  { reason: 'cache', folders: ['.cache', '.pytest_cache', '.mypy_cache', '.ruff_cache'] },
];

/** Magic number of AppleDouble files: https://www.rfc-editor.org/rfc/rfc1740#appendix-A */
const APPLE_DOUBLE = Buffer.from([0x00, 0x05, 0x16, 0x07]);

/** Why a folder is not published; undefined if it is. */
export function unpublishedFolder(name: string): string | undefined {
  return folderEntry(name)?.reason;
}

/** Why a file is not published, as far as its name shows; undefined if it is. */
export function unpublishedName(name: string): string | undefined {
  return fileEntry(name)?.reason;
}

/**
 * Why a file is not published; undefined if it is. For `._*` files, in which macOS keeps attributes on foreign file
 * systems, the content is checked too: the name alone proves nothing.
 */
export async function unpublishedFile(localPath: string): Promise<string | undefined> {
  const name = basename(localPath);
  return unpublishedName(name) ?? (await isAppleDouble(localPath) ? OF_THE_SYSTEM : undefined);
}

export function isHarmlessFolder(name: string): boolean {
  return folderEntry(name)?.harmless ?? false;
}

export async function isHarmlessFile(localPath: string): Promise<boolean> {
  return fileEntry(basename(localPath))?.harmless ?? await isAppleDouble(localPath);
}

function folderEntry(name: string): Unpublished | undefined {
  return UNPUBLISHED.find(({ folders = [] }) => folders.includes(name.toLowerCase()));
}

function fileEntry(name: string): Unpublished | undefined {
  const lower = name.toLowerCase();
  return UNPUBLISHED.find(({ files = [], endings = [] }) => (
    files.includes(lower) || endings.some((ending) => lower.endsWith(ending))));
}

async function isAppleDouble(localPath: string): Promise<boolean> {
  return basename(localPath).startsWith('._') && beginsWith(localPath, APPLE_DOUBLE);
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
