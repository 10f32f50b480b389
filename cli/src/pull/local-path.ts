import * as nodePath from 'node:path';
import { RECORD_FOLDER } from './record';
import type { ErrorDetail } from '../../../src/contract/errors';

/** https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i;

/** What keeps a path of a good manifest from being written on this platform; nothing if it can. */
export function localPathProblem(path: string, platform: NodeJS.Platform): string | undefined {
  const segments = path.split('/');
  if (segments[0].normalize('NFKC').toLowerCase() === RECORD_FOLDER) {
    return `lies in ${RECORD_FOLDER}, where this command keeps its own records`;
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
