import { createHash, type Hash } from 'node:crypto';
import type { FoundNames, Layout } from './layout';
import { LeftOuts, type Place, type Survey } from './source';
import type { ErrorDetail } from '../../../src/contract/errors';
import { MAX_FILES_PER_VERSION } from '../../../src/contract/limits';
import type { ListedObject } from '../aws/list-objects';
import { localPathProblems, RECORD_FOLDER } from '../folder/local-path';
import { plannedFileProblems } from '../folder/planned-files';
import { isSystemFolder, isSystemName } from '../folder/system-files';

/** A file of a place, and the object that it is. */
export interface S3PlaceFile extends ListedObject {
  /** NFC, as it will stand in the manifest. */
  readonly path: string;
}

/** Of an entry below the prefix of a place; undefined for what is no file of a version. */
export function placeFile(entry: ListedObject, prefix: string): S3PlaceFile | undefined {
  const path = entry.key.slice(prefix.length);
  // The records of a pull, and what the system made, are no part of a version, as in a folder that is pushed.
  const segments = path.split('/');
  return segments.at(-1) === '' || segments[0] === RECORD_FOLDER
    || isSystemName(segments.at(-1)!) || segments.slice(0, -1).some(isSystemFolder)
    ? undefined : { ...entry, path: path.normalize('NFC') };
}

/** What identifies the bytes of a version without reading them: S3 gives an object another ETag when its bytes change. */
export class Fingerprint {
  private readonly hash: Hash = createHash('sha256');

  add({ path, size, etag }: S3PlaceFile): void {
    this.hash.update(`${JSON.stringify([path, size, etag])}\n`);
  }

  finish(): string {
    return this.hash.digest('hex');
  }
}

/** One place while its keys come by, which all come one after the other. Only as many are kept as a version may have. */
class GrowingPlace {
  private readonly kept: S3PlaceFile[] = [];
  private readonly fingerprint = new Fingerprint();
  private files = 0;
  private bytes = 0;
  private first = Infinity;
  private last = 0;

  constructor(readonly bucket: string, readonly prefix: string, readonly found: FoundNames, private readonly platform: NodeJS.Platform) {}

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
      return [{ field: 'the files', message: `are ${this.files}; a version has at most ${MAX_FILES_PER_VERSION}` }];
    }
    return [...plannedFileProblems(this.kept), ...localPathProblems(this.kept.map(({ path }) => path), this.platform)];
  }
}

/** Makes places of the keys below a prefix, in their order, and holds on to no more than one place at a time. */
export async function surveyKeys(
  bucket: string, prefix: string, entries: AsyncIterable<ListedObject>, layout: Layout, platform: NodeJS.Platform,
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
      // What the console makes for an empty folder.
      continue;
    }
    if (growing === undefined) {
      const folders = entry.key.slice(prefix.length).split('/').slice(0, -1);
      const deep = folders.slice(0, layout.depth);
      const found = folders.length < layout.depth || deep.some((folder) => folder.startsWith('.')) ? undefined : layout.match(deep);
      if (found === undefined) {
        leftOut.add(`s3://${bucket}/${entry.key}`, folders.length < layout.depth ? 'lies in no version' : `does not fit the layout ${layout.text}`);
        continue;
      }
      growing = new GrowingPlace(bucket, `${prefix}${deep.join('/')}/`, found, platform);
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
