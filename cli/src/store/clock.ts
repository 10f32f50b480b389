const SMALL_MILLISECONDS = 5_000;
/** AWS accepts signatures that are off by up to five minutes. A much smaller offset cannot be why one was rejected. */
const NOTABLE_MILLISECONDS = 60_000;

/** The store's clock, derived from the `Date` header of its responses. */
export class StoreClock {
  /** How far the store's clock is ahead of the local clock, in milliseconds. */
  private offset = 0;

  constructor(private readonly machine: () => number) {}

  /** Milliseconds since 1970 by the store's clock. */
  now(): number {
    return this.machine() + this.offset;
  }

  /**
   * Updates the offset from the `Date` header of a response. Returns true if it changed so much that a signature may
   * have been rejected because of it.
   */
  learn(date: string | undefined): boolean {
    const there = Date.parse(date ?? '');
    if (!Number.isFinite(there)) {
      return false;
    }
    const before = this.offset;
    const offset = there - this.machine();
    // The header has a resolution of one second and is delayed by the network, so a small difference is noise.
    this.offset = Math.abs(offset) > SMALL_MILLISECONDS ? offset : 0;
    return Math.abs(this.offset - before) > NOTABLE_MILLISECONDS;
  }

  /** Describes the offset to the user; undefined if the local clock is correct. */
  difference(): string | undefined {
    return Math.abs(this.offset) > NOTABLE_MILLISECONDS
      ? `this machine's clock is ${durationOf(Math.abs(this.offset))} `
        + `${this.offset > 0 ? 'behind' : 'ahead of'} the clock of the store`
      : undefined;
  }
}

function durationOf(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  const [count, unit] =
    minutes >= 48 * 60
      ? [Math.round(minutes / 1440), 'day']
      : minutes >= 120
        ? [Math.round(minutes / 60), 'hour']
        : [minutes, 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
