import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { S3Objects } from './s3-objects';
import { S3Source } from './s3-source';
import { type AuditDescription, trailLogPrefix } from '../../../../src/contract/audit-description';
import { isS3Address, s3AddressOf } from '../../aws/s3-address';
import type { Environment } from '../../runtime/environment';
import { usageFailure } from '../../runtime/failure';
import { readAuditDescription, storeNameOf } from '../../store/audit-description';
import { FolderSource, type LogSource } from '../reader/log-source';

export interface NamedSource {
  /** The option that named it, or its name in the store. */
  readonly label: string;
  readonly source: LogSource;
}

export interface FoundLogs {
  readonly sources: readonly NamedSource[];
  /** The store, if given. */
  readonly store?: string;
  readonly description?: AuditDescription;
}

export interface LogOptions {
  readonly logs?: string;
  readonly accessLogs?: string;
}

export interface LogContext {
  readonly environment: Environment;
  readonly options: { readonly store?: string; readonly region?: string };
}

/** S3 delivers access logs hours later and files them under the day of delivery. */
const LATER_ACCESS_LOG_DAYS = 1;

/** The logs given by the options, or else the logs of the store. With --access-logs alone, only those are read. */
export async function logsOf(
  { environment, options: { store, region } }: LogContext, { logs, accessLogs }: LogOptions,
): Promise<FoundLogs> {
  if (logs === undefined && accessLogs === undefined) {
    const name = storeNameOf(environment, { store });
    if (name === undefined) {
      throw usageFailure('no logs given', [], 'Name the store with --store NAME, its logs with --logs DIR or --logs'
        + ' s3://BUCKET/PREFIX, or S3 access logs alone with --access-logs.');
    }
    const description = await readAuditDescription(environment, name, region);
    return { sources: sourcesOfStore(environment, description), store: name, description };
  }
  await requireApart(logs, accessLogs);
  const objects = new S3Objects(environment, region);
  const at = (place: string, label: string, laterDays: number): NamedSource => ({
    label,
    source: isS3Address(place) ? S3Source.at(objects, s3AddressOf(place, label), environment.signal, laterDays)
      : new FolderSource(place, laterDays),
  });
  return {
    sources: [
      ...(logs === undefined ? [] : [at(logs, '--logs', 0)]),
      ...(accessLogs === undefined ? [] : [at(accessLogs, '--access-logs', LATER_ACCESS_LOG_DAYS)]),
    ],
    // Only for an explicit --store: an environment variable set for other commands must not require network access.
    ...(store !== undefined && { store, description: await readAuditDescription(environment, store, region) }),
  };
}

function sourcesOfStore(environment: Environment, { trail, accessLogs, region }: AuditDescription): NamedSource[] {
  const objects = new S3Objects(environment, region);
  const prefixes = trail.accounts.flatMap((account) =>
    trail.regions.map((of) => (
      { bucket: trail.bucketName, prefix: trailLogPrefix('CloudTrail', trail, account, of) }
    )));
  const accessLogPrefix = { bucket: accessLogs.bucketName, prefix: accessLogs.prefix };
  return [
    { label: 'trail', source: S3Source.of(objects, prefixes, environment.signal) },
    {
      label: 'access logs',
      source: S3Source.of(objects, [accessLogPrefix], environment.signal, LATER_ACCESS_LOG_DAYS),
    },
  ];
}

async function requireApart(logs: string | undefined, accessLogs: string | undefined): Promise<void> {
  if (logs === undefined || accessLogs === undefined || isS3Address(logs) !== isS3Address(accessLogs)) {
    return;
  }
  const [one, other] = await Promise.all([logs, accessLogs].map(async (path) => {
    const whole = isS3Address(path) ? path : await realpath(path).catch(() => path);
    return whole.endsWith('/') ? whole.slice(0, -1) : whole;
  }));
  const separator = isS3Address(logs) ? '/' : sep;
  const isWithin = (inner: string, outer: string) => `${inner}${separator}`.startsWith(`${outer}${separator}`);
  if (isWithin(one, other) || isWithin(other, one)) {
    throw usageFailure('--logs and --access-logs overlap, so files in both would be counted twice', [
      { field: '--logs', message: one }, { field: '--access-logs', message: other },
    ], 'Use separate folders, or --logs alone, which may contain both kinds of logs.');
  }
}
