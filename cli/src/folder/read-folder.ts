import { realpath, stat } from 'node:fs/promises';
import * as nodePath from 'node:path';
import type { FolderContents, FolderListing, FolderOptions } from './folder-contents';
import { Walk } from './folder-walk';
import { pathMatcher } from './ignore-rules';
import { plannedFileProblems } from './planned-files';
import { Records } from './pull-record';
import { secretName } from './secret-names';
import { unsafeNamesHint } from './unsafe-names';
import type { ErrorDetail } from '../../../src/contract/errors';
import { describeFault } from '../runtime/describe-fault';
import { EXIT, Failure, usageFailure } from '../runtime/failure';

/** Lists a folder as `listFolder` does. Fails if it cannot be pushed; the contents of files are not read. */
export async function readFolder(root: string, options: FolderOptions = {}): Promise<FolderContents> {
  const listing = await listFolder(root, options);
  requirePushable(root, listing);
  return listing;
}

/**
 * Lists the files of a folder, or a single file, without reading their content. Includes hidden files, but not the
 * folder where `pull` keeps its records, and not what is never part of a model or what `.modelstoreignore` or `exclude`
 * leave out. A symbolic link to a target inside the folder is followed. One that points outside is a problem, because
 * it would publish files that the user may not have meant to publish.
 */
export async function listFolder(root: string, options: FolderOptions = {}): Promise<FolderListing> {
  const found = await rootOf(root);
  const walk = new Walk(found.root, options);
  if (found.file === undefined) {
    await walk.everything();
  } else if ((options.exclude ?? []).length > 0) {
    throw usageFailure(`--exclude applies to a folder, and ${root} is a file`);
  } else {
    await walk.onlyFile(found.file);
  }
  const files = walk.files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const isAllowed = pathMatcher(options.allowSecrets ?? []);
  const nothingLeft = files.length === 0 && walk.leftOut.length > 0;
  return {
    files,
    emptyFolders: walk.emptyFolders,
    leftOut: walk.leftOut,
    ignoreFiles: walk.ignoreFiles,
    problems: [
      ...found.file === undefined ? await unfinishedPull(walk.root) : [],
      ...walk.problems,
      ...nothingLeft
        ? [{ field: 'the folder', message: 'has nothing to publish: all of its files are left out' }]
        : plannedFileProblems(files, options),
    ],
    secrets: secretNames(files.map(({ path }) => path), options.allowSecrets),
    allowedSecrets: files.map(({ path }) => path).filter(isAllowed),
  };
}

/** The files whose name says that they hold secrets, except those that the user allows. */
export function secretNames(paths: readonly string[], allowSecrets: readonly string[] = []): ErrorDetail[] {
  const isAllowed = pathMatcher(allowSecrets);
  return paths.flatMap((path) => {
    const message = secretName(path);
    return message === undefined || isAllowed(path) ? [] : [{ field: path, message }];
  });
}

/** `inContents` are the secrets that were found in the contents of files. */
export function requirePushable(
  root: string, listing: FolderListing, inContents: readonly ErrorDetail[] = [],
): void {
  const secrets = [...listing.secrets, ...inContents];
  const problems = [...listing.problems, ...secrets];
  if (problems.length > 0) {
    throw unpublishable(`cannot push ${root}`, problems, { hasSecrets: secrets.length > 0 });
  }
}

export function unpublishable(
  message: string, details: readonly ErrorDetail[], { hasSecrets }: { readonly hasSecrets: boolean },
): Failure {
  const names = unsafeNamesHint(details);
  return hasSecrets
    ? new Failure(message, {
      code: 'secret_found',
      exitCode: EXIT.USAGE,
      details,
      hint: names === undefined ? ABOUT_SECRETS : `${names}\n${ABOUT_SECRETS}`,
    })
    : new Failure(message, { code: 'invalid_manifest', exitCode: EXIT.USAGE, details, hint: names });
}

const ABOUT_SECRETS = 'Nothing was sent. Leave these files out with --exclude or in .modelstoreignore, or remove the '
  + 'secrets from them. If a file holds no secret, name it with --allow-secret.';

/** Refuses a folder with an unfinished pull: missing files would go unnoticed. */
async function unfinishedPull(root: string): Promise<ErrorDetail[]> {
  const records = new Records(root);
  const marker = await records.marker();
  return marker === undefined ? [] : [{
    field: records.markerFile,
    message: `an earlier pull of ${marker.model}@${marker.version} was interrupted, so files may be missing; `
      + 'run that pull again, or remove this file',
  }];
}

interface Root {
  readonly root: string;
  /** The name of the file, if a single file is pushed. */
  readonly file?: string;
}

async function rootOf(root: string): Promise<Root> {
  try {
    const found = await stat(root);
    if (found.isDirectory()) {
      return { root: await realpath(root) };
    }
    if (found.isFile()) {
      const local = nodePath.resolve(root);
      return { root: nodePath.dirname(local), file: nodePath.basename(local) };
    }
  } catch (error) {
    throw new Failure(`cannot read ${root}: ${describeFault(error)}`, {
      code: 'unreadable_folder', exitCode: EXIT.USAGE, cause: error,
    });
  }
  throw new Failure(`${root} is neither a file nor a folder`, {
    code: 'unreadable_folder', exitCode: EXIT.USAGE,
  });
}
