import { TRAIL_FILE_NAME } from '../reader/delivery-paths';

/** The chain of a digest file. Each trail, account and Region has one, and a second one for backfill. */
export interface ChainName {
  readonly account: string;
  readonly region: string;
  readonly trail: string;
  readonly homeRegion: string;
  /** Backfill digest files cover log files that CloudTrail delivered late, in a separate chain. */
  readonly backfill: boolean;
}

export interface DigestName extends ChainName {
  /** In the format of digest files: 2026-11-30T10:00:00Z. */
  readonly endTime: string;
}

export interface LogName {
  readonly account: string;
  readonly region: string;
  /** To the minute: 2026-11-30T10:05:00Z. The start of the day if CloudTrail would not use this file name. */
  readonly deliveredAt: string;
  readonly isForeign: boolean;
}

const DIGEST =
  /(?:^|\/)(\d{12})_CloudTrail-Digest_([a-z0-9-]+)_(.+)_([a-z0-9-]+)_(\d{8}T\d{6}Z)(_backfill)?\.json\.gz$/;
const LOG = new RegExp(`(?:^|/)${TRAIL_FILE_NAME}$`);
/** Any file in a folder of log files counts as one. */
const AMONG_LOGS = /(?:^|(\d{12})\/)CloudTrail\/([a-z0-9-]+)\/(\d{4})\/(\d{2})\/(\d{2})\/[^/]+$/;
const PLACE = /(?:^|\/)(CloudTrail(?:-Digest)?\/[a-z0-9-]+\/\d{4}\/\d{2}\/\d{2}\/[^/]+)$/;

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html */
export function digestNameOf(key: string): DigestName | undefined {
  const found = DIGEST.exec(key);
  if (!found) {
    return undefined;
  }
  const [, account, region, trail, homeRegion, time, backfill] = found;
  return { account, region, trail, homeRegion, endTime: extended(time), backfill: backfill !== undefined };
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html */
export function logNameOf(key: string): LogName | undefined {
  const named = LOG.exec(key);
  const [, above, folder, ...date] = AMONG_LOGS.exec(key) ?? [];
  const deliveredAt = named ? extended(`${named[3]}00Z`) : undefined;
  const day = folder === undefined ? undefined : date.join('-');
  // CloudTrail did not deliver a file whose folder is of another day than its name.
  if (named && deliveredAt !== undefined && (day === undefined || deliveredAt.startsWith(day))) {
    return { account: named[1], region: named[2], deliveredAt, isForeign: false };
  }
  return day === undefined ? undefined
    : { account: named?.[1] ?? above ?? 'unknown', region: folder, deliveredAt: `${day}T00:00:00Z`, isForeign: true };
}

/**
 * The part of a key that identifies a file of a trail, regardless of where a copy of the archive starts. The file name
 * itself contains account, Region, time and a unique part.
 */
export function placeOf(key: string): string | undefined {
  return PLACE.exec(key)?.[1];
}

export function chainOf({ account, region, trail, homeRegion, backfill }: ChainName): string {
  return [account, region, trail, homeRegion, backfill ? 'backfill' : ''].join(' ');
}

/** `20261130T100000Z` → `2026-11-30T10:00:00Z` */
function extended(time: string): string {
  return time.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z');
}
