import { createHash, type Hash } from 'node:crypto';
import type { FoundNames, Layout } from './layout';
import { LeftOuts, type Place, type SourceRules, type Survey } from './version-source';
import type { ErrorDetail } from '../../../src/contract/errors';
import { MAX_FILES_PER_VERSION } from '../../../src/contract/limits';
import { RECORD_FOLDER } from '../../../src/contract/path-rules';
import type { ListedObject } from '../aws/list-objects';
import type { LeftOutPath } from '../folder/folder-contents';
import { IGNORE_FILE, IgnoreRules } from '../folder/ignore-rules';
import { localPathProblems } from '../folder/local-path';
import { plannedFileProblems } from '../folder/planned-files';
import { secretNames } from '../folder/read-folder';
import { unpublishedFolder, unpublishedName } from '../folder/unpublished';

/** A file of a version, and its S3 object. */
export interface S3PlaceFile extends ListedObject {
  /** Path in the manifest, NFC. */
  readonly path: string;
}

/** Turns an object into a file of the version at `prefix`, or says why it is left out, by the rules of a push. */
export function placeFile(
  entry: ListedObject, prefix: string, rules: IgnoreRules,
): S3PlaceFile | LeftOutPath | undefined {
  const path = entry.key.slice(prefix.length).normalize('NFC');
  const segments = path.split('/');
  if (segments.at(-1) === '' || segments[0] === RECORD_FOLDER) {
    return undefined;
  }
  for (const [index, name] of segments.entries()) {
    const here = segments.slice(0, index + 1).join('/');
    const isFolder = index < segments.length - 1;
    const decision = rules.decide(here, isFolder);
    const reason = isFolder && name === '.git' ? 'Git repository'
      : decision !== undefined ? (decision.published ? undefined : decision.reason)
        : isFolder ? unpublishedFolder(name) : unpublishedName(name);
    if (reason !== undefined) {
      return { path: isFolder ? `${here}/` : here, reason };
    }
  }
  return { ...entry, path };
}

/** Identifies the content of a version without reading it: the ETag of an object changes with its bytes. */
export class Fingerprint {
  private readonly hash: Hash = createHash('sha256');

  add({ path, size, etag }: S3PlaceFile): void {
    this.hash.update(`${JSON.stringify([path, size, etag])}\n`);
  }

  finish(): string {
    return this.hash.digest('hex');
  }
}

/** The rules for the files of a version; those of `platform` apply because it stages the files. */
export interface PlaceRules extends SourceRules {
  readonly platform: NodeJS.Platform;
}

/** Collects the consecutive keys of one version. Keeps at most one file more than a version can have. */
class GrowingPlace {
  private readonly kept: S3PlaceFile[] = [];
  private readonly fingerprint = new Fingerprint();
  private files = 0;
  private bytes = 0;
  private first = Infinity;
  private last = 0;
  private readonly leftOut = new Map<string, LeftOutPath>();

  constructor(
    readonly bucket: string,
    readonly prefix: string,
    readonly found: FoundNames,
    private readonly rules: PlaceRules,
    private readonly ignoreRules: IgnoreRules,
  ) {}

  add(entry: ListedObject): void {
    const file = placeFile(entry, this.prefix, this.ignoreRules);
    if (file === undefined) {
      return;
    }
    if ('reason' in file) {
      this.leftOut.set(file.path, file);
      return;
    }
    this.files++;
    this.bytes += file.size;
    this.first = Math.min(this.first, file.lastModified);
    this.last = Math.max(this.last, file.lastModified);
    this.fingerprint.add(file);
    if (this.kept.length <= MAX_FILES_PER_VERSION) {
      this.kept.push(file);
    }
  }

  finish(): Place {
    const secrets = secretNames(this.kept.map(({ path }) => path), this.rules.allowSecrets);
    return {
      address: `s3://${this.bucket}/${this.prefix}`,
      found: this.found,
      files: this.files,
      bytes: this.bytes,
      firstModified: this.first,
      lastModified: this.last,
      problems: [...this.problems(), ...secrets],
      hasSecrets: secrets.length > 0,
      leftOut: [...this.leftOut.values()],
      fingerprint: this.fingerprint.finish(),
    };
  }

  private problems(): ErrorDetail[] {
    if (this.files > MAX_FILES_PER_VERSION) {
      const message = `has ${this.files} files; a version can have at most ${MAX_FILES_PER_VERSION}`;
      return [{ field: 'the folder', message }];
    }
    const paths = this.kept.map(({ path }) => path);
    // What this system cannot store is refused here with or without permission for unsafe names.
    const local = localPathProblems(paths, this.rules.platform);
    const reported = new Set(local.map(({ field }) => field));
    const ignoreFiles = paths.filter((path) => path.split('/').at(-1) === IGNORE_FILE);
    return [
      ...plannedFileProblems(this.kept, this.rules).filter(({ field }) => !reported.has(field)),
      ...local,
      ...ignoreFiles.map((field) => ({
        field, message: 'has no effect in a bucket; use --exclude, for this file too, or import from a folder',
      })),
    ];
  }
}

/** Groups sorted keys into versions. Holds the files of only one version in memory. */
export async function surveyKeys(
  bucket: string, prefix: string, entries: AsyncIterable<ListedObject>, layout: Layout, rules: PlaceRules,
): Promise<Survey> {
  const places: Place[] = [];
  const leftOut = new LeftOuts();
  const ignoreRules = IgnoreRules.excluding(rules.exclude ?? []);
  let growing: GrowingPlace | undefined;
  for await (const entry of entries) {
    if (growing !== undefined && !entry.key.startsWith(growing.prefix)) {
      places.push(growing.finish());
      growing = undefined;
    }
    if (entry.key.endsWith('/')) {
      // Placeholder that the S3 console creates for a folder.
      continue;
    }
    if (growing === undefined) {
      const folders = entry.key.slice(prefix.length).split('/').slice(0, -1);
      const deep = folders.slice(0, layout.depth);
      const found = folders.length < layout.depth || deep.some((folder) => folder.startsWith('.'))
        ? undefined : layout.match(deep);
      if (found === undefined) {
        const isOutside = folders.length < layout.depth;
        const why = isOutside ? 'is outside of any version' : `does not match the layout ${layout.text}`;
        leftOut.add(`s3://${bucket}/${entry.key}`, why);
        continue;
      }
      growing = new GrowingPlace(bucket, `${prefix}${deep.join('/')}/`, found, rules, ignoreRules);
    }
    growing.add(entry);
  }
  if (growing !== undefined) {
    places.push(growing.finish());
  }
  return { places, leftOut: leftOut.examples, leftOutCount: leftOut.count };
}
