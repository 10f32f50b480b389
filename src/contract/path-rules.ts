import { MAX_PATH_BYTES, MAX_PATH_SEGMENTS } from './limits';
import { TOOL_FILES } from './tool-files';
import { quotedText } from './visible-text';

/** Folder in a destination where `model-store pull` keeps its records. No version may contain it. */
export const RECORD_FOLDER = '.model-store';

/** https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|$)/i;

/**
 * Short (8.3) names, under which Windows may also find a file with a longer name, such as `VSCODE~1` for `.vscode`:
 * https://learn.microsoft.com/windows/win32/fileio/naming-a-file#short-vs-long-names
 */
const SHORT_NAME = /^[^.]{1,7}~[0-9]{1,6}(\.[^.]{0,3})?$/;

/**
 * Characters that are not visible in a listing, so that two names look the same or one looks like another. The classes
 * do not depend on the version of Unicode for assigned characters, because clients and functions must agree.
 */
const INVISIBLE = /[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/u;

const encoder = new TextEncoder();

/** The name that some file system or tool takes a segment for: ignored characters, letter case and endings removed. */
function plainName(segment: string): string {
  const name = segment.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toUpperCase().toLowerCase()
    // An alternate data stream of NTFS.
    .split(':', 1)[0];
  return withoutEnding(name);
}

/** Windows drops dots and spaces at the end of a name. A regular expression would take quadratic time. */
function withoutEnding(name: string): string {
  let end = name.length;
  while (end > 0 && '. '.includes(name[end - 1])) {
    end--;
  }
  return name.slice(0, end);
}

/** Whether a path is in the folder of `pull`'s records, under any name that a file system treats as the same. */
export function inRecordFolder(path: string): boolean {
  return plainName(path.split('/')[0]) === RECORD_FOLDER;
}

/** Names that Git itself refuses to check out: core.protectNTFS and core.protectHFS in https://git-scm.com/docs/git-config */
function isGitFolder(segment: string): boolean {
  return /^(\.git|git~[0-9]+)$/.test(plainName(segment));
}

/**
 * Describes what is wrong with a path and what is expected; returns undefined if it is valid. These rules have no
 * exception: a path that breaks one is dangerous or ambiguous on every machine.
 */
export function pathProblem(path: string): string | undefined {
  if (path === '') {
    return 'is empty; give a path relative to the model folder';
  }
  if (encoder.encode(path).length > MAX_PATH_BYTES) {
    return `is longer than ${MAX_PATH_BYTES} bytes in UTF-8`;
  }
  if (/\p{Cc}/u.test(path)) {
    return 'contains a control character';
  }
  if (path.includes('\\')) {
    return 'contains a backslash; separate folders with "/"';
  }
  if (/\p{Surrogate}/u.test(path)) {
    return 'is not valid Unicode (a lone surrogate)';
  }
  if (path !== path.normalize('NFC')) {
    return 'is not in Unicode normalization form C (NFC)';
  }
  if (INVISIBLE.test(path)) {
    return 'contains an invisible character';
  }
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) {
    return 'is absolute; give a path relative to the model folder';
  }
  const segments = path.split('/');
  if (segments.length > MAX_PATH_SEGMENTS) {
    return `has more than ${MAX_PATH_SEGMENTS} segments; use fewer nested folders`;
  }
  for (const segment of segments) {
    if (segment === '') {
      return 'has an empty segment ("//", or "/" at the end)';
    }
    if (segment === '.' || segment === '..') {
      return `has a "${segment}" segment, which could lead out of the model folder`;
    }
    if (isGitFolder(segment)) {
      return `contains ${quotedText(segment)}, which Git takes for a repository, whose settings can run commands`;
    }
  }
  return inRecordFolder(path)
    ? `is in ${RECORD_FOLDER}, where model-store keeps its records; rename the folder` : undefined;
}

/** Why Windows cannot store a name, or stores it under another one; undefined if it can. */
export function windowsNameProblem(segment: string): string | undefined {
  if (/[<>:"|?*\\]/.test(segment)) {
    return 'has a character that Windows does not allow in names';
  }
  if (/[. ]$/.test(segment)) {
    return 'has a "." or a space at its end, which Windows drops';
  }
  return WINDOWS_DEVICE.test(segment) ? 'is a device name on Windows' : undefined;
}

const TOOLS = new Map(TOOL_FILES.flatMap(({ tools, names }) => names.map((name) => [name, tools])));

/** Ends the message about each path that is refused only for this reason. */
export const UNSAFE_NAME_REFUSED = 'refused unless unsafe names are allowed';

/**
 * Describes why a valid path is refused unless the caller allows unsafe names: some tool or system treats one of its
 * names in a special way. Returns undefined for all other paths.
 */
export function unsafeNameProblem(path: string): string | undefined {
  for (const segment of path.split('/')) {
    const problem = unsafeSegmentProblem(segment);
    if (problem !== undefined) {
      return `contains ${quotedText(segment)}, which ${problem}`;
    }
  }
  return undefined;
}

function unsafeSegmentProblem(segment: string): string | undefined {
  const tools = TOOLS.get(plainName(segment));
  if (tools !== undefined) {
    return `${tools} look for, and which can run commands`;
  }
  if (/(?! )\p{Zs}/u.test(segment)) {
    return 'has a character that looks like a space';
  }
  if (segment.startsWith(' ')) {
    return 'begins with a space';
  }
  return windowsNameProblem(segment)
    ?? (SHORT_NAME.test(segment) ? 'can be the short name of another file on Windows' : undefined);
}

/** What `git` looks for in a folder to recognize a repository without a `.git` folder. */
const BARE_REPOSITORY = ['head', 'objects', 'refs'];

/**
 * Folders that Git takes for a bare repository, whose settings can run commands when someone calls `git` in them: those
 * that contain `HEAD`, and `objects` and `refs`, or `commondir`, which names another folder for the two. Returns the
 * index of the path with `HEAD` for each, and the folder. Undefined paths are skipped.
 * https://git-scm.com/docs/gitrepository-layout
 */
export function bareRepositories(
  paths: readonly (string | undefined)[],
): { readonly index: number; readonly folder: string }[] {
  const names = new Map<string, Map<string, number>>();
  paths.forEach((path, index) => {
    const segments = path?.split('/') ?? [];
    segments.forEach((segment, depth) => {
      const name = plainName(segment);
      if (name === 'commondir' || BARE_REPOSITORY.includes(name)) {
        const folder = segments.slice(0, depth).map(plainName).join('/');
        const found = names.get(folder) ?? new Map<string, number>();
        names.set(folder, found.set(name, found.get(name) ?? index));
      }
    });
  });
  return [...names.values()].flatMap((found) => {
    const index = found.get('head');
    return index !== undefined && (found.has('commondir') || BARE_REPOSITORY.every((name) => found.has(name)))
      ? [{ index, folder: paths[index]!.split('/').slice(0, -1).join('/') }] : [];
  });
}
