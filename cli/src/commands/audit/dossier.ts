import type { Command } from 'commander';
import { answerFromLogs, printAnswered } from './answer-query';
import { addDayOptions, addEvidenceOptions, type DayArguments, PATH_OPTIONS } from './options';
import { visibleText } from '../../../../src/contract/visible-text';
import type { EvidenceOptions } from '../../audit/audit-logs';
import type { AskedSettings } from '../../audit/database/settings';
import { requireQuery } from '../../audit/queries/queries';
import { requireDays } from '../../audit/reader/days';
import { column } from '../../audit/report/figures';
import { usageFailure } from '../../runtime/failure';
import { formatCount } from '../../runtime/format';
import { expandHomes } from '../../runtime/home';
import { type CommandContext, examples } from '../context';

export interface DossierOptions extends EvidenceOptions, DayArguments {
  readonly csv?: boolean;
}

export interface Dossier {
  /** As in the title of a page. */
  readonly text: string;
  readonly asked: AskedSettings;
  /** What was asked for, in the JSON result. */
  readonly of: object;
}

export function addDossierOptions(command: Command, ...lines: readonly string[]): Command {
  return addDayOptions(addEvidenceOptions(command))
    .option('--csv', 'print the result as CSV')
    .option('--html <file>', 'also write the result as a self-contained HTML page')
    .addHelpText('after', `${examples(...lines)}
The result is that of the query "activity", in chronological order. Requests on the same day that differ only in time
and bytes are one row.
With --store, the command reads the store's logs in place, as the store's auditor role.

Exit codes: 0 completed, whatever the result · 1 failed (for example, DuckDB is not installed) · 2 invalid usage
  · 3 not checked, because the logs lack what would show it, or no such store, version or file · 6 not permitted
  · 7 AWS or network unavailable`);
}

/** Prints what the logs have about a person, an address or a file, in chronological order. */
export async function printDossier(
  context: CommandContext, given: DossierOptions, { text, asked, of }: Dossier,
): Promise<number> {
  if (given.csv && context.options.json) {
    throw usageFailure('invalid options', [{ field: '--csv', message: 'cannot be combined with --json' }]);
  }
  const options = expandHomes(given, PATH_OPTIONS, context.environment);
  const days = requireDays(options, context.environment.now());
  const query = requireQuery('activity');
  const answered = await answerFromLogs(context, query, { ...options, days, of: { text, asked } });
  const principals = [...new Set(column(answered.found, 'principal').map(String))].sort();
  if (!context.options.json && principals.length > 0) {
    context.environment.stderr.write(
      `${visibleText(text)}: ${formatCount(principals.length, 'principal')}: ${visibleText(principals.join(', '))}\n`);
  }
  const shown = { query: query.name, title: query.title, ...of, ...days, principals };
  return printAnswered(context, shown, answered, options);
}
