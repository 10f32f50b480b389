import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Days, requireDays } from '../../audit/reader/days';
import { usageFailure } from '../../runtime/failure';

export interface DayArguments {
  readonly from?: string;
  readonly to?: string;
  /** Milliseconds before now. */
  readonly since?: number;
}

export function addDayOptions(command: Command): Command {
  return command
    .option('--from <day>', 'first day (UTC), such as 2026-11-01 (default: 29 days before the last day)')
    .option('--to <day>', 'last day (UTC) (default: today)')
    .addOption(new Option('--since <period>', 'all days (UTC) in the last hours or days, such as 24h or 7d,'
      + ' instead of --from and --to').argParser(period));
}

const MILLISECONDS = { h: 3_600_000, d: 86_400_000 } as const;
const MOST_DAYS = 3_660;

function period(text: string): number {
  const [, number, unit] = /^(\d{1,6})([hd])$/.exec(text) ?? [];
  const milliseconds = Number(number) * MILLISECONDS[unit as keyof typeof MILLISECONDS];
  if (!(milliseconds > 0) || milliseconds > MOST_DAYS * MILLISECONDS.d) {
    throw new InvalidArgumentError('Enter hours or days, such as 24h, 7d or 30d, at most ten years.');
  }
  return milliseconds;
}

/** The days that the options name. Logs are delivered by day, so `--since 24h` means the days that contain them. */
export function daysOf({ from, to, since }: DayArguments, now: number): Days {
  if (since === undefined) {
    return requireDays({ from, to }, now);
  }
  const given = Object.entries({ '--from': from, '--to': to }).filter(([, day]) => day !== undefined);
  if (given.length > 0) {
    throw usageFailure('invalid options', given.map(([field]) => ({
      field, message: 'cannot be combined with --since, which ends today',
    })));
  }
  return requireDays({ from: new Date(now - since).toISOString().slice(0, 10) }, now);
}

/** Options for the logs that DuckDB reads. */
export function addEvidenceOptions(command: Command): Command {
  return command
    .option('--logs <place>', 'folder or s3://BUCKET/PREFIX with the CloudTrail logs, as delivered or exported'
      + ' (default: the logs of the store that --store names)')
    .option('--access-logs <place>', 'folder or s3://BUCKET/PREFIX with the S3 access logs of the artifact bucket'
      + ' (without --logs, they alone are read)')
    .option('--cache', 'cache the records on this machine, so that the next audit reads only new files'
      + ' ("model-store audit cache clear" deletes it)')
    .option('--settings <file>', 'JSON file with settings: buckets, roles, perimeter, business hours, thresholds');
}

export const PATH_OPTIONS = ['logs', 'accessLogs', 'settings', 'html', 'export'] as const;
