import { dayParameters } from '../../../../src/contract/audit-questions';
import { billedBytes, costDollars, formatDollars, LIST_PRICE_DOLLARS_PER_TERABYTE } from '../../audit/athena/cost';
import { runQuery } from '../../audit/athena/run-query';
import { QueryWatch } from '../../audit/athena/watch';
import type { QueryResult, Cell } from '../../audit/database/query-result';
import { requireQuestion } from '../../audit/queries/queries';
import { csv, records, table } from '../../audit/queries/render';
import { requireDays } from '../../audit/reader/days';
import { EXIT, usageFailure } from '../../runtime/failure';
import { formatBytes, formatSeconds, printable } from '../../runtime/format';
import { readAuditDescription, storeNameOf } from '../../store/audit-description';
import { auditedModel, type CommandContext } from '../commands';
import { progressStyle, writeJson } from '../terminal';

export interface RunArguments {
  readonly from?: string;
  readonly to?: string;
  readonly of?: string;
  readonly csv?: boolean;
  readonly pricePerTerabyte?: number;
}

export async function runCommand(context: CommandContext, name: string, options: RunArguments): Promise<number> {
  const { environment } = context;
  if (options.csv && context.options.json) {
    throw usageFailure('--csv and --json cannot be combined');
  }
  const question = requireQuestion(name);
  const days = requireDays(options, environment.now());
  const of = auditedModel(name, options.of);
  const storeName = storeNameOf(environment, context.options);
  if (storeName === undefined) {
    throw usageFailure('no store given', [],
      'Name the store with --store NAME. The query runs in its Athena workgroup and database.');
  }
  const { athena, region } = await readAuditDescription(environment, storeName, context.options.region);
  const watch = new QueryWatch(progressStyle(environment, context.options), environment);
  const say = (line: string, json: object) =>
    environment.stderr.write(context.options.json ? `${JSON.stringify(json)}\n` : `${printable(line)}\n`);
  const found = await runQuery(environment, {
    athena,
    region,
    query: {
      sql: question.sql, parameters: dayParameters(question.sql, days.from, days.to).map((day) => `'${day}'`),
    },
    onProgress: (progress) => watch.see(progress),
    onStopped: (id, failure) => {
      watch.end();
      say(failure ? `the query ${id} may still be running in Athena: ${failure.message}`
        : `stopped the query ${id} in Athena; the data it scanned is billed`,
      { stopped: failure === undefined, queryExecutionId: id, ...(failure && { message: failure.message }) });
    },
  }).finally(() => watch.end());
  const price = options.pricePerTerabyte ?? LIST_PRICE_DOLLARS_PER_TERABYTE;
  const { id, scannedBytes, milliseconds, queuedMilliseconds } = found;
  const run = {
    queryExecutionId: id, ...athena, region, scannedBytes, billedBytes: billedBytes(scannedBytes),
    milliseconds, queuedMilliseconds,
    dollars: costDollars(scannedBytes, price), dollarsPerTerabyte: price,
  };
  const isListPrice = options.pricePerTerabyte === undefined;
  // Printed even with --quiet, because it costs money.
  say(`Athena scanned ${formatBytes(scannedBytes)} in ${formatSeconds(milliseconds)}: ${formatDollars(run.dollars)}`
    + ` at ${formatDollars(price)} per TB${isListPrice ? ', the list price' : ''}`
    + ' (10 MB minimum per query; S3 and KMS requests are extra)', { athena: run });
  const answer = onlyOf(found.answer, of);
  if (context.options.json) {
    const asked = { question: question.name, asks: question.asks, ...days, ...of };
    writeJson(environment, { ...asked, columns: answer.columns, rows: records(answer), athena: run });
  } else {
    environment.stdout.write(options.csv ? csv(answer) : table(answer));
  }
  return EXIT.OK;
}

/**
 * Keeps the rows of one model or version, because the query in Athena has no parameter for it. A row without a version
 * applies to every version.
 */
function onlyOf(
  answer: QueryResult, { model, version }: { readonly model?: string; readonly version?: string },
): QueryResult {
  if (model === undefined) {
    return answer;
  }
  const [ofModel, ofVersion] = ['model', 'version']
    .map((name) => answer.columns.findIndex((column) => column.name === name));
  const isOfVersion = (of: Cell) => version === undefined || of === null || of === version;
  const rows = answer.rows.filter((row) => row[ofModel] === model && isOfVersion(row[ofVersion]));
  return { columns: answer.columns, rows };
}
