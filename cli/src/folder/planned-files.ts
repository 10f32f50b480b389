import type { LocalFile } from './read-folder';
import { partCountOf } from '../../../src/contract/digest';
import type { ErrorDetail } from '../../../src/contract/errors';
import { S3_MAX_OBJECT_BYTES } from '../../../src/contract/limits';
import { type FileEntry, fileProblems } from '../../../src/contract/manifest';

const NO_SHA256 = '0'.repeat(64);

/** A file as it will be described once it is read: every rule but those on digests can be checked already. */
function planned({ path, size }: Pick<LocalFile, 'path' | 'size'>): FileEntry {
  const parts = size <= S3_MAX_OBJECT_BYTES ? partCountOf(size) : 1;
  return { path, size, sha256: NO_SHA256, digest: parts === 1 ? NO_SHA256 : `${NO_SHA256}-${parts}` };
}

/** Everything that the contract's rules find wrong with the files, said of the file instead of its place in a list. */
export function plannedFileProblems(files: readonly Pick<LocalFile, 'path' | 'size'>[]): ErrorDetail[] {
  return fileProblems(files.map(planned)).map(({ field, message }) => {
    const index = /^files\[([0-9]+)\]/.exec(field)?.[1];
    return index !== undefined ? { field: files[Number(index)].path, message }
      : { field: 'the folder', message: files.length === 0 ? 'holds no file; a version has at least one file' : message };
  });
}
