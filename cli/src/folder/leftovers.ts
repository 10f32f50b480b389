import { rmdir, unlink } from 'node:fs/promises';
import { type InspectOptions, type Inspection, inspect, lstatIfAny, obstacle, seenAt } from './destination';
import type { EarlierFile } from './earlier-files';
import { entriesBelow } from './folder-entries';
import { toLocalPath } from './local-path';
import type { Records } from './pull-record';
import type { ManifestFile } from '../../../src/contract/manifest';

/**
 * Files of the destination that are not in the version. A loader that takes `*.safetensors` takes them all the same.
 */
export interface OtherFiles {
  readonly count: number;
  /** By the version whose pull brought them, such as `fraud@1.0.0`. */
  readonly fromEarlierPulls: { readonly [version: string]: number };
  /** The folder holds more than were counted, or a folder that cannot be read. */
  readonly more: boolean;
}

const MOST_COUNTED = 100_000;

/** What earlier pulls put into the destination and the version does not have. */
export class Leftovers {
  /** By path; the last entry is of the last pull. */
  static async find(root: string, records: Records, files: readonly ManifestFile[]): Promise<Leftovers> {
    const wanted = new Set(files.map(({ path }) => path));
    return new Leftovers(root, (await records.earlierFiles()).filter(({ path }) => !wanted.has(path)));
  }

  private inspection?: Inspection;

  private constructor(private readonly root: string, private readonly files: readonly EarlierFile[]) {}

  /**
   * Compares them with what the pulls brought. What was changed since is a problem. What could only be reached through
   * a link, or is a folder by now, is not what a pull brought, and stays.
   */
  async inspect(options: InspectOptions): Promise<Inspection['problems']> {
    this.inspection = await inspect(this.root, this.files, options);
    const { problems, standings } = this.inspection;
    const unchanged = new Set(this.files.filter((_, index) => standings[index] === 'same').map(({ path }) => path));
    const from = new Map(this.files.map((file) => [file.path, file.from]));
    const changed = problems.filter(({ field, blocked }) => !blocked && !unchanged.has(field))
      .map((problem) => ({ ...problem, message: `came with ${from.get(problem.field)}, and ${problem.message}` }));
    return [...new Map(changed.map((problem) => [problem.field, problem])).values()];
  }

  /**
   * Removes those that are still what was inspected, and the folders that become empty by it. `kept` are the files of
   * the version: on a file system that ignores case, one of them may be what is found under the name of a leftover.
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

  /** Those that are still there, for the record. */
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
        // One that is not empty stays.
        await rmdir(toLocalPath(this.root, folder)).catch(() => {});
      }
    }
  }
}
