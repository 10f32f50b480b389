/**
 * The part of an execution environment's time that one caller can use for long, and the time that it can use at once
 * before that limit applies: 30 seconds more than its share, so two minutes of requests without a pause.
 */
const SHARE = 0.75;
const ALLOWANCE_MILLISECONDS = 30_000;

/** Above this number of callers, those without debt are forgotten. */
const MOST_CALLERS = 1_000;

interface Debt {
  readonly milliseconds: number;
  readonly at: number;
}

/**
 * Keeps one caller from using all execution environments of a function. An environment serves one request at a time, so
 * a share of its time is a share of the function's capacity, however many environments there are and without state that
 * they share: each of them is free for other callers for at least a quarter of the time.
 *
 * The debt of a caller grows while its requests run, by the part of the time that exceeds the share, and falls by the
 * share while they do not.
 */
export class FairShare {
  private readonly debts = new Map<string, Debt>();

  /** Returns after how many seconds the caller can try again; undefined if it can go on. */
  public secondsToWait(caller: string, now: number): number | undefined {
    const over = this.debtOf(caller, now) - ALLOWANCE_MILLISECONDS;
    return over < 0 ? undefined : Math.max(1, Math.ceil(over / SHARE / 1_000));
  }

  /** Counts a request that ended now. */
  public count(caller: string, milliseconds: number, now: number): void {
    if (this.debts.size >= MOST_CALLERS) {
      this.forget(now);
    }
    const before = this.debtOf(caller, now - milliseconds);
    this.debts.set(caller, { milliseconds: before + milliseconds * (1 - SHARE), at: now });
  }

  private debtOf(caller: string, now: number): number {
    const { milliseconds = 0, at = now } = this.debts.get(caller) ?? {};
    return Math.max(0, milliseconds - Math.max(0, now - at) * SHARE);
  }

  private forget(now: number): void {
    for (const caller of this.debts.keys()) {
      if (this.debtOf(caller, now) === 0) {
        this.debts.delete(caller);
      }
    }
  }
}
