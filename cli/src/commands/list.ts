import { type Command, Option } from 'commander';
import { answer, collected, examples, type Run, wholeNumber } from './context';
import { quotedText, visibleText } from '../../../src/contract/visible-text';
import { didYouMean } from '../runtime/did-you-mean';
import { exitCodeOfAll, usageFailure } from '../runtime/failure';
import { formatCount, formatTable } from '../runtime/format';
import { type Column, COLUMN_NAMES } from '../store/columns';
import { drawTrees, type LineageNode, lineageOf } from '../store/lineage';
import { type ListArguments, parseListQuery } from '../store/list-query';
import { type ListedRow, wasRead } from '../store/listed-row';
import { type Listing, listModels, listVersions } from '../store/listing';
import { requireNames } from '../store/reference';

interface Arguments extends ListArguments {
  readonly tree?: boolean;
}

const COLUMNS_OF_MODELS = ['model', 'version', 'published', 'size', 'by', 'aliases'];
const COLUMNS_OF_VERSIONS = ['version', 'published', 'size', 'files', 'by', 'aliases'];
const COLUMNS_OF_TREE = ['version', 'published', 'aliases', 'base'];

const HELP = `
Columns: ${COLUMN_NAMES.join(', ')} and metadata.KEY.
Without a model, each row has the newest version by time of publication. An alias of another version is shown as
alias=version. Signatures are not checked.

Conditions: KEY=VALUE, KEY!=VALUE and KEY~VALUE (contains), where KEY is a column or a key of metadata. KEY!=VALUE also
holds for a version without the key. A size is in bytes.

Only what these options need is read: "model-store list --columns model" makes one request for each 100 models.
`;

export function addList(program: Command, run: Run): void {
  program.command('list')
    .description('list models with their newest version, or the versions of a model')
    .argument('[model]', 'model whose versions to list, newest first')
    .option('--where <condition>', 'list only what meets this condition; can be repeated, and all must hold', collected)
    .option('--sort <columns>', 'sort by these columns, "-" before one for descending; can be repeated', collected)
    .option('--columns <columns>', 'columns to print, separated by commas; can be repeated', collected)
    .option('--limit <number>', 'print only the first rows', wholeNumber(1, 1_000_000))
    .addOption(new Option('--tree', 'print the versions of a model below the versions that they are based on')
      .conflicts(['where', 'sort', 'columns', 'limit']))
    .addHelpText('after', HELP + examples(
      'model-store list',
      'model-store list fraud',
      'model-store list --where license=apache-2.0 --sort -published --columns model,version,metadata.accuracy',
      'model-store list fraud --sort -version --limit 5',
      'model-store list fraud --tree',
      'model-store list fraud --json',
    ))
    .action(async (model: string | undefined, options: Arguments, command: Command) =>
      run(command, async (context) => {
        const defaults = options.tree ? COLUMNS_OF_TREE
          : model === undefined ? COLUMNS_OF_MODELS : COLUMNS_OF_VERSIONS;
        const query = parseListQuery(options, defaults);
        if (model !== undefined) {
          requireNames({ model });
        }
        if (options.tree && model === undefined) {
          throw usageFailure('no model given for --tree', [], 'Write "model-store list MODEL --tree".');
        }
        const { environment, progress } = context;
        const listContext = { client: await context.client(), signal: environment.signal, progress };
        const listing = model === undefined
          ? await listModels(listContext, query) : await listVersions(listContext, model, query);
        const result = model === undefined ? { models: listing.rows.map(modelInJson) }
          : { model, versions: listing.rows.map(versionInJson) };
        answer(context, result, () => (
          options.tree ? tree(listing.rows) : table(listing.rows, query.columns, environment.stdout.isTTY ?? false)));
        unknownKeys(listing, model).forEach((line) => progress.note(line));
        if (!context.options.json) {
          environment.stderr.write(troubles(listing).map((line) => `${visibleText(line)}\n`).join(''));
        }
        return exitCodeOfAll(listing.unread.map(({ error }) => error));
      }));
}

function modelInJson({ model, details, version, publishedAt, aliases, error }: ListedRow): object {
  const pointers = aliases?.map((pointer) => ({ alias: pointer.alias, version: pointer.version }));
  return { model, version, publishedAt, ...details, aliases: pointers, error };
}

function versionInJson({ version, publishedAt, details, aliases, error }: ListedRow): object {
  return { version, publishedAt, ...details, aliases: aliases?.map(({ alias }) => alias), error };
}

const TO_THE_RIGHT = ['size', 'files'];

function table(rows: readonly ListedRow[], columns: readonly Column[], header: boolean): string {
  const alignRight = columns.flatMap(({ name }, index) => (TO_THE_RIGHT.includes(name) ? [index] : []));
  return formatTable([
    ...(header ? [columns.map(({ name }) => name.toUpperCase())] : []),
    ...rows.map((row) => [...columns.map((column) => cell(row, column)), ...reason(row)]),
  ], alignRight);
}

function cell(row: ListedRow, column: Column): string {
  return !wasRead(row, column.part) ? '?' : column.values(row).length === 0 ? '-' : column.shown(row);
}

function reason({ error }: ListedRow): string[] {
  return error === undefined ? [] : [`cannot be read: ${error.code}`];
}

function tree(rows: readonly ListedRow[]): string {
  return drawTrees(lineageOf(rows), branch).map((line) => `${visibleText(line)}\n`).join('');
}

function branch({ version, row, cycle }: LineageNode): string {
  if (row === undefined) {
    return `${version} (not in the store)`;
  }
  const aliases = row.aliases?.map(({ alias }) => alias) ?? [];
  return [
    version,
    ...(aliases.length === 0 ? [] : [`(${aliases.join(', ')})`]),
    row.publishedAt,
    ...reason(row),
    ...(cycle === undefined ? [] : [`based on ${cycle}, which is based on it: a cycle`]),
  ].join('  ');
}

const MOST_KEYS = 20;

/** A key in a condition is probably mistyped if no version has it. */
function unknownKeys({ unknownKeys: unknown, keysInUse, comparedAll }: Listing, model: string | undefined): string[] {
  const none = !comparedAll ? 'no version that was read has' : model === undefined ? 'no newest version has'
    : 'no version has';
  const others = keysInUse.length - MOST_KEYS;
  const more = others > 0 ? ` and ${formatCount(others, 'other')}` : '';
  const inUse = keysInUse.length === 0 ? 'no metadata is in use'
    : `keys in use: ${keysInUse.slice(0, MOST_KEYS).join(', ')}${more}`;
  return unknown.map((key) => {
    const suggestion = didYouMean(key, keysInUse);
    return `${none} metadata ${quotedText(key)}; ${inUse}${suggestion === undefined ? '' : `. ${suggestion}`}`;
  });
}

const MOST_TROUBLES = 5;

/** Why rows could not be read, for standard error. */
function troubles({ unread }: Listing): string[] {
  const more = unread.length - MOST_TROUBLES;
  return [
    ...unread.slice(0, MOST_TROUBLES).flatMap(trouble),
    ...(more > 0 ? [`${formatCount(more, 'more row')} cannot be read; --json prints every reason`] : []),
  ];
}

function trouble({ model, version, error }: ListedRow): string[] {
  const { message, details, hint, code, requestId } = error!;
  return [
    `${model}${version === undefined ? '' : `@${version}`} cannot be read: ${message}`,
    ...details.map(({ field, message: problem }) => `  ${field}: ${problem}`),
    ...(hint === undefined ? [] : [`  ${hint}`]),
    `  (${code}${requestId === undefined ? '' : `, request id ${requestId}`})`,
  ];
}
