import type { Readable } from 'node:stream';

/** A log file or digest file of a trail. */
export interface EvidenceFile {
  /** The path in the folder, or the S3 key. */
  readonly name: string;
  /** Bytes, as stored. */
  readonly size: number;
}

export interface DigestObject {
  readonly bytes: Buffer;
  /** Hexadecimal digits, from the metadata of the S3 object, which a download loses. */
  readonly signature?: string;
}

/** Days in UTC, inclusive; unbounded if undefined. */
export interface Period {
  readonly from?: string;
  readonly to?: string;
}

/** A place with the log files and digest files of trails. */
export interface Evidence {
  readonly name: string;
  /** Undefined for a folder, whose files have no S3 metadata. */
  readonly bucket?: string;
  /** The digest files that end on these days or the day after, because each one is verified with the next. */
  digests(period: Period): AsyncIterable<EvidenceFile>;
  /** The log files for these days, according to their names. */
  logs(period: Period): AsyncIterable<EvidenceFile>;
  /** Finds a log file that a digest file lists but that is not among `logs`. */
  find(key: string): Promise<EvidenceFile | undefined>;
  readDigest(file: EvidenceFile): Promise<DigestObject>;
  /** The bytes as stored. */
  open(file: EvidenceFile): Promise<Readable>;
}
