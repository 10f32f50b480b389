import {
  ACCESS_LOG_COLUMNS_READ, EGRESS_COLUMNS_READ, forget, keep, keepColumns, keepNumbered, MAKE_PLACE, type Run,
} from './materialize';
import { partsOfRecords, tablesBelowTheViews } from './record-tables';

/** Creates the views over the rows, or over the rows of some days. Materializes nothing. */
export async function createViews(run: Run, views: string, days?: readonly string[]): Promise<void> {
  for (const statement of [...tablesBelowTheViews(days), views, ...partsOfRecords(days), MAKE_PLACE]) {
    await run(statement);
  }
}

/**
 * Materializes what several of the queries read: `reads` has the views and tables that each of them reads. With `all`,
 * everything that any query reads is materialized.
 */
export async function materializeViews(run: Run, reads: readonly (readonly string[])[] | 'all'): Promise<void> {
  const isReadOften = (view: string) => reads === 'all' || reads.filter((ofQuery) => ofQuery.includes(view)
    || (view === 'egress_events' && ofQuery.includes('habitual_reads'))).length > 1;
  // Numbered before the join, because there are more callers than identities and contexts.
  await keepNumbered(run, 'record_identities');
  await keepNumbered(run, 'record_contexts');
  await keep(run, 'record_requests');
  await keepNumbered(run, 'record_callers');
  await forget(run, 'record_identities');
  await forget(run, 'record_contexts');
  if (isReadOften('access_log_requests')) {
    await keepColumns(run, 'access_log_requests', ACCESS_LOG_COLUMNS_READ);
  }
  if (isReadOften('egress_events') || isReadOften('session_chains')) {
    await keep(run, 'opened_sessions');
  }
  if (isReadOften('egress_events')) {
    await keepNumbered(run, 'record_objects');
    await keepColumns(run, 'egress_records', EGRESS_COLUMNS_READ);
    await forget(run, 'record_objects');
  }
}
