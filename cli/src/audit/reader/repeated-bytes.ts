import type { RecordTemplate, Role } from './record-template';
import { Remembered } from './remembered';

interface Known {
  readonly bytes: Buffer;
  readonly number: number;
}

const SEPARATOR = 0;

/** Maps the contents of a template's gaps to numbers without creating a string for each occurrence. */
export class RepeatedBytes {
  private readonly gaps: Int32Array;
  private readonly known: Remembered<number, Known>;

  constructor(private readonly template: RecordTemplate, role: Role, remembered: number) {
    this.gaps = Int32Array.from(template.gaps.flatMap((gap, index) => (gap.role === role ? [index] : [])));
    this.known = new Remembered(remembered);
  }

  /** The number for the contents of the last matched gaps. Calls `learn` if they are not cached. */
  numberOf(bytes: Buffer, learn: () => number): number {
    const hash = this.hash(bytes);
    const known = this.known.get(hash);
    if (known && this.isSame(known.bytes, bytes)) {
      return known.number;
    }
    const number = learn();
    this.known.set(hash, { bytes: this.copy(bytes), number });
    return number;
  }

  private hash(bytes: Buffer): number {
    const { gaps, template: { starts, ends } } = this;
    let hash = 7;
    for (let index = 0; index < gaps.length; index++) {
      const end = ends[gaps[index]];
      for (let at = starts[gaps[index]]; at < end; at++) {
        hash = Math.imul(hash, 31) + bytes[at];
      }
      hash = Math.imul(hash, 31);
    }
    return Math.imul(hash, 1);
  }

  private isSame(known: Buffer, bytes: Buffer): boolean {
    const { gaps, template: { starts, ends } } = this;
    let of = 0;
    for (let index = 0; index < gaps.length; index++) {
      const end = ends[gaps[index]];
      for (let at = starts[gaps[index]]; at < end; at++) {
        if (known[of++] !== bytes[at]) {
          return false;
        }
      }
      if (known[of++] !== SEPARATOR) {
        return false;
      }
    }
    return of === known.length;
  }

  private copy(bytes: Buffer): Buffer {
    const { gaps, template: { starts, ends } } = this;
    // A copy, because a slice would keep the whole file in memory.
    const copy = Buffer.alloc(gaps.reduce((length, gap) => length + ends[gap] - starts[gap] + 1, 0), SEPARATOR);
    let at = 0;
    for (const gap of gaps) {
      at += bytes.copy(copy, at, starts[gap], ends[gap]) + 1;
    }
    return copy;
  }
}
