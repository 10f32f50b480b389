import type { AthenaClient, QueryExecution } from '@aws-sdk/client-athena';
import { queryFailure } from './query-failure';
import { columnsOf, isHeading, rowsOf } from './results';
import type { AthenaAccess } from '../../../../src/contract/audit-description';
import type { Environment } from '../../runtime/environment';
import { EXIT, Failure } from '../../runtime/failure';
import type { QueryResult, ResultColumn, Cell } from '../database/query-result';
import { evidenceFailure } from '../sources/evidence-failure';

export interface ParameterizedQuery {
  readonly sql: string;
  /** SQL literals, as Athena expects them. */
  readonly parameters: readonly string[];
}

export interface QueryProgress {
  readonly state: string;
  readonly scannedBytes: number;
}

export interface QueryOptions {
  readonly athena: AthenaAccess;
  readonly region: string;
  readonly query: ParameterizedQuery;
  /** Called repeatedly while the query runs. */
  readonly onProgress: (progress: QueryProgress) => void;
  /** Called after an interruption, with a failure if the query could not be stopped. */
  readonly onStopped: (id: string, failure?: Failure) => void;
}

export interface QueryAnswer {
  readonly id: string;
  readonly answer: QueryResult;
  readonly scannedBytes: number;
  readonly queuedMilliseconds: number;
  readonly milliseconds: number;
}

const FIRST_WAIT_MILLISECONDS = 250;
const LONGEST_WAIT_MILLISECONDS = 3_000;

/** Runs a query in Athena. Stops it there if the user interrupts. */
export async function runQuery(
  environment: Pick<Environment, 'awsConfiguration' | 'signal' | 'sleep'>, options: QueryOptions,
): Promise<QueryAnswer> {
  const { AthenaClient: Client } = await import('@aws-sdk/client-athena');
  const client = new Client({ ...environment.awsConfiguration(options.region), maxAttempts: 6 });
  try {
    return await new RunningQuery(client, environment, options).run();
  } finally {
    client.destroy();
  }
}

class RunningQuery {
  constructor(
    private readonly client: AthenaClient,
    private readonly environment: Pick<Environment, 'signal' | 'sleep'>, private readonly options: QueryOptions,
  ) {}

  async run(): Promise<QueryAnswer> {
    const { signal } = this.environment;
    signal.throwIfAborted();
    // Not interruptible: otherwise a query could keep running, and be billed, without a known ID.
    const id = await this.start();
    try {
      const execution = await this.ended(id);
      const answer = await this.answer(id);
      const {
        DataScannedInBytes: scannedBytes = 0, QueryQueueTimeInMillis: queuedMilliseconds = 0,
        TotalExecutionTimeInMillis: milliseconds = 0,
      } = execution.Statistics ?? {};
      return { id, answer, scannedBytes, queuedMilliseconds, milliseconds };
    } catch (error) {
      if (signal.aborted) {
        await this.stop(id);
      }
      throw error;
    }
  }

  private async start(): Promise<string> {
    const { StartQueryExecutionCommand } = await import('@aws-sdk/client-athena');
    const { athena: { workGroup, database }, query: { sql, parameters } } = this.options;
    const { QueryExecutionId: id } = await this.client.send(new StartQueryExecutionCommand({
      QueryString: sql,
      ...(parameters.length > 0 && { ExecutionParameters: [...parameters] }),
      QueryExecutionContext: { Database: database },
      WorkGroup: workGroup,
    })).catch((error: unknown) => this.refused(error, 'athena:StartQueryExecution'));
    return id!;
  }

  private async ended(id: string): Promise<QueryExecution> {
    const { GetQueryExecutionCommand } = await import('@aws-sdk/client-athena');
    for (let wait = FIRST_WAIT_MILLISECONDS; ; wait = Math.min(LONGEST_WAIT_MILLISECONDS, wait * 2)) {
      const { QueryExecution: execution = {}, $metadata: { requestId } } = await this.client.send(
        new GetQueryExecutionCommand({ QueryExecutionId: id }), this.interruptible,
      ).catch((error: unknown) => this.refused(error, 'athena:GetQueryExecution'));
      const { State: state = 'QUEUED', ...status } = execution.Status ?? {};
      this.options.onProgress({ state, scannedBytes: execution.Statistics?.DataScannedInBytes ?? 0 });
      switch (state) {
        case 'SUCCEEDED': return execution;
        case 'FAILED': throw queryFailure(id, status, requestId);
        case 'CANCELLED': throw cancelled(id, status.StateChangeReason, requestId);
        default: await this.environment.sleep(wait, this.environment.signal);
      }
    }
  }

  private async answer(id: string): Promise<QueryResult> {
    const { GetQueryResultsCommand } = await import('@aws-sdk/client-athena');
    let columns: ResultColumn[] | undefined;
    const rows: (readonly Cell[])[] = [];
    let token: string | undefined;
    do {
      const command = new GetQueryResultsCommand({ QueryExecutionId: id, NextToken: token });
      const page = await this.client.send(command, this.interruptible)
        .catch((error: unknown) => this.refused(error, 'athena:GetQueryResults'));
      const found = page.ResultSet?.Rows ?? [];
      const isFirst = columns === undefined;
      columns ??= columnsOf(page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []);
      const hasHeading = isFirst && found.length > 0 && isHeading(found[0], columns);
      rows.push(...rowsOf(hasHeading ? found.slice(1) : found, columns));
      token = page.NextToken;
    } while (token !== undefined);
    return { columns, rows };
  }

  private async stop(id: string): Promise<void> {
    const { StopQueryExecutionCommand } = await import('@aws-sdk/client-athena');
    try {
      await this.client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
      this.options.onStopped(id);
    } catch (error) {
      const failure = evidenceFailure(error, { action: 'athena:StopQueryExecution', what: `the query ${id}` });
      this.options.onStopped(id, failure);
    }
  }

  private get interruptible() {
    return { abortSignal: this.environment.signal };
  }

  private refused(error: unknown, action: string): never {
    this.environment.signal.throwIfAborted();
    throw evidenceFailure(error, { action, what: `the workgroup ${this.options.athena.workGroup}` });
  }
}

function cancelled(id: string, reason: string | undefined, requestId: string | undefined): Failure {
  return new Failure(`the query was canceled in Athena${reason ? `: ${reason}` : ''}`, {
    code: 'query_cancelled', exitCode: EXIT.FAILURE, details: [{ field: 'query execution', message: id }], requestId,
  });
}
