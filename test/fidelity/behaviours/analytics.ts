import type { Behaviour } from '../behaviours';

const ANSWER = ['audit-answer'] as const;

export const ANALYTICS: readonly Behaviour[] = [
  { id: 'athena.named-queries.stored', statement: 'The workgroup keeps every named query with its whole text.', reliedOn: 'src/audit/audit-queries.ts' },
  { id: 'athena.named-queries', statement: 'Athena runs every named query of the template, with the same results as DuckDB.', reliedOn: 'src/audit/queries' },
  { id: 'athena.views', statement: 'Athena reads the views that the template declares in Glue.', reliedOn: 'src/audit/views/athena.sql', integ: ANSWER },
  { id: 'athena.column-types', statement: 'The columns of views have the types that the template declares.', reliedOn: 'src/audit/egress-catalog.ts' },
  { id: 'athena.serde.json', statement: 'The JSON SerDe reads CloudTrail\'s gzip files into the columns of the trail\'s table.', reliedOn: 'src/audit/trail-table.ts', integ: ANSWER },
  { id: 'athena.serde.regex', statement: 'The regex SerDe reads access logs into the columns of their table.', reliedOn: 'src/audit/access-log-table.ts' },
  {
    id: 'athena.partition-pruning',
    statement: 'A query for certain days reads only the partitions of these days.',
    reliedOn: 'src/audit/trail-table.ts',
  },
  { id: 'athena.partition-projection', statement: 'Partition projection finds keys by day without a crawler.', reliedOn: 'src/audit/trail-table.ts', integ: ANSWER },
  { id: 'athena.execution-parameters', statement: 'A named query takes its days as execution parameters.', reliedOn: 'cli/src/audit/athena', integ: ANSWER },
  { id: 'athena.workgroup.limits', statement: 'A workgroup enforces encryption, the location of results and the limit on bytes scanned.', reliedOn: 'src/audit/egress-analytics.ts' },
];
