import * as crypto from 'node:crypto';
import { day, type Delivery } from './trail-files';

/** The destination of the access logs of a bucket. */
export interface LoggedBucket {
  readonly bucket: string;
  readonly prefix: string;
}

export interface LoggedLine {
  readonly source: LoggedBucket;
  readonly at: Date;
  readonly line: string;
}

export interface AccessLogFile {
  readonly file: Delivery;
  readonly from: readonly LoggedLine[];
}

/**
 * Files by source and day of the event:
 * `<prefix><account>/<Region>/<source bucket>/<YYYY>/<MM>/<DD>/<YYYY>-<MM>-<DD>-00-00-00-<unique>`.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html#server-access-logging-overview
 */
export function accessLogFiles(lines: readonly LoggedLine[], account: string, region: string): AccessLogFile[] {
  const folders = new Map<string, LoggedLine[]>();
  for (const logged of lines) {
    const folder = `${logged.source.prefix}${account}/${region}/${logged.source.bucket}/${day(logged.at)}/`;
    const file = folders.get(folder) ?? [];
    file.push(logged);
    folders.set(folder, file);
  }
  return [...folders].map(([folder, from]) => ({
    from,
    file: {
      key: `${folder}${day(from[0].at).replace(/\//g, '-')}-00-00-00-${crypto.randomBytes(8).toString('hex').toUpperCase()}`,
      body: Buffer.from(from.map(({ line }) => `${line}\n`).join('')),
      contentType: 'text/plain',
    },
  }));
}
