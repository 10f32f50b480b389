import { rmdir, unlink } from 'node:fs/promises';
import { type InspectOptions, type Inspection, inspect, lstatIfAny, obstacle, seenAt } from './destination';
import type { EarlierFile } from './earlier-files';
import { entriesBelow } from './folder-entries';
import { toLocalPath } from './local-path';
import type { Records } from './pull-record';
import type { ManifestFile } from '../../../src/contract/manifest';

/** Files in the destination that are not in the version. A loader that reads `*.safetensors` would load them too. */
export interface OtherFiles {
  readonly count: number;
  /** By the version whose pull wrote them, such as `fraud@1.0.0`. */
  readonly fromEarlierPulls: { readonly [version: string]: number };
  /** Whether there are more files than counted, or a subfolder that cannot be read. */
  readonly more: boolean;
}

const MOST_COUNTED = 100_000;

/** Files that earlier pulls wrote to the destination and that are not in the version. */
export class Leftovers {
  /** For each path, the last entry is from the most recent pull. */
  static async find(root: string, records: Records, files: readonly ManifestFile[]): Promise<Leftovers> {
    const wanted = new Set(files.map(({ path }) => path));
    return new Leftovers(root, (await records.earlierFiles()).filter(({ path }) => !wanted.has(path)));
  }

  private inspection?: Inspection;

  private constructor(private readonly root: string, private readonly files: readonly EarlierFile[]) {}

  /**
   * Compares the files with what the pulls wrote. A file that was changed since is a problem. A path that is now a
   * folder, or behind a symbolic link, was not written by a pull and is kept.
   */
  async inspect(options: InspectOptions): Promise<Inspection['problems']> {
    this.inspection = await inspect(this.root, this.files, options);
    const { problems, standings } = this.inspection;
    const unchanged = new Set(this.files.filter((_, index) => standings[index] === 'same').map(({ path }) => path));
    const from = new Map(this.files.map((file) => [file.path, file.from]));
    const changed = problems.filter(({ field, blocked }) => !blocked && !unchanged.has(field))
      .map((problem) => ({
        ...problem, message: `was pulled with ${from.get(problem.field)}, but ${problem.message}`,
      }));
    return [...new Map(changed.map((problem) => [problem.field, problem])).values()];
  }

  /**
   * Removes the files that are unchanged since the inspection, and folders that become empty. `kept` are the files of
   * the version: on a case-insensitive file system, a leftover's name may refer to one of them.
   */
  async remove(kept: readonly ManifestFile[], signal: AbortSignal): Promise<string[]> {
    const { standings, seen } = this.inspection!;
    const there = new Map(this.files.flatMap(({ path }, index) => (
      standings[index] === 'same' || standings[index] === 'different' ? [[path, seen[index]] as const] : [])));
    const identities = there.size === 0 ? new Set<string>() : await this.identities(kept);
    const removed: string[] = [];
    for (const [path, before] of there) {
      signal.throwIfAborted();
      if (await seenAt(this.root, path) !== before || identities.has(await this.identity(path) ?? '')) {
        continue;
      }
      await unlink(toLocalPath(this.root, path));
      removed.push(path);
    }
    await this.removeEmptyFolders(removed);
    return removed;
  }

  /** The files that still exist, for the record. */
  async present(): Promise<EarlierFile[]> {
    const found = await Promise.all(this.files.map(async ({ path }) => await seenAt(this.root, path) !== undefined));
    return this.files.filter((_, index) => found[index]);
  }

  async otherFiles(files: readonly ManifestFile[]): Promise<OtherFiles> {
    const known = new Set(files.map(({ path }) => path));
    const from = new Map(this.files.map((file) => [file.path, file.from]));
    const most = MOST_COUNTED + files.length;
    const { others, complete } = await entriesBelow(this.root, { most, skipUnreadable: true });
    const fromEarlierPulls: { [version: string]: number } = {};
    const counted = others.filter((path) => !known.has(path.normalize('NFC')));
    for (const version of counted.map((path) => from.get(path.normalize('NFC')))) {
      if (version !== undefined) {
        fromEarlierPulls[version] = (fromEarlierPulls[version] ?? 0) + 1;
      }
    }
    return { count: counted.length, fromEarlierPulls, more: !complete };
  }

  private async identities(files: readonly ManifestFile[]): Promise<Set<string>> {
    const found = new Set<string>();
    for (const { path } of files) {
      found.add(await this.identity(path) ?? '');
    }
    return found;
  }

  private async identity(path: string): Promise<string | undefined> {
    const found = await lstatIfAny(toLocalPath(this.root, path));
    return found && `${found.dev}:${found.ino}`;
  }

  private async removeEmptyFolders(removed: readonly string[]): Promise<void> {
    const folders = new Set(removed.flatMap((path) => {
      const names = path.split('/').slice(0, -1);
      return names.map((_, index) => names.slice(0, index + 1).join('/'));
    }));
    for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
      if (await obstacle(this.root, `${folder}/x`) === undefined) {
        // Fails if the folder is not empty; it is kept.
        await rmdir(toLocalPath(this.root, folder)).catch(() => {});
      }
    }
  }
}
