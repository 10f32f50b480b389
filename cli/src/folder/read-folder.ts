import { constants, type Stats } from 'node:fs';
import { access, lstat, readdir, realpath, stat } from 'node:fs/promises';
import * as nodePath from 'node:path';
import { plannedFileProblems } from './planned-files';
import { Records } from './pull-record';
import { isSystemFile, isSystemFolder } from './system-files';
import { unsafeNamesHint } from './unsafe-names';
import type { ErrorDetail } from '../../../src/contract/errors';
import type { FileRules } from '../../../src/contract/manifest';
import { pathProblem, RECORD_FOLDER, UNSAFE_NAME_REFUSED, unsafeNameProblem } from '../../../src/contract/path-rules';
import { quotedText } from '../../../src/contract/visible-text';
import { describeFault } from '../runtime/describe-fault';
import { EXIT, Failure } from '../runtime/failure';

export interface LocalFile {
  /** Path in the manifest: relative, POSIX, NFC. */
  readonly path: string;
  readonly localPath: string;
  readonly size: number;
  readonly modifiedMilliseconds: number;
}

export interface FolderContents {
  /** Sorted by path. */
  readonly files: readonly LocalFile[];
  /** Skipped, because a version contains only files. */
  readonly emptyFolders: readonly string[];
  /** Skipped: files that the operating system or Jupyter created, such as `.DS_Store`. */
  readonly systemFiles: readonly string[];
}

export interface FolderOptions extends FileRules {
  /** Whether to follow symbolic links that point outside the folder. */
  readonly followOutside?: boolean;
}

/**
 * Lists the files of a folder, or a single file, without reading their content. Includes hidden files, but not the
 * folder where `pull` keeps its records. A symbolic link to a target inside the folder is followed. One that points
 * outside is an error, because it would publish files that the user may not have meant to publish.
 */
export async function readFolder(root: string, options: FolderOptions = {}): Promise<FolderContents> {
  const found = await rootOf(root);
  const walk = new Walk(found.root, options);
  if (found.file === undefined) {
    await walk.folder(walk.root, '', [walk.root]);
  } else {
    await walk.onlyFile(found.root, found.file);
  }
  const files = walk.files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const problems = [
    ...found.file === undefined ? await unfinishedPull(walk.root) : [],
    ...walk.problems,
    ...plannedFileProblems(files, options),
  ];
  if (problems.length > 0) {
    throw new Failure(`cannot push ${root}`, {
      code: 'invalid_manifest',
      exitCode: EXIT.USAGE,
      details: problems,
      hint: unsafeNamesHint(problems),
    });
  }
  return { files, emptyFolders: walk.emptyFolders, systemFiles: walk.systemFiles };
}

/** Refuses a folder with an unfinished pull: missing files would go unnoticed. */
async function unfinishedPull(root: string): Promise<ErrorDetail[]> {
  const records = new Records(root);
  const marker = await records.marker();
  return marker === undefined ? [] : [{
    field: records.markerFile,
    message: `an earlier pull of ${marker.model}@${marker.version} was interrupted, so files may be missing; `
      + 'run that pull again, or remove this file',
  }];
}

interface Root {
  readonly root: string;
  /** The name of the file, if a single file is pushed. */
  readonly file?: string;
}

async function rootOf(root: string): Promise<Root> {
  try {
    const found = await stat(root);
    if (found.isDirectory()) {
      return { root: await realpath(root) };
    }
    if (found.isFile()) {
      const local = nodePath.resolve(root);
      return { root: nodePath.dirname(local), file: nodePath.basename(local) };
    }
  } catch (error) {
    throw new Failure(`cannot read ${root}: ${describeFault(error)}`, {
      code: 'unreadable_folder', exitCode: EXIT.USAGE, cause: error,
    });
  }
  throw new Failure(`${root} is neither a file nor a folder`, {
    code: 'unreadable_folder', exitCode: EXIT.USAGE,
  });
}

