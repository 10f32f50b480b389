import * as nodePath from 'node:path';
import type { ErrorDetail } from '../../../src/contract/errors';
import { inRecordFolder, RECORD_FOLDER, windowsNameProblem } from '../../../src/contract/path-rules';
import { quotedText } from '../../../src/contract/visible-text';

/**
 * Short (8.3) names that NTFS may give the record folder:
 * https://learn.microsoft.com/windows/win32/fileio/naming-a-file#short-vs-long-names
 */
const SHORT_NAME = /^(model-|mo[0-9a-f]{4})~[0-9]$/i;

/** Maximum length of a name: bytes on ext4, UTF-16 code units on APFS and NTFS. */
const LONGEST_NAME = 255;

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
    return `contains ${quotedText(long)}, which is longer than the ${LONGEST_NAME} ${unit} allowed on this system`;
  }
  if (platform !== 'win32') {
    return undefined;
  }
  for (const segment of segments) {
    const problem = windowsNameProblem(segment);
    if (problem !== undefined) {
      return `contains ${quotedText(segment)}, which ${problem}`;
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
