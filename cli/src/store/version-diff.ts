import { totalBytes } from './registry';
import type { Manifest, ManifestFile } from '../../../src/contract/manifest';

export interface ChangedFile {
  readonly path: string;
  readonly before: ManifestFile;
  readonly after: ManifestFile;
}

export interface RenamedFile {
  readonly from: string;
  readonly to: string;
  readonly size: number;
  readonly sha256: string;
  readonly digest: string;
}

export interface ChangedValue {
  readonly before?: string;
  readonly after?: string;
}

export interface FileChanges {
  readonly added: readonly ManifestFile[];
  readonly removed: readonly ManifestFile[];
  readonly changed: readonly ChangedFile[];
  /** Same content under another path. */
  readonly renamed: readonly RenamedFile[];
  readonly unchanged: number;
}

export interface VersionDiff {
  /** Whether files, metadata and base are all the same. */
  readonly same: boolean;
  readonly files: FileChanges;
  readonly metadata: readonly ({ readonly key: string } & ChangedValue)[];
  readonly base?: ChangedValue;
  readonly bytes: { readonly before: number; readonly after: number };
}

/** Compares two manifests. File contents are compared by digest and size. */
export function diffOf(before: Manifest, after: Manifest): VersionDiff {
  const files = fileChanges(before.files, after.files);
  const metadata = metadataChanges(before, after);
  const base = before.base === after.base ? undefined : changedValue(before.base, after.base);
  const { added, removed, changed, renamed } = files;
  return {
    same: [added, removed, changed, renamed, metadata].every(({ length }) => length === 0) && base === undefined,
    files,
    metadata,
    ...(base && { base }),
    bytes: { before: totalBytes(before), after: totalBytes(after) },
  };
}

function fileChanges(before: readonly ManifestFile[], after: readonly ManifestFile[]): FileChanges {
  const earlier = new Map(before.map((file) => [file.path, file]));
  const later = new Map(after.map((file) => [file.path, file]));
  const onlyAfter = after.filter(({ path }) => !earlier.has(path));
  const onlyBefore = before.filter(({ path }) => !later.has(path));
  const renamed = renames(onlyBefore, onlyAfter);
  const [from, to] = [new Set(renamed.map((file) => file.from)), new Set(renamed.map((file) => file.to))];
  const kept = [...later.values()].flatMap((file) => {
    const known = earlier.get(file.path);
    return known === undefined ? [] : [{ path: file.path, before: known, after: file }];
  });
  const changed = kept.filter((file) => contentOf(file.before) !== contentOf(file.after));
  return {
    added: onlyAfter.filter(({ path }) => !to.has(path)),
    removed: onlyBefore.filter(({ path }) => !from.has(path)),
    changed,
    renamed,
    unchanged: kept.length - changed.length,
  };
}

/** Pairs removed and added files of the same content, in the order of their paths. */
function renames(removed: readonly ManifestFile[], added: readonly ManifestFile[]): RenamedFile[] {
  const byContent = new Map<string, ManifestFile[]>();
  // All empty files have the same content, which says nothing about where they came from.
  for (const file of removed.filter(({ size }) => size > 0)) {
    const alike = byContent.get(contentOf(file)) ?? [];
    alike.push(file);
    byContent.set(contentOf(file), alike);
  }
  return added.flatMap((file) => {
    const origin = byContent.get(contentOf(file))?.shift();
    const { path: to, size, sha256, digest } = file;
    return origin === undefined ? [] : [{ from: origin.path, to, size, sha256, digest }];
  });
}

function contentOf({ digest, size }: ManifestFile): string {
  return `${size} ${digest}`;
}

function metadataChanges(before: Manifest, after: Manifest): ({ readonly key: string } & ChangedValue)[] {
  const [earlier, later] = [before, after].map(({ metadata }) => new Map(Object.entries(metadata)));
  return [...new Set([...earlier.keys(), ...later.keys()])].sort()
    .filter((key) => earlier.get(key) !== later.get(key))
    .map((key) => ({ key, ...changedValue(earlier.get(key), later.get(key)) }));
}

function changedValue(before: string | undefined, after: string | undefined): ChangedValue {
  return { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}
