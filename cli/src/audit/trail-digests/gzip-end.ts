/** A gzip file whose content was read to the end. */
export interface ReadGzip {
  /** Bytes of the file, as stored. */
  readonly stored: number;
  /** How many of them the decompression used. */
  readonly used: number;
  /** The last four bytes of the file. */
  readonly ending: Buffer;
  /** Bytes of the content. */
  readonly length: number;
}

/**
 * Whether a gzip file ends where its content ends. Tools differ in what they read after that, so anything there could
 * be a record for some readers of a file whose hash is right. CloudTrail writes one gzip member, which ends with the
 * length of its content modulo 4 GiB. So an empty second member has another ending, and any other one changes the hash.
 */
export function endsWithContent({ stored, used, ending, length }: ReadGzip): boolean {
  return stored === used && ending.length === 4 && ending.readUInt32LE() === length % 2 ** 32;
}

export const AFTER_THE_END = 'bytes after the end of its gzip stream, which some tools would read';
