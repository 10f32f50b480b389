const SMALL_MILLISECONDS = 5_000;
/** AWS takes signatures that are off by five minutes at most; what is well below is not why one was refused. */
const NOTABLE_MILLISECONDS = 60_000;

/** The store's clock as far as its answers show it: each says what time it is there. */
export class StoreClock {
  /** How far the store's clock is ahead of this machine's, in milliseconds. */
  private offset = 0;

  constructor(private readonly machine: () => number) {}

  /** Milliseconds since 1970 by the store's clock. */
  now(): number {
    return this.machine() + this.offset;
  }

  /**
   * Reads the `Date` of an answer. True if the clock is so different from what was assumed that a signature may be
   * refused for it.
   */
  learn(date: string | undefined): boolean {
    const there = Date.parse(date ?? '');
    if (!Number.isFinite(there)) {
      return false;
    }
    const before = this.offset;
    const offset = there - this.machine();
    // The header counts whole seconds and travels a while: a small difference says nothing.
    this.offset = Math.abs(offset) > SMALL_MILLISECONDS ? offset : 0;
    return Math.abs(this.offset - before) > NOTABLE_MILLISECONDS;
  }

  /** For the user, who can set this machine's clock. Undefined where it is right. */
  difference(): string | undefined {
    return Math.abs(this.offset) > NOTABLE_MILLISECONDS
      ? `this machine's clock is ${durationOf(Math.abs(this.offset))} `
        + `${this.offset > 0 ? 'behind' : 'ahead of'} that of the store`
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
