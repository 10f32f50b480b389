import type { ErrorDetail } from '../../../src/contract/errors';
import type { FileRules } from '../../../src/contract/manifest';

export interface LocalFile {
  /** Path in the manifest: relative, POSIX, NFC. */
  readonly path: string;
  readonly localPath: string;
  readonly size: number;
  readonly modifiedMilliseconds: number;
}

/** A file, or a folder with everything in it, that is not published. */
export interface LeftOutPath {
  /** As in a manifest; a folder ends with "/". */
  readonly path: string;
  /** Such as `cache`, `.modelstoreignore:3` or `--exclude *.log`. */
  readonly reason: string;
}

export interface FolderContents {
  /** Sorted by path. */
  readonly files: readonly LocalFile[];
  /** Skipped, because a version contains only files. */
  readonly emptyFolders: readonly string[];
  readonly leftOut: readonly LeftOutPath[];
  /** The `.modelstoreignore` files that decided; they are not published. */
  readonly ignoreFiles: readonly LocalFile[];
}

export interface FolderListing extends FolderContents {
  /** What breaks a rule for versions. */
  readonly problems: readonly ErrorDetail[];
  /** Files whose name says that they hold secrets. */
  readonly secrets: readonly ErrorDetail[];
  /** Files that `allowSecrets` names: their names and contents are not checked for secrets. */
  readonly allowedSecrets: readonly string[];
}

export interface FolderOptions extends FileRules {
  /** Whether to follow symbolic links that point outside the folder. */
  readonly followOutside?: boolean;
  /** Patterns of files to leave out, in the syntax of `.gitignore`. */
  readonly exclude?: readonly string[];
  /** Patterns of files that are published even if they look like secrets. */
  readonly allowSecrets?: readonly string[];
}
