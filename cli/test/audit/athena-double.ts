import type { IncomingMessage, ServerResponse } from 'node:http';
import type { QueryResult, ResultColumn, Cell } from '../../src/audit/database/query-result';
import { LoopbackServer } from '../loopback-server';

export interface Call {
  readonly action: string;
  readonly input: { readonly [field: string]: unknown };
}

export interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

/** A state of a query, with the data scanned so far. */
export type Step = readonly [state: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED', scannedBytes: number];

const TYPES: { readonly [type in ResultColumn['type']]: string } = {
  text: 'varchar', number: 'bigint', boolean: 'boolean', time: 'timestamp(3)',
};
const PAGE_ROWS = 2;

/** Implements Athena's protocol: a query goes through the given states and returns the given result. */
export class AthenaDouble extends LoopbackServer {
  readonly calls: Call[] = [];
  onCall?: (call: Call) => void;
  steps: Step[] = [['SUCCEEDED', 0]];
  reason?: string;
  answer: QueryResult = { columns: [{ name: 'principal', type: 'text' }], rows: [['ada']] };
  /** The result of `log-coverage`, which the command runs if the result of a query has no rows. */
  coverage?: QueryResult;
  refusals: { [action: string]: Refusal } = {};

  of(action: string): Call['input'][] {
    return this.calls.filter((call) => call.action === action).map(({ input }) => input);
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const input = JSON.parse(Buffer.concat(chunks).toString()) as Call['input'];
    const call = { action: String(request.headers['x-amz-target']).replace('AmazonAthena.', ''), input };
    this.calls.push(call);
    this.onCall?.(call);
    const refusal = this.refusals[call.action];
    response.writeHead(
      refusal?.status ?? 200,
      { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': `request-${this.calls.length}` },
    );
    response.end(JSON.stringify(refusal ? { __type: refusal.type, Message: refusal.message } : this.answerTo(call)));
  }

  private answerTo({ action, input }: Call): object {
    switch (action) {
      case 'StartQueryExecution': return { QueryExecutionId: 'query-1' };
      case 'GetQueryExecution': return this.execution();
      case 'GetQueryResults': return this.results(Number(input.NextToken ?? 0));
      case 'StopQueryExecution': return {};
      default: throw new Error(`${action} was not expected`);
    }
  }

  private execution(): object {
    const [state, scannedBytes] = this.steps.length > 1 ? this.steps.shift()! : this.steps[0];
    return {
      QueryExecution: {
        QueryExecutionId: 'query-1',
        Status: { State: state, StateChangeReason: this.reason },
        Statistics: {
          DataScannedInBytes: scannedBytes, TotalExecutionTimeInMillis: 4_200, QueryQueueTimeInMillis: 300,
        },
      },
    };
  }

  /** The column names as the first row, then the rows, in pages. */
  private results(from: number): object {
    const isOfCoverage = String(this.of('StartQueryExecution').at(-1)?.QueryString).includes('requests_to_other_buckets');
    const { columns, rows } = (isOfCoverage && this.coverage) || this.answer;
    const all = [columns.map(({ name }) => name), ...rows];
    return {
      ResultSet: {
        ResultSetMetadata: {
          ColumnInfo: columns.map(({ name, type }) => ({ Name: name, Label: name, Type: TYPES[type] })),
        },
        Rows: all.slice(from, from + PAGE_ROWS).map((row, index) => ({
          Data: row.map((cell, column) => (
            cell === null ? {} : { VarCharValue: written(cell, from + index === 0 ? 'text' : columns[column].type) }
          )),
        })),
      },
      ...(from + PAGE_ROWS < all.length && { NextToken: String(from + PAGE_ROWS) }),
    };
  }
}

/** A value in Athena's format. */
function written(cell: Cell, type: ResultColumn['type']): string {
  return type === 'time' ? String(cell).replace('T', ' ').replace('Z', '.000') : String(cell);
}
