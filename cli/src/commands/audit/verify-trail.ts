import type { Command } from 'commander';
import { verification } from '../../audit/trail-digests/verification';
import { verifyLogs, type VerifyLogsOptions } from '../../audit/trail-digests/verify-logs';
import { EXIT } from '../../runtime/failure';
import { expandHomes } from '../../runtime/home';
import { answer, examples, type Run } from '../context';

export function addVerifyTrail(audit: Command, run: Run): void {
  audit.command('verify-trail')
    .description('verify logs against CloudTrail\'s digest files: signatures, hashes, gaps, missing and added files')
    .option('--logs <place>', 'folder or s3://BUCKET/PREFIX with a copy of the archive, both log files and digest files'
      + ' (default: the archive of the store that --store names)')
    .option('--public-keys <file>', 'CloudTrail\'s public keys, as printed by "aws cloudtrail list-public-keys"'
      + ' (required for a folder; otherwise fetched from CloudTrail)')
    .option('--from <day>', 'first day (UTC), such as 2026-11-01'
      + ' (default: 29 days before the last day; for a folder, no limit)')
    .option('--to <day>', 'last day (UTC) (default: today; for a folder, no limit)')
    .addHelpText('after', `${examples(
      'model-store audit verify-trail --store models --from 2026-11-01 --to 2026-11-30',
      'aws s3 sync s3://my-trail-bucket ./archive',
      'aws cloudtrail list-public-keys --start-time 2026-11-01 --end-time 2026-12-01 > public-keys.json',
      'model-store audit verify-trail --logs ./archive --public-keys public-keys.json',
    )}
With --store, the command reads the trail in place, as the store's auditor role. The signature of a digest file is in
the metadata of its S3 object, which is lost on download. The next digest file repeats the signature, so every digest
file except the newest can be verified. Download one more day than you want to verify. Backfill digest files, which
list log files that CloudTrail delivered late, can be verified only in the bucket.

Exit codes: 0 no problems found · 5 problems found · 1 failed · 2 invalid usage · 3 no digest files for these days,
  or files that only the bucket can verify · 6 not permitted · 7 AWS or network unavailable`)
    .action(async (options: VerifyLogsOptions, command: Command) => run(command, async (context) => {
      const result = await verifyLogs(context, expandHomes(options, ['logs', 'publicKeys'], context.environment));
      answer(context, result, () => verification(result));
      return result.problems.length > 0 ? EXIT.VERIFICATION : result.whole ? EXIT.OK : EXIT.NOT_FOUND;
    }));
}
