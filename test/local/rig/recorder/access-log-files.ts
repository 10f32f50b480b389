import * as crypto from 'node:crypto';
import { day, type Delivery } from './trail-files';

/** Where the access logs of a bucket go. */
export interface LoggedBucket {
  readonly bucket: string;
  readonly prefix: string;
}

export interface LoggedLine {
  readonly source: LoggedBucket;
  readonly at: Date;
  readonly line: string;
}

/**
 * Files by source and day of the event:
 * `<prefix><account>/<Region>/<source bucket>/<YYYY>/<MM>/<DD>/<YYYY>-<MM>-<DD>-00-00-00-<unique>`.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html#server-access-logging-overview
 */
export function accessLogFiles(lines: readonly LoggedLine[], account: string, region: string): Delivery[] {
  const folders = new Map<string, { at: Date; lines: string[] }>();
  for (const { source, at, line } of lines) {
    const folder = `${source.prefix}${account}/${region}/${source.bucket}/${day(at)}/`;
    const file = folders.get(folder) ?? { at, lines: [] };
    file.lines.push(line);
    folders.set(folder, file);
  }
  return [...folders].map(([folder, file]) => ({
    key: `${folder}${day(file.at).replace(/\//g, '-')}-00-00-00-${crypto.randomBytes(8).toString('hex').toUpperCase()}`,
    body: Buffer.from(`${file.lines.join('\n')}\n`),
    contentType: 'text/plain',
  }));
}