class Walk {
  readonly files: LocalFile[] = [];
  readonly problems: ErrorDetail[] = [];
  readonly emptyFolders: string[] = [];
  readonly systemFiles: string[] = [];

  constructor(readonly root: string, private readonly options: FolderOptions) {}

  /** `ancestors` are the real paths of the parent folders: a link to one of them would be a loop. */
  async folder(localPath: string, path: string, ancestors: readonly string[]): Promise<void> {
    let names: string[];
    try {
      names = (await readdir(localPath)).sort();
    } catch (error) {
      this.say(path, `cannot be read: ${describeFault(error)}`);
      return;
    }
    const kept = names.filter((name) => !(path === '' && name === RECORD_FOLDER));
    if (kept.length === 0 && path !== '') {
      this.emptyFolders.push(path);
    }
    for (const name of kept) {
      await this.entry(nodePath.join(localPath, name), path === '' ? name : `${path}/${name}`, ancestors);
    }
  }

  /** A file that the user named is followed, even if it is a link to elsewhere, as in a Hugging Face cache. */
  async onlyFile(root: string, name: string): Promise<void> {
    await this.entry(nodePath.join(root, name), name, [], { followOutside: true });
  }

  private async entry(
    localPath: string, path: string, ancestors: readonly string[], { followOutside } = this.options,
  ): Promise<void> {
    let found: Stats;
    let target = localPath;
    let link = false;
    try {
      found = await lstat(localPath);
      link = found.isSymbolicLink();
      if (link) {
        target = await realpath(localPath);
        found = await stat(localPath);
        if (!this.inside(target) && !followOutside) {
          this.say(path, `is a symbolic link that points outside the folder, to ${JSON.stringify(target)}; `
            + 'replace it with the file, or use --follow-links');
          return;
        }
      }
    } catch (error) {
      const dangling = link && (error as NodeJS.ErrnoException).code === 'ENOENT';
      this.say(path, dangling ? 'is a symbolic link to a file that does not exist'
        : path.includes('\ufffd') ? 'has a name that is not valid UTF-8' : `cannot be read: ${describeFault(error)}`);
      return;
    }
    if (found.isDirectory()) {
      if (target !== localPath && ancestors.includes(target)) {
        this.say(path, 'is a symbolic link to one of its parent folders, which is a loop');
        return;
      }
      if (isSystemFolder(nodePath.basename(path))) {
        this.systemFiles.push(`${path}/`);
        return;
      }
      const problem = this.folderProblem(path.normalize('NFC'));
      if (problem !== undefined) {
        // Reported once, instead of each of its files.
        this.say(`${path}/`, `${quotedText(`${path}/`)} ${problem}`);
        return;
      }
      await this.folder(localPath, path, [...ancestors, target]);
    } else if (found.isFile() && await isSystemFile(localPath)) {
      this.systemFiles.push(path);
    } else if (found.isFile()) {
      if (!await this.readable(localPath, path)) {
        return;
      }
      this.files.push({
        path: path.normalize('NFC'), localPath, size: found.size, modifiedMilliseconds: found.mtimeMs,
      });
    } else {
      this.say(path, 'is neither a file nor a folder (a pipe, a socket or a device)');
    }
  }

  private folderProblem(path: string): string | undefined {
    const unsafe = this.options.allowUnsafeNames ? undefined : unsafeNameProblem(path);
    return pathProblem(path) ?? (unsafe && `${unsafe}; ${UNSAFE_NAME_REFUSED}`);
  }

  private async readable(localPath: string, path: string): Promise<boolean> {
    try {
      await access(localPath, constants.R_OK);
      return true;
    } catch (error) {
      this.say(path, `cannot be read: ${describeFault(error)}`);
      return false;
    }
  }

  private inside(target: string): boolean {
    const folder = this.root.endsWith(nodePath.sep) ? this.root : this.root + nodePath.sep;
    return target === this.root || target.startsWith(folder);
  }

  private say(field: string, message: string): void {
    this.problems.push({ field, message });
  }
}
