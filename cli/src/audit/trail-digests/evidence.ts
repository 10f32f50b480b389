import type { Readable } from 'node:stream';

/** A file of a trail, where it lies. */
export interface EvidenceFile {
  /** As a person finds it: a path below the folder, or a key. */
  readonly name: string;
  /** In bytes, as it lies there. */
  readonly size: number;
}

export interface DigestObject {
  readonly bytes: Buffer;
  /** In hexadecimal digits; of the metadata of the object, which a download to a folder loses. */
  readonly signature?: string;
}

/** Days in UTC, both included; all there are if absent. */
export interface Period {
  readonly from?: string;
  readonly to?: string;
}

/** Where log files and digest files of trails lie. */
export interface Evidence {
  readonly name: string;
  /** Absent in a folder, whose files have lost their metadata too. */
  readonly bucket?: string;
  /** The digest files that end in these days and the day after: the next one signs for the one before it. */
  digests(period: Period): AsyncIterable<EvidenceFile>;
  /** The log files of these days, as their names say. */
  logs(period: Period): AsyncIterable<EvidenceFile>;
  /** A log file that a digest file names, but that is not among `logs`. */
  find(key: string): Promise<EvidenceFile | undefined>;
  readDigest(file: EvidenceFile): Promise<DigestObject>;
  /** The bytes as they lie there. */
  open(file: EvidenceFile): Promise<Readable>;
}
