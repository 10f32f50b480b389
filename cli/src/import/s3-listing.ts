import { createHash, type Hash } from 'node:crypto';
import type { FoundNames, Layout } from './layout';
import { LeftOuts, type Place, type Survey } from './version-source';
import type { ErrorDetail } from '../../../src/contract/errors';
import { MAX_FILES_PER_VERSION } from '../../../src/contract/limits';
import type { FileRules } from '../../../src/contract/manifest';
import { RECORD_FOLDER } from '../../../src/contract/path-rules';
import type { ListedObject } from '../aws/list-objects';
import { localPathProblems } from '../folder/local-path';
import { plannedFileProblems } from '../folder/planned-files';
import { isSystemFolder, isSystemName } from '../folder/system-files';

/** A file of a version, and its S3 object. */
export interface S3PlaceFile extends ListedObject {
  /** Path in the manifest, NFC. */
  readonly path: string;
}

/** Turns an object into a file of the version at `prefix`; undefined if it is not part of a version. */
export function placeFile(entry: ListedObject, prefix: string): S3PlaceFile | undefined {
  const path = entry.key.slice(prefix.length);
  // As in a push, the records of a pull and files created by the operating system are not part of a version.
  const segments = path.split('/');
  return segments.at(-1) === '' || segments[0] === RECORD_FOLDER
    || isSystemName(segments.at(-1)!) || segments.slice(0, -1).some(isSystemFolder)
    ? undefined : { ...entry, path: path.normalize('NFC') };
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
export interface PlaceRules extends FileRules {
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

  constructor(
    readonly bucket: string,
    readonly prefix: string,
    readonly found: FoundNames,
    private readonly rules: PlaceRules,
  ) {}

  add(file: S3PlaceFile): void {
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
    return {
      address: `s3://${this.bucket}/${this.prefix}`,
      found: this.found,
      files: this.files,
      bytes: this.bytes,
      firstModified: this.first,
      lastModified: this.last,
      problems: this.problems(),
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
    return [...plannedFileProblems(this.kept, this.rules).filter(({ field }) => !reported.has(field)), ...local];
  }
}

/** Groups sorted keys into versions. Holds the files of only one version in memory. */
export async function surveyKeys(
  bucket: string, prefix: string, entries: AsyncIterable<ListedObject>, layout: Layout, rules: PlaceRules,
): Promise<Survey> {
  const places: Place[] = [];
  const leftOut = new LeftOuts();
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
      growing = new GrowingPlace(bucket, `${prefix}${deep.join('/')}/`, found, rules);
    }
    const file = placeFile(entry, growing.prefix);
    if (file !== undefined) {
      growing.add(file);
    }
  }
  if (growing !== undefined) {
    places.push(growing.finish());
  }
  return { places, leftOut: leftOut.examples, leftOutCount: leftOut.count };
}
