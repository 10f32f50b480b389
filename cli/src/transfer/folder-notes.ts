import type { FolderListing, LeftOutPath, LocalFile } from '../folder/folder-contents';
import { localPathProblem } from '../folder/local-path';

/** More names for one reason would bury the other lines. */
const MOST_NAMES = 100;
const FEW_NAMES = 5;

/** What of a folder is not published, and what is published without a check. */
export function folderNotes(
  { emptyFolders, leftOut, allowedSecrets }: FolderListing, { all }: { readonly all: boolean },
): string[] {
  return [
    ...emptyFolders.length === 0 ? []
      : [`skipped empty ${emptyFolders.length === 1 ? 'folder' : 'folders'}: ${some(emptyFolders, FEW_NAMES)}`],
    ...leftOutLines(leftOut, { all }),
    ...allowedSecrets.length === 0 ? []
      : [`not checked for secrets: ${some(allowedSecrets, all ? Infinity : MOST_NAMES)} (--allow-secret)`],
  ];
}

/** Who cannot pull the files. */
export function platformNotes(files: readonly LocalFile[]): string[] {
  const paths = files.map(({ path }) => path);
  return ([['win32', 'Windows'], ['linux', 'Linux']] as const).flatMap(([platform, system]) => {
    const unusable = paths.filter((path) => localPathProblem(path, platform) !== undefined);
    const names = unusable.length === 1 ? 'this name' : 'these names';
    return unusable.length === 0 ? []
      : [`${system} cannot store ${names}, so this version cannot be pulled there: ${some(unusable, FEW_NAMES)}`];
  });
}

/** One line for each reason. */
export function leftOutLines(leftOut: readonly LeftOutPath[], { all }: { readonly all: boolean }): string[] {
  const byReason = new Map<string, string[]>();
  leftOut.forEach(({ path, reason }) => byReason.set(reason, [...byReason.get(reason) ?? [], path]));
  return [...byReason].map(([reason, paths]) => (
    `left out: ${some(paths, all ? Infinity : MOST_NAMES, '; --dry-run lists all')} (${reason})`));
}

function some(paths: readonly string[], most: number, whereAll = ''): string {
  return paths.slice(0, most).join(', ') + (paths.length > most ? ` and ${paths.length - most} more${whereAll}` : '');
}
