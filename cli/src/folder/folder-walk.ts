import { constants, type Stats } from 'node:fs';
import { access, lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import * as nodePath from 'node:path';
import type { FolderOptions, LeftOutPath, LocalFile } from './folder-contents';
import { IGNORE_FILE, IgnoreRules } from './ignore-rules';
import { unpublishedFile, unpublishedFolder } from './unpublished';
import type { ErrorDetail } from '../../../src/contract/errors';
import { pathProblem, RECORD_FOLDER, UNSAFE_NAME_REFUSED, unsafeNameProblem } from '../../../src/contract/path-rules';
import { quotedText } from '../../../src/contract/visible-text';
import { describeFault } from '../runtime/describe-fault';

/** Where an entry is found. */
interface Surroundings {
  /** The real paths of the parent folders: a link to one of them would be a loop. */
  readonly ancestors: readonly string[];
  /** What decides whether the entry is left out; undefined for a file that the user named. */
  readonly rules?: IgnoreRules;
  readonly followOutside?: boolean;
}

/** What a path refers to, after its symbolic link, if it is one. */
interface Found {
  readonly stats?: Stats;
  readonly target: string;
  readonly isLink: boolean;
  /** Why it cannot be published, unless it is left out. */
  readonly problem?: string;
}

/** Lists the files below a folder, or one file, without reading their content. */
export class Walk {
  readonly files: LocalFile[] = [];
  readonly problems: ErrorDetail[] = [];
  readonly emptyFolders: string[] = [];
  readonly leftOut: LeftOutPath[] = [];
  readonly ignoreFiles: LocalFile[] = [];

  constructor(readonly root: string, private readonly options: FolderOptions) {}

  async everything(): Promise<void> {
    await this.folder(this.root, '', {
      ancestors: [this.root],
      rules: IgnoreRules.excluding(this.options.exclude ?? []),
      followOutside: this.options.followOutside,
    });
  }

  /** A file that the user named is followed, even if it is a link to elsewhere, as in a Hugging Face cache. */
  async onlyFile(name: string): Promise<void> {
    await this.entry(nodePath.join(this.root, name), name, { ancestors: [], followOutside: true });
  }

  private async folder(localPath: string, path: string, around: Surroundings): Promise<void> {
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
    const rules = kept.includes(IGNORE_FILE) ? await this.rulesIn(localPath, path, around.rules!) : around.rules;
    for (const name of kept) {
      await this.entry(nodePath.join(localPath, name), path === '' ? name : `${path}/${name}`, { ...around, rules });
    }
  }

  /** Reads the `.modelstoreignore` of a folder. As in Git, it must be a file: a link could be to anything. */
  private async rulesIn(localFolder: string, folder: string, rules: IgnoreRules): Promise<IgnoreRules> {
    const localPath = nodePath.join(localFolder, IGNORE_FILE);
    const path = folder === '' ? IGNORE_FILE : `${folder}/${IGNORE_FILE}`;
    try {
      const found = await lstat(localPath);
      if (!found.isFile()) {
        this.say(path, 'is not a regular file, so it cannot say what to leave out');
        return rules;
      }
      this.ignoreFiles.push(localFile(path, localPath, found));
      return rules.withFile(folder.normalize('NFC'), await readFile(localPath, 'utf8'));
    } catch (error) {
      this.say(path, `cannot be read: ${describeFault(error)}`);
      return rules;
    }
  }

  private async entry(localPath: string, path: string, around: Surroundings): Promise<void> {
    const found = await this.look(localPath, path, around.followOutside ?? false);
    const isFolder = found.stats?.isDirectory() ?? false;
    const reason = around.rules && await this.whyLeftOut(localPath, path, found, around.rules);
    if (reason !== undefined) {
      this.leftOut.push({ path: `${path.normalize('NFC')}${isFolder ? '/' : ''}`, reason });
    } else if (found.problem !== undefined || found.stats === undefined) {
      this.say(path, found.problem ?? 'cannot be read');
    } else if (isFolder) {
      await this.subfolder(localPath, path, found.target, around);
    } else if (!found.stats.isFile()) {
      this.say(path, 'is neither a file nor a folder (a pipe, a socket or a device)');
    } else if (await this.readable(localPath, path)) {
      this.files.push(localFile(path, localPath, found.stats));
    }
  }

  private async look(localPath: string, path: string, followOutside: boolean): Promise<Found> {
    let isLink = false;
    try {
      const stats = await lstat(localPath);
      isLink = stats.isSymbolicLink();
      if (!isLink) {
        return { stats, target: localPath, isLink };
      }
      const target = await realpath(localPath);
      const outside = !followOutside && !this.inside(target);
      return {
        stats: await stat(localPath),
        target,
        isLink,
        ...(outside && { problem: `is a symbolic link that points outside the folder, to ${JSON.stringify(target)}; `
          + 'replace it with the file, or use --follow-links' }),
      };
    } catch (error) {
      const dangling = isLink && (error as NodeJS.ErrnoException).code === 'ENOENT';
      return {
        target: localPath,
        isLink,
        problem: dangling ? 'is a symbolic link to a file that does not exist'
          : path.includes('\ufffd') ? 'has a name that is not valid UTF-8' : `cannot be read: ${describeFault(error)}`,
      };
    }
  }

  private async whyLeftOut(
    localPath: string, path: string, { stats, isLink }: Found, rules: IgnoreRules,
  ): Promise<string | undefined> {
    const name = nodePath.basename(path);
    const isFolder = stats?.isDirectory() ?? false;
    // No pattern publishes it. Any other name that Git takes for a repository is refused.
    if (name === '.git' && isFolder && !isLink) {
      return 'Git repository';
    }
    if (name === IGNORE_FILE && (stats?.isFile() ?? false) && !isLink) {
      return 'says what to leave out';
    }
    const decision = rules.decide(path.normalize('NFC'), isFolder);
    if (decision !== undefined) {
      return decision.published ? undefined : decision.reason;
    }
    return isFolder ? unpublishedFolder(name) : stats?.isFile() ? unpublishedFile(localPath) : undefined;
  }

  private async subfolder(localPath: string, path: string, target: string, around: Surroundings): Promise<void> {
    if (target !== localPath && around.ancestors.includes(target)) {
      this.say(path, 'is a symbolic link to one of its parent folders, which is a loop');
      return;
    }
    const problem = this.folderProblem(path.normalize('NFC'));
    if (problem !== undefined) {
      // Reported once, instead of each of its files.
      this.say(`${path}/`, `${quotedText(`${path}/`)} ${problem}`);
      return;
    }
    await this.folder(localPath, path, { ...around, ancestors: [...around.ancestors, target] });
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

function localFile(path: string, localPath: string, { size, mtimeMs }: Stats): LocalFile {
  return { path: path.normalize('NFC'), localPath, size, modifiedMilliseconds: mtimeMs };
}
