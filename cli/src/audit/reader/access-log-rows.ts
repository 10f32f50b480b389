import { LineFile, withoutControls } from './row-files';

/** Writes access log lines for the engine, one row per line. */
export class AccessLogRows {
  private readonly lines: LineFile;

  constructor(folder: string, worker: number) {
    this.lines = new LineFile(folder, `access-log-${worker}.jsonl`);
  }

  add(line: string): void {
    this.lines.write(`{"line":${JSON.stringify(withoutControls(line))}}\n`);
  }

  close(): void {
    this.lines.close();
  }
}
