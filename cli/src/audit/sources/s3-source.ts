import { type DailyPrefix, discover, entriesOfDays } from './daily-logs';
import { ReadAhead } from './read-ahead';
import type { S3Entry, S3Objects } from './s3-objects';
import type { S3Address } from '../../aws/s3-address';
import { type Days, dayAfter } from '../reader/days';
import { deliveryDayOf } from '../reader/delivery-paths';
import { type IsKnown, type LeaveOut, leftOut, type LogFile, type LogSource } from '../reader/log-source';

/**
 * Logs in a bucket. Where AWS delivers logs by day, only the requested days are listed. No log file is stored on this
 * machine.
 */
export class S3Source implements LogSource {
  /** The logs at any depth below an S3 address. */
  static at(objects: S3Objects, { bucket, prefix }: S3Address, signal: AbortSignal, laterDays = 0): S3Source {
    return new S3Source(`s3://${bucket}/${prefix}`, objects, signal, laterDays, { bucket, prefix });
  }

  /** The logs below prefixes that are followed by year, month and day. */
  static of(objects: S3Objects, prefixes: readonly DailyPrefix[], signal: AbortSignal, laterDays = 0): S3Source {
    const name = [...new Set(prefixes.map(({ bucket }) => `s3://${bucket}/`))].join(', ');
    return new S3Source(name, objects, signal, laterDays, prefixes);
  }

  private readonly ahead = new ReadAhead();

  private constructor(
    readonly name: string,
    private readonly objects: S3Objects, private readonly signal: AbortSignal, private readonly laterDays: number,
    private readonly where: S3Address | readonly DailyPrefix[],
  ) {}

  async *files(days: Days, leaveOut: LeaveOut = () => {}, isKnown: IsKnown = () => false): AsyncGenerator<LogFile> {
    const until = { from: days.from, to: dayAfter(days.to, this.laterDays) };
    const { daily, loose } = 'bucket' in this.where
      ? await discover(this.objects, this.where.bucket, this.where.prefix, this.signal)
      : { daily: this.where, loose: [] };
    const bucket = 'bucket' in this.where ? this.where.bucket : '';
    for (const entry of loose) {
      const reason = leftOut(entry.key, until);
      if (reason) {
        leaveOut(reason);
      } else {
        yield this.file(bucket, entry, isKnown);
      }
    }
    const entries = await entriesOfDays(this.objects, daily, until, this.signal);
    for (const [index, prefix] of daily.entries()) {
      for (const entry of entries[index]) {
        yield this.file(prefix.bucket, entry, isKnown);
      }
    }
  }

  private file(bucket: string, { key, size, etag }: S3Entry, isKnown: IsKnown): LogFile {
    const file = { name: `s3://${bucket}/${key}`, size, tag: etag, day: deliveryDayOf(key) };
    return isKnown(file) ? file
      : { ...file, fetch: this.ahead.add({ size, read: async () => (await this.objects.read(bucket, key)).bytes }) };
  }
}
