import { type Column, metadataKeyOf } from './columns';
import { everyAlias, everyModel, everyVersion } from './every-page';
import { type ListQuery, matches, sorted } from './list-query';
import { type ListedRow, type Part, wasRead, type VersionDetails } from './listed-row';
import { totalBytes } from './registry';
import type { StoreClient } from './store-client';
import { wellFormedVersion } from './trusted-version';
import { withKnownNames } from './unknown-name';
import { newestFirst } from './version-order';
import { MAX_PAGE_SIZE } from '../../../src/contract/limits';
import { forEachInParallel } from '../runtime/concurrency';
import { EXIT, Failure, failureInResult } from '../runtime/failure';
import type { Progress } from '../runtime/progress';

export interface Listing {
  readonly rows: readonly ListedRow[];
  /** All rows that could not be read completely, also those beyond the limit. */
  readonly unread: readonly ListedRow[];
  /** Keys in conditions that none of the versions has whose metadata was compared. */
  readonly unknownKeys: readonly string[];
  /** The keys that they do have. */
  readonly keysInUse: readonly string[];
  /** Whether the metadata of all versions was compared. */
  readonly comparedAll: boolean;
}

export interface ListContext {
  readonly client: StoreClient;
  readonly signal: AbortSignal;
  readonly progress: Pick<Progress, 'begin'>;
}

const ROWS_AT_ONCE = 8;
/** Shorter lists are read before a progress bar would be of use. */
const LONG_LIST = 50;

/** One row for each model, with its newest version by time of publication. Reads only what the query needs. */
export async function listModels(context: ListContext, query: ListQuery): Promise<Listing> {
  const { client } = context;
  const models = await everyModel(client);
  const rows = models.map((model): ListedRow => ({ model }));
  return select(context, query, { rows, known: ['name'], label: 'models' }, async ({ model }, parts) => {
    const row: Writable<ListedRow> = { model };
    await orError(context, row, async () => {
      if (parts.has('versions') || parts.has('manifest')) {
        const [newest] = newestFirst(await everyVersion(client, model, MAX_PAGE_SIZE));
        Object.assign(row, newest);
      }
    });
    await orError(context, row, async () => {
      if (parts.has('aliases')) {
        row.aliases = await everyAlias(client, model);
      }
    });
    await orError(context, row, async () => {
      if (parts.has('manifest') && row.version !== undefined) {
        row.details = await detailsOf(client, model, row.version);
      }
    });
    return row;
  });
}

/** One row for each version of a model, newest first. Reads only what the query needs. */
export async function listVersions(context: ListContext, model: string, query: ListQuery): Promise<Listing> {
  const { client } = context;
  const versions = newestFirst(
    await withKnownNames(client, { model, name: '' }, async () => everyVersion(client, model, MAX_PAGE_SIZE)));
  const aliases = columnsOf(query).some(({ part }) => part === 'aliases') ? await everyAlias(client, model) : undefined;
  const rows = versions.map(({ version, publishedAt }): ListedRow => ({
    model,
    version,
    publishedAt,
    ...(aliases && { aliases: aliases.filter((pointer) => pointer.version === version) }),
  }));
  const known: readonly Part[] = ['name', 'versions', 'aliases'];
  return select(context, query, { rows, known, label: 'versions' }, async (given) => {
    const row: Writable<ListedRow> = { ...given };
    await orError(context, row, async () => { row.details = await detailsOf(client, model, row.version!); });
    return row;
  });
}

interface Start {
  readonly rows: readonly ListedRow[];
  /** What the rows already have. */
  readonly known: readonly Part[];
  readonly label: string;
}

type ReadRow = (row: ListedRow, parts: ReadonlySet<Part>) => Promise<ListedRow>;

/** Selects by what is known before it reads more, so that it reads no row that is left out anyway. */
async function select(
  context: ListContext, query: ListQuery, { rows, known, label }: Start, readRow: ReadRow,
): Promise<Listing> {
  const isKnown = ({ part }: Column) => known.includes(part);
  const knownConditions = query.where.filter(({ column }) => isKnown(column));
  const otherConditions = query.where.filter(({ column }) => !isKnown(column));
  const isFinal = otherConditions.length === 0 && query.sort.every(({ column }) => isKnown(column));
  const finish = (found: readonly ListedRow[]) => sorted(found, query.sort).slice(0, query.limit);

  const candidates = rows.filter((row) => knownConditions.every((condition) => matches(row, condition)));
  const wanted = isFinal ? finish(candidates) : candidates;
  const parts = new Set(columnsOf(query).filter((column) => !isKnown(column)).map(({ part }) => part));
  const read = parts.size === 0 ? wanted : await readAll(context, wanted, label, async (row) => readRow(row, parts));
  // A row that could not be read is kept: it may be one of those that are looked for.
  const matching = read.filter((row) => otherConditions.every((condition) => (
    !wasRead(row, condition.column.part) || matches(row, condition))));

  const compared = read.flatMap(({ details }) => (details === undefined ? [] : [details.metadata]));
  const keysInUse = [...new Set(compared.flatMap(Object.keys))].sort();
  const asked = query.where.flatMap(({ column }) => metadataKeyOf(column) ?? []);
  return {
    rows: isFinal ? matching : finish(matching),
    unread: read.filter(({ error }) => error !== undefined),
    unknownKeys: compared.length === 0 ? [] : [...new Set(asked)].filter((key) => !keysInUse.includes(key)),
    keysInUse,
    comparedAll: compared.length === rows.length,
  };
}

function columnsOf({ columns, where, sort }: ListQuery): Column[] {
  return [...columns, ...where.map(({ column }) => column), ...sort.map(({ column }) => column)];
}

async function readAll(
  { signal, progress }: ListContext, rows: readonly ListedRow[], label: string,
  readRow: (row: ListedRow) => Promise<ListedRow>,
): Promise<ListedRow[]> {
  const read = [...rows];
  const task = rows.length < LONG_LIST ? undefined
    : progress.begin(label, rows.length, (count) => Math.round(count).toLocaleString('en-US'));
  await forEachInParallel(rows.entries(), ROWS_AT_ONCE, signal, async ([index, row]) => {
    read[index] = await readRow(row);
    task?.add(1);
  });
  task?.end();
  return read;
}

async function detailsOf(client: StoreClient, model: string, version: string): Promise<VersionDetails> {
  const { manifest, manifestSha256 } = await wellFormedVersion(client, model, version);
  const { createdAt, createdBy, files, base, metadata } = manifest;
  return {
    createdAt,
    createdBy,
    files: files.length,
    bytes: totalBytes(manifest),
    ...(base !== undefined && { base }),
    metadata,
    manifestSha256,
  };
}

type Writable<Row> = { -readonly [Field in keyof Row]: Row[Field] };

/** Notes in the row why it cannot be read, unless the others could not be read either. The first error is kept. */
async function orError({ signal }: ListContext, row: Writable<ListedRow>, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    signal.throwIfAborted();
    if (!isAboutOneRow(error)) {
      throw error;
    }
    row.error ??= failureInResult(error);
  }
}

function isAboutOneRow(error: unknown): boolean {
  return error instanceof Failure && (error.code === 'forbidden'
    || [EXIT.FAILURE, EXIT.NOT_FOUND, EXIT.VERIFICATION].some((code) => code === error.exitCode));
}
