const TITLE_WIDTH = 66;

/** Output of a successful step. */
export interface Result {
  /** Printed next to the title. */
  readonly detail?: string;
  /** Printed below the title, for example the response to a request. */
  readonly lines?: readonly string[];
}

export function expect(condition: unknown, otherwise: string): asserts condition {
  if (!condition) {
    throw new Error(otherwise);
  }
}

/** Prints one line per step, with its duration and whether it went as expected. Uses colors only on a terminal. */
export class Report {
  private asExpected = 0;
  private notAsExpected = 0;
  private muted = false;
  private readonly color: boolean;
  private readonly started = Date.now();

  constructor(private readonly out: NodeJS.WriteStream = process.stdout) {
    // The reader of a pipe, such as `head`, may close it early; the run must still clean up.
    out.on('error', () => undefined);
    this.color = Boolean(out.isTTY) && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb';
  }

  /** Suppresses the output of steps that were interrupted. */
  mute(): void {
    this.muted = true;
  }

  section(title: string): void {
    this.line(`\n${this.paint('1', title)}`);
  }

  line(text: string): void {
    this.write(`${text}\n`);
  }

  remark(text: string): void {
    this.line(this.paint('2', text));
  }

  /** Runs a step. If it fails, the error is reported and counted, and the result is `undefined`. */
  async step<T extends Result | void>(title: string, work: () => Promise<T>): Promise<T | undefined> {
    const startedAt = Date.now();
    if (this.color) {
      this.write(`  … ${title}`);
    }
    try {
      const result = await work();
      this.asExpected++;
      this.finish(this.paint('32', '✓'), title, startedAt, result ?? {});
      return result;
    } catch (error) {
      this.notAsExpected++;
      const lines = (error as Error).message.split('\n');
      this.finish(this.paint('31', '✗'), title, startedAt, { detail: 'not as expected', lines });
      return undefined;
    }
  }

  /** Prints a summary and returns whether every step went as expected. */
  conclude(): boolean {
    const all = this.asExpected + this.notAsExpected;
    const good = this.notAsExpected === 0;
    const verdict = good
      ? `all ${all} steps as expected`
      : `${this.asExpected} of ${all} steps as expected, ${this.notAsExpected} not`;
    this.line(`\n${this.paint(good ? '32' : '31', verdict)} in ${((Date.now() - this.started) / 1000).toFixed(1)} s`);
    return good;
  }

  private finish(mark: string, title: string, startedAt: number, { detail, lines = [] }: Result): void {
    const seconds = `${((Date.now() - startedAt) / 1000).toFixed(2)} s`.padStart(8);
    const end = detail === undefined ? '' : `  ${this.paint('2', detail)}`;
    this.write(`${this.color ? '\r\u001b[2K' : ''}  ${mark} ${title.padEnd(TITLE_WIDTH)} ${seconds}${end}\n`);
    lines.forEach((line) => this.remark(`      ${line}`));
  }

  private write(text: string): void {
    if (!this.muted) {
      this.out.write(text);
    }
  }

  private paint(code: string, text: string): string {
    return this.color ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}
