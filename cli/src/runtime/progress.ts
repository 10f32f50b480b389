import * as cliProgress from 'cli-progress';
import type { Environment, Output } from './environment';
import { formatBytes, formatSeconds } from './format';
import { unescapedOutput } from './safe-output';
import { visibleText } from '../../../src/contract/visible-text';

export interface ProgressTask {
  /** Of bytes, or of what the task counts. */
  add(count: number): void;
  /** Changes the total by this much; negative if there is less to do. */
  expect(count: number): void;
  end(): void;
}

/** Progress for a human reader. Never written to standard output. */
export interface Progress {
  /** Prints one line. */
  note(line: string): void;
  /** Begins a task of this many bytes or, with another `format`, of this many of something else. */
  begin(label: string, total: number, format?: (count: number) => string): ProgressTask;
  /** Stops drawing; what is on the screen stays. */
  stop(): void;
}

const LONG_WAIT_MILLISECONDS = 5_000;
const MILLISECONDS_BETWEEN_WAITS = 10_000;

/**
 * Reports retries that have lasted long enough to look like a hang. Short waits are not reported, and waits of several
 * concurrent transfers are reported once.
 */
export function reportLongWaits(
  progress: Pick<Progress, 'note'>, { now }: Pick<Environment, 'now'>,
): (why: Error, milliseconds: number) => void {
  let reportedAt = -Infinity;
  return (why, milliseconds) => {
    if (milliseconds >= LONG_WAIT_MILLISECONDS && now() - reportedAt >= MILLISECONDS_BETWEEN_WAITS) {
      reportedAt = now();
      progress.note(`retrying: ${why.message}`);
    }
  };
}

export type ProgressStyle = 'bars' | 'lines' | 'none';

export function createProgress(style: ProgressStyle, environment: Pick<Environment, 'stderr' | 'now'>): Progress {
  switch (style) {
    case 'bars': return new Bars(unescapedOutput(environment.stderr), environment.now);
    case 'lines': return new Lines(environment.stderr, environment.now);
    case 'none': return {
      note: () => {}, begin: () => ({ add: () => {}, expect: () => {}, end: () => {} }), stop: () => {},
    };
  }
}

class Bars implements Progress {
  private bar?: cliProgress.SingleBar;

  constructor(private readonly stderr: Output, private readonly now: () => number) {}

  note(line: string): void {
    // Overwrites the bar, which is then drawn again below.
    this.stderr.write(`${this.bar === undefined ? '' : '\r\u001b[K'}${visibleText(line)}\n`);
  }

  begin(label: string, expected: number, format = formatBytes): ProgressTask {
    const started = this.now();
    const bar = new cliProgress.SingleBar({
      stream: this.stderr as unknown as NodeJS.WritableStream,
      format: (_, { progress }, { numbers }: { numbers: readonly string[] }) =>
        barLine(label, progress, numbers, this.stderr.columns ?? 80),
      hideCursor: true,
      etaBuffer: 50,
      fps: 8,
    });
    this.bar = bar;
    let done = 0;
    let total = expected;
    const payload = (ended = false) => {
      const milliseconds = Math.max(1, this.now() - started);
      const percent = `${total === 0 ? 100 : Math.floor(100 * done / total)}%`.padStart(4);
      const amount = ended ? format(total) : `${format(done)} of ${format(total)}`;
      const left = ended ? `in ${formatSeconds(milliseconds)}, ${format(total / milliseconds * 1000)}/s`
        : done >= total ? 'finishing'
          : done === 0 ? ''
            : `${format(done / milliseconds * 1000)}/s, `
              + `${formatSeconds((total - done) / done * milliseconds)} left`;
      return { numbers: [percent, amount, left] };
    };
    // A bar with a total of 0 would never be full.
    bar.start(Math.max(total, 1), 0, payload());
    return {
      add: (count) => {
        done += count;
        bar.update(done, payload());
      },
      expect: (count) => {
        total += count;
        bar.setTotal(Math.max(total, 1));
        bar.update(done, payload());
      },
      end: () => {
        bar.update(Math.max(total, 1), payload(true));
        this.stop();
      },
    };
  }

  stop(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}

const WIDEST_BAR = 24;
const NARROWEST_BAR = 8;
const GAP = '  ';

/**
 * Numbers take precedence: the bar gets the remaining columns, and the last numbers are dropped if there is no room.
 */
export function barLine(label: string, progress: number, numbers: readonly string[], columns: number): string {
  const start = label.padEnd(9);
  // Leave the last column free: some terminals wrap there.
  let room = columns - 1 - start.length;
  const shown: string[] = [];
  for (const number of numbers) {
    if (number !== '' && number.length + GAP.length <= room) {
      shown.push(number);
      room -= number.length + GAP.length;
    }
  }
  const width = Math.min(WIDEST_BAR, room - GAP.length);
  const full = Math.round(width * Math.min(1, progress));
  const bar = width < NARROWEST_BAR ? [] : ['█'.repeat(full) + '░'.repeat(width - full)];
  return [start, ...bar, ...shown].join(GAP);
}

const MILLISECONDS_UNTIL_FIRST_LINE = 2_000;
const MILLISECONDS_BETWEEN_LINES = 10_000;

class Lines implements Progress {
  constructor(private readonly stderr: Output, private readonly now: () => number) {}

  note(line: string): void {
    this.stderr.write(`${visibleText(line)}\n`);
  }

  begin(label: string, expected: number, format = formatBytes): ProgressTask {
    const started = this.now();
    let done = 0;
    let total = expected;
    let reportedAt = started - MILLISECONDS_BETWEEN_LINES + MILLISECONDS_UNTIL_FIRST_LINE;
    return {
      add: (count) => {
        done += count;
        if (this.now() - reportedAt >= MILLISECONDS_BETWEEN_LINES) {
          reportedAt = this.now();
          const percent = Math.floor(100 * done / Math.max(1, total));
          this.note(`${label}: ${format(done)} of ${format(total)} (${percent}%)`);
        }
      },
      expect: (count) => { total += count; },
      end: () => {
        if (total > 0) {
          this.note(`${label}: ${format(total)} in ${formatSeconds(this.now() - started)}`);
        }
      },
    };
  }

  stop(): void {
    // Nothing to stop: each line is complete.
  }
}
