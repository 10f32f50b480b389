import { partCountOf } from '../../../src/contract/digest';
import type { ErrorDetail } from '../../../src/contract/errors';
import { S3_MAX_OBJECT_BYTES } from '../../../src/contract/limits';
import { type FileEntry, fileProblems, type FileRules } from '../../../src/contract/manifest';

type PlannedFile = Pick<FileEntry, 'path' | 'size'>;

const NO_SHA256 = '0'.repeat(64);

/** A manifest entry before the file is read, with placeholder digests: all rules except those on digests apply. */
function planned({ path, size }: PlannedFile): FileEntry {
  const parts = size <= S3_MAX_OBJECT_BYTES ? partCountOf(size) : 1;
  return { path, size, sha256: NO_SHA256, digest: parts === 1 ? NO_SHA256 : `${NO_SHA256}-${parts}` };
}

/** Checks the files against the rules of the contract. Each problem names the file instead of its index. */
export function plannedFileProblems(files: readonly PlannedFile[], rules: FileRules): ErrorDetail[] {
  return fileProblems(files.map(planned), rules).map(({ field, message }) => {
    const index = /^files\[([0-9]+)\]/.exec(field)?.[1];
    return index !== undefined ? { field: files[Number(index)].path, message }
      : { field: 'the folder', message: files.length === 0 ? 'is empty; a version needs at least one file' : message };
  });
}
