import type { Command } from 'commander';

export interface DayArguments {
  readonly from?: string;
  readonly to?: string;
}

export function addDayOptions(command: Command): Command {
  return command
    .option('--from <day>', 'first day (UTC), such as 2026-11-01 (default: 29 days before the last day)')
    .option('--to <day>', 'last day (UTC) (default: today)');
}

/** Options for the logs that DuckDB reads. */
export function addEvidenceOptions(command: Command): Command {
  return command
    .option('--logs <place>', 'folder or s3://BUCKET/PREFIX with the CloudTrail logs, as delivered or exported'
      + ' (default: the logs of the store that --store names)')
    .option('--access-logs <place>', 'folder or s3://BUCKET/PREFIX with the S3 access logs of the artifact bucket'
      + ' (without --logs, they alone are read)')
    .option('--cache', 'keep what was read of the logs on this machine, so that the next audit reads only new files'
      + ' ("model-store audit cache clear" deletes it)')
    .option('--settings <file>', 'JSON file with settings: buckets, roles, perimeter, business hours, thresholds');
}

export const PATH_OPTIONS = ['logs', 'accessLogs', 'settings', 'html'] as const;
