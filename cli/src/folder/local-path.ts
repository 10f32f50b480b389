import * as nodePath from 'node:path';
import type { ErrorDetail } from '../../../src/contract/errors';

/** Where `pull` keeps its own records inside a destination. `push` skips it, and no version may bring a file of it. */
export const RECORD_FOLDER = '.model-store';

/** https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|$)/i;

/** Characters that HFS+ does not see in a name: https://developer.apple.com/library/archive/technotes/tn/tn1150.html */
// eslint-disable-next-line no-misleading-character-class
const UNSEEN = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** The second name that NTFS may give to the folder of records: https://learn.microsoft.com/windows/win32/fileio/naming-a-file#short-vs-long-names */
const SHORT_NAME = /^(model-|mo[0-9a-f]{4})~[0-9]$/i;

/** What ext4, APFS and NTFS allow, each by its own measure. */
const LONGEST_NAME = 255;

/** Whether a path leads, under whatever name, to where `pull` keeps its records. */
export function inRecordFolder(path: string): boolean {
  const [first] = path.split('/');
  return first.normalize('NFKC').replace(UNSEEN, '').toLowerCase() === RECORD_FOLDER;
}

/** What keeps a path of a good manifest from being written on this platform; nothing if it can. */
export function localPathProblem(path: string, platform: NodeJS.Platform): string | undefined {
  const segments = path.split('/');
  if (inRecordFolder(path) || (platform === 'win32' && SHORT_NAME.test(segments[0]))) {
    return `lies in ${RECORD_FOLDER}, where this command keeps its own records`;
  }
  const length = platform === 'win32' || platform === 'darwin' ? (name: string) => name.length : (name: string) => Buffer.byteLength(name);
  const long = segments.find((segment) => length(segment) > LONGEST_NAME);
  if (long !== undefined) {
    return `has in ${JSON.stringify(long)} a name that is longer than the ${LONGEST_NAME} ${
      platform === 'win32' || platform === 'darwin' ? 'characters' : 'bytes'} that there may be in one here`;
  }
  if (platform !== 'win32') {
    return undefined;
  }
  for (const segment of segments) {
    const shown = JSON.stringify(segment);
    if (/[<>:"|?*\\]/.test(segment)) {
      return `has in ${shown} a character that Windows does not allow in a name`;
    }
    if (/[. ]$/.test(segment)) {
      return `has ${shown} in it, and Windows drops a "." or a space at the end of a name`;
    }
    if (WINDOWS_DEVICE.test(segment)) {
      return `has ${shown} in it, which is the name of a device on Windows`;
    }
  }
  return undefined;
}

export function localPathProblems(paths: readonly string[], platform: NodeJS.Platform): ErrorDetail[] {
  return paths.flatMap((path) => {
    const message = localPathProblem(path, platform);
    return message === undefined ? [] : [{ field: path, message }];
  });
}

/** Where a path of a manifest lives below `root`. A path that were to lead out of it, for whatever reason, throws. */
export function toLocalPath(root: string, path: string, pathModule: nodePath.PlatformPath = nodePath): string {
  const local = pathModule.join(root, ...path.split('/'));
  const back = pathModule.relative(root, local);
  const leadsOut = back === '' || back.split(pathModule.sep)[0] === '..' || pathModule.isAbsolute(back);
  if (leadsOut || back.split(pathModule.sep).join('/') !== path) {
    throw new Error(`${JSON.stringify(path)} does not stay below the destination`);
  }
  return local;
}
