import { createHash, type Hash } from 'node:crypto';
import { partCountOf, partSizeOf } from '../../../src/contract/digest';

export interface Digests {
  /** SHA-256 of all bytes, hexadecimal. */
  readonly sha256: string;
  /** The S3 checksum of the object, hexadecimal, as the contract defines it. */
  readonly digest: string;
  /** For a multipart file: the base64 SHA-256 of each part, as S3 expects it. */
  readonly partChecksums: readonly string[];
}

/** Computes both digests of a file in one pass, without keeping any bytes. */
export class DigestStream {
  private readonly flat = createHash('sha256');
  private readonly parts: Buffer[] = [];
  private readonly partSize: number;
  private readonly several: boolean;
  private part?: Hash;
  private roomInPart = 0;

  constructor(sizeBytes: number) {
    this.partSize = partSizeOf(sizeBytes);
    this.several = partCountOf(sizeBytes) > 1;
  }

  update(bytes: Buffer): void {
    this.flat.update(bytes);
    if (!this.several) {
      return;
    }
    for (let at = 0; at < bytes.length;) {
      if (this.part === undefined) {
        this.part = createHash('sha256');
        this.roomInPart = this.partSize;
      }
      const piece = bytes.subarray(at, at + this.roomInPart);
      this.part.update(piece);
      at += piece.length;
      this.roomInPart -= piece.length;
      if (this.roomInPart === 0) {
        this.endPart();
      }
    }
  }

  finish(): Digests {
    this.endPart();
    const sha256 = this.flat.digest('hex');
    if (!this.several) {
      return { sha256, digest: sha256, partChecksums: [] };
    }
    const composite = createHash('sha256').update(Buffer.concat(this.parts)).digest('hex');
    return {
      sha256,
      digest: `${composite}-${this.parts.length}`,
      partChecksums: this.parts.map((part) => part.toString('base64')),
    };
  }

  private endPart(): void {
    if (this.part !== undefined) {
      this.parts.push(this.part.digest());
      this.part = undefined;
    }
  }
}
