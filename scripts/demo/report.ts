const TITLE_WIDTH = 66;

/** What a step has to tell besides that it went as expected. */
export interface Told {
  /** Beside the title: a figure or two. */
  readonly detail?: string;
  /** Below it, line by line: the answer that was given. */
  readonly lines?: readonly string[];
}

/** Thrown by a step that ran, but not as expected. */
export class Unexpected extends Error {}

export function expect(condition: unknown, otherwise: string): asserts condition {
  if (!condition) {
    throw new Unexpected(otherwise);
  }
}

/** Prints the demo: a line a step, with its time and whether it went as expected, in colour on a terminal only. */
export class Report {
  private asExpected = 0;
  private notAsExpected = 0;
  private muted = false;
  private readonly colour: boolean;
  private readonly started = Date.now();

  constructor(private readonly out: NodeJS.WriteStream = process.stdout) {
    // Whoever reads this may leave before the end; the run still has to clean up.
    out.on('error', () => undefined);
    this.colour = Boolean(out.isTTY) && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb';
  }

  /** Steps that are still running say nothing more: they were interrupted. */
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

  /** Runs a step. One that fails is told, and counted; `undefined` is the answer then. */
  async step<T extends Told | void>(title: string, work: () => Promise<T>): Promise<T | undefined> {
    const startedAt = Date.now();
    if (this.colour) {
      this.write(`  … ${title}`);
    }
    try {
      const told = await work();
      this.asExpected++;
      this.finish(this.paint('32', '✓'), title, startedAt, told ?? {});
      return told;
    } catch (error) {
      this.notAsExpected++;
      const { message } = error as Error;
      this.finish(this.paint('31', '✗'), title, startedAt, { detail: 'not as expected', lines: message.split('\n') });
      return undefined;
    }
  }

  /** Prints the final count; whether every step went as expected. */
  conclude(): boolean {
    const seconds = ((Date.now() - this.started) / 1000).toFixed(1);
    const all = this.asExpected + this.notAsExpected;
    const good = this.notAsExpected === 0;
    const verdict = good ? `all ${all} steps as expected` : `${this.asExpected} of ${all} steps as expected, ${this.notAsExpected} not`;
    this.line(`\n${this.paint(good ? '32' : '31', verdict)} in ${seconds} s`);
    return good;
  }

  private finish(mark: string, title: string, startedAt: number, { detail, lines = [] }: Told): void {
    const seconds = `${((Date.now() - startedAt) / 1000).toFixed(2)} s`.padStart(8);
    const end = detail === undefined ? '' : `  ${this.paint('2', detail)}`;
    this.write(`${this.colour ? '\r\u001b[2K' : ''}  ${mark} ${title.padEnd(TITLE_WIDTH)} ${seconds}${end}\n`);
    for (const line of lines) {
      this.line(this.paint('2', `      ${line}`));
    }
  }

  private write(text: string): void {
    if (!this.muted) {
      this.out.write(text);
    }
  }

  private paint(code: string, text: string): string {
    return this.colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}
