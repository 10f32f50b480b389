import type { Output } from './environment';
import { visibleLines } from '../../../src/contract/visible-text';

/**
 * Standard output or standard error, on which text from outside (a path, a reason, a message of a service) cannot
 * control the terminal or hide in it. Everything that the command prints passes through it, JSON included.
 */
export class SafeOutput implements Output {
  constructor(private readonly output: Output) {}

  get isTTY(): boolean | undefined {
    return this.output.isTTY;
  }

  get columns(): number | undefined {
    return this.output.columns;
  }

  write(text: string): unknown {
    return this.output.write(visibleLines(text));
  }

  /** For the control sequences of the command itself. Text between them must be its own, or be escaped first. */
  get unescaped(): Output {
    return this.output;
  }
}

/** The output behind a `SafeOutput`; any other output is returned as it is. */
export function unescapedOutput(output: Output): Output {
  return output instanceof SafeOutput ? output.unescaped : output;
}
