// What the command imports is bundled into it, so it is a devDependency.
/* eslint-disable import/no-extraneous-dependencies */
import * as cliProgress from 'cli-progress';
import type { Environment, Output } from './environment';
import { formatBytes, formatSeconds, printable } from './format';

export interface ProgressTask {
  add(bytes: number): void;
  end(): void;
}

/** What a person watches while it works; never on the standard output. */
export interface Progress {
  /** One line of talk. */
  note(line: string): void;
  /** `bytes` is how much there is to do. */
  begin(label: string, bytes: number): ProgressTask;
  /** Whatever is still drawn is left as it stands. */
  stop(): void;
}

export type ProgressStyle = 'bars' | 'lines' | 'none';

export function createProgress(style: ProgressStyle, environment: Pick<Environment, 'stderr' | 'now'>): Progress {
  switch (style) {
    case 'bars': return new Bars(environment.stderr, environment.now);
    case 'lines': return new Lines(environment.stderr, environment.now);
    case 'none': return { note: () => {}, begin: () => ({ add: () => {}, end: () => {} }), stop: () => {} };
  }
}

class Bars implements Progress {
  private bar?: cliProgress.SingleBar;

  constructor(private readonly stderr: Output, private readonly now: () => number) {}

  note(line: string): void {
    this.stderr.write(`${printable(line)}\n`);
  }

  begin(label: string, bytes: number): ProgressTask {
    const started = this.now();
    const bar = new cliProgress.SingleBar({
      stream: this.stderr as unknown as NodeJS.WritableStream,
      format: `${label.padEnd(10)} {bar} {percentage}%  {done} of ${formatBytes(bytes)}  {rate}/s  {left}`,
      barsize: 24,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
      etaBuffer: 50,
      fps: 8,
    });
    this.bar = bar;
    let done = 0;
    const payload = () => {
      const seconds = Math.max(0.001, (this.now() - started) / 1000);
      const left = done > 0 && done < bytes ? `${formatSeconds((bytes - done) / (done / seconds) * 1000)} left` : '';
      return { done: formatBytes(done), rate: formatBytes(done / seconds), left };
    };
    // A folder of empty files has nothing to count, and is done all the same.
    bar.start(Math.max(bytes, 1), 0, payload());
    return {
      add: (count) => {
        done += count;
        bar.update(done, payload());
      },
      end: () => {
        bar.update(Math.max(bytes, 1), payload());
        this.stop();
      },
    };
  }

  stop(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}

const MILLISECONDS_BETWEEN_LINES = 10_000;

class Lines implements Progress {
  constructor(private readonly stderr: Output, private readonly now: () => number) {}

  note(line: string): void {
    this.stderr.write(`${printable(line)}\n`);
  }

  begin(label: string, bytes: number): ProgressTask {
    const started = this.now();
    let done = 0;
    let told = started;
    return {
      add: (count) => {
        done += count;
        if (this.now() - told >= MILLISECONDS_BETWEEN_LINES) {
          told = this.now();
          const percent = Math.floor(100 * done / Math.max(1, bytes));
          this.note(`${label}: ${formatBytes(done)} of ${formatBytes(bytes)} (${percent}%)`);
        }
      },
      end: () => this.note(`${label}: ${formatBytes(bytes)} done in ${formatSeconds(this.now() - started)}`),
    };
  }

  stop(): void {
    // Lines are whole as they are.
  }
}
