import * as nodePath from 'node:path';
import type { ErrorDetail } from '../../../src/contract/errors';

/** Folder in a destination where `pull` keeps its records. `push` skips it, and no version may contain it. */
export const RECORD_FOLDER = '.model-store';

/** https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|$)/i;

/** Characters that HFS+ ignores in names: https://developer.apple.com/library/archive/technotes/tn/tn1150.html */
// eslint-disable-next-line no-misleading-character-class
const UNSEEN = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * Short (8.3) names that NTFS may give the record folder:
 * https://learn.microsoft.com/windows/win32/fileio/naming-a-file#short-vs-long-names
 */
const SHORT_NAME = /^(model-|mo[0-9a-f]{4})~[0-9]$/i;

/** Maximum length of a name: bytes on ext4, UTF-16 code units on APFS and NTFS. */
const LONGEST_NAME = 255;

/** Whether a path is in the folder of `pull`'s records, under any name that a file system treats as the same. */
export function inRecordFolder(path: string): boolean {
  const [first] = path.split('/');
  return first.normalize('NFKC').replace(UNSEEN, '').toLowerCase() === RECORD_FOLDER;
}

/** Why a valid manifest path cannot be written on this platform; undefined if it can. */
export function localPathProblem(path: string, platform: NodeJS.Platform): string | undefined {
  const segments = path.split('/');
  if (inRecordFolder(path) || (platform === 'win32' && SHORT_NAME.test(segments[0]))) {
    return `is in ${RECORD_FOLDER}, where model-store keeps its records`;
  }
  const countsCharacters = platform === 'win32' || platform === 'darwin';
  const length = (name: string) => (countsCharacters ? name.length : Buffer.byteLength(name));
  const long = segments.find((segment) => length(segment) > LONGEST_NAME);
  if (long !== undefined) {
    const unit = countsCharacters ? 'characters' : 'bytes';
    return `contains ${JSON.stringify(long)}, which is longer than the ${LONGEST_NAME} ${unit} allowed on this system`;
  }
  if (platform !== 'win32') {
    return undefined;
  }
  for (const segment of segments) {
    const shown = JSON.stringify(segment);
    if (/[<>:"|?*\\]/.test(segment)) {
      return `contains ${shown}, which has a character that Windows does not allow in names`;
    }
    if (/[. ]$/.test(segment)) {
      return `contains ${shown}, and Windows drops a "." or a space at the end of a name`;
    }
    if (WINDOWS_DEVICE.test(segment)) {
      return `contains ${shown}, which is a device name on Windows`;
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

/** The local path of a manifest path below `root`. Throws if the result would be outside `root`. */
export function toLocalPath(root: string, path: string, pathModule: nodePath.PlatformPath = nodePath): string {
  const local = pathModule.join(root, ...path.split('/'));
  const back = pathModule.relative(root, local);
  const leadsOut = back === '' || back.split(pathModule.sep)[0] === '..' || pathModule.isAbsolute(back);
  if (leadsOut || back.split(pathModule.sep).join('/') !== path) {
    throw new Error(`${JSON.stringify(path)} is not below the destination`);
  }
  return local;
}
