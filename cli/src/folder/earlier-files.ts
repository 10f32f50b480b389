import { localPathProblem } from './local-path';
import type { Manifest, ManifestFile } from '../../../src/contract/manifest';
import { pathProblem } from '../../../src/contract/path-rules';

/** A file that an earlier pull wrote to the folder, as it was then. */
export interface EarlierFile extends Pick<ManifestFile, 'path' | 'size' | 'sha256'> {
  /** Such as `fraud@1.0.0`. */
  readonly from: string;
}

export function filesOf({ model, version, files }: Pick<Manifest, 'model' | 'version' | 'files'>): EarlierFile[] {
  // The record is not validated: it may contain anything.
  return files.filter((file) => typeof file === 'object' && file !== null)
    .map(({ path, size, sha256 }) => ({ path, size, sha256, from: `${model}@${version}` }));
}

/** Validates every entry: the records can be tampered with, and they name files that may be removed. */
export function earlierFileReader(platform: NodeJS.Platform): (entry: unknown) => entry is EarlierFile {
  return (entry): entry is EarlierFile => {
    const { path, size, sha256, from } = (entry ?? {}) as Partial<EarlierFile>;
    return typeof path === 'string' && pathProblem(path) === undefined && localPathProblem(path, platform) === undefined
      && typeof size === 'number' && typeof sha256 === 'string' && typeof from === 'string';
  };
}
