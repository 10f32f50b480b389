import type { QueryProgress } from './run-query';
import { visibleText } from '../../../../src/contract/visible-text';
import type { Environment } from '../../runtime/environment';
import { formatBytes, formatSeconds } from '../../runtime/format';
import type { ProgressStyle } from '../../runtime/progress';
import { unescapedOutput } from '../../runtime/safe-output';

const MILLISECONDS_BETWEEN_LINES = 10_000;

/** Shows the progress of a query: one line that is overwritten on a terminal, and occasional lines elsewhere. */
export class QueryWatch {
  private readonly started: number;
  private reported = { state: '', at: 0 };

  constructor(
    private readonly style: ProgressStyle, private readonly environment: Pick<Environment, 'stderr' | 'now'>,
  ) {
    this.started = environment.now();
  }

  see({ state, scannedBytes }: QueryProgress): void {
    const now = this.environment.now();
    const time = formatSeconds(now - this.started);
    const line = `Athena: ${state.toLowerCase()}, ${formatBytes(scannedBytes)} scanned, ${time}`;
    if (this.style === 'bars') {
      unescapedOutput(this.environment.stderr).write(`\r\u001b[2K${visibleText(line)}`);
    } else if (this.style === 'lines'
      && (state !== this.reported.state || now - this.reported.at >= MILLISECONDS_BETWEEN_LINES)) {
      this.environment.stderr.write(`${line}\n`);
      this.reported = { state, at: now };
    }
  }

  end(): void {
    if (this.style === 'bars') {
      unescapedOutput(this.environment.stderr).write('\r\u001b[2K');
    }
  }
}
