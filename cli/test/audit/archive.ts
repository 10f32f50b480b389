import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { accessLogFields } from '../../../src/contract/access-log-line';
import type { JsonObject } from '../../src/audit/reader/json-values';
import { FolderSource } from '../../src/audit/reader/log-source';
import { readLog } from '../../src/audit/reader/read-log';
import { Tally } from '../../src/audit/reader/tally';

/** A folder of logs, and the results of reading it. */
export class Archive {
  readonly folder = mkdtempSync(join(tmpdir(), 'audit-'));

  file(name: string, content: string | Buffer): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  gzip(name: string, content: unknown): string {
    return this.file(name, gzipSync(typeof content === 'string' ? content : JSON.stringify(content)));
  }

  async read(days = { from: '2026-11-01', to: '2026-11-30' }, from = this.folder) {
    const tally = new Tally();
    const records: JsonObject[] = [];
    const lines: string[] = [];
    const files: string[] = [];
    for await (const file of new FolderSource(from).files(days, (reason) => { tally.leftOut[reason]++; })) {
      files.push(file.name);
      await readLog(
        file,
        {
          record: (record) => records.push(record),
          accessLogLine: (line) => accessLogFields(line) !== undefined && lines.push(line) > 0,
        },
        tally,
      );
    }
    const skipped = Object.fromEntries(tally.skipped.map(({ reason, count }) => [reason, count]));
    return { ids: records.map(({ eventID }) => eventID), records, lines, files, skipped, tally };
  }

  leave(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
