import { dayParameters } from '../../../src/contract/audit-questions';
import { EVERY_KIND } from '../support/every-kind';
import { ask, onDuckDb, queryText, type Ask, type Evidence, type Row } from '../support/evidence';

const FIRST = '2026-02-01';
const LAST = '2026-03-31';
/** Columns of `log-coverage` that have each record of the trail once. */
const KINDS = [
  'object_reads', 'object_writes', 'evidence_reads', 'evidence_writes', 'requests_to_other_buckets', 'invocations',
  'other_data_events', 'management_events', 'other_events',
];
const OF_THE_STORE = ['object_reads', 'object_writes', 'evidence_reads', 'evidence_writes'];

const total = (rows: readonly Row[], ...columns: string[]) =>
  rows.reduce((sum, row) => columns.reduce((part, column) => part + Number(row[column]), sum), 0);

const OBJECT_REQUESTS = `SELECT count(*) AS requests FROM trail_events
  WHERE event_source = 's3.amazonaws.com' AND event_category = 'Data'`;

const isReadOfEvidence = ({ object_kind, action, result }: Row) => object_kind === 'log' && action === 'GetObject' && result === 'ok';

/** Where the requests for objects of the store are counted, and how many there are. */
async function accounts(evidence: Evidence, asked: Ask) {
  const named = (name: string) => ({ sql: queryText(name), parameters: dayParameters(queryText(name), FIRST, LAST) });
  const [coverage, egress, evidenceReads, auditorReads, copies, others, denied, deletions, [all]] = (await asked(evidence, [
    ...[
      'log-coverage', 'egress-by-principal', 'evidence-reads', 'auditor-reads', 'copies-to-other-buckets', 'other-requests',
    ].map(named),
    { sql: `${OBJECT_REQUESTS} AND result = 'denied'` },
    { sql: `${OBJECT_REQUESTS} AND result <> 'denied' AND action IN ('DeleteObject', 'DeleteObjects')` },
    { sql: 'SELECT count(*) AS records FROM trail_events' },
  ])).map(({ rows }) => rows);
  return {
    coverage,
    records: Number(all.records),
    ofTheStore: total(coverage, ...OF_THE_STORE),
    counted: total(egress, 'reads', 'bookkeeping_reads')
      + total(evidenceReads, 'reads') + total(auditorReads.filter(isReadOfEvidence), 'requests')
      + copies.filter(({ to_another_bucket }) => to_another_bucket === false).length
      + total(others.filter(({ event_source, what }) => event_source === 's3.amazonaws.com' && what !== 'configuration'), 'requests')
      + total(denied, 'requests') + total(deletions, 'requests'),
  };
}

const without = (path: string) => (record: Row): Row => {
  const [name, ...inner] = path.split('.');
  const value = record[name];
  if (inner.length === 0) {
    const { [name]: _, ...rest } = record;
    return rest;
  }
  return typeof value === 'object' && value !== null ? { ...record, [name]: without(inner.join('.'))(value as Row) } : record;
};

/** Fields that CloudTrail or an export may leave out. */
const OPTIONAL = [
  'userIdentity', 'userIdentity.type', 'userIdentity.arn', 'userIdentity.accountId', 'userIdentity.principalId',
  'userIdentity.accessKeyId', 'userIdentity.sessionContext', 'sourceIPAddress', 'userAgent', 'errorCode', 'errorMessage',
  'requestParameters', 'requestParameters.bucketName', 'requestParameters.key', 'responseElements', 'additionalEventData',
  'requestID', 'eventID', 'readOnly', 'eventType', 'managementEvent', 'recipientAccountId', 'eventCategory', 'awsRegion',
  'vpcEndpointId', 'resources',
];

test('every record is in exactly one kind of log-coverage', async () => {
  const { coverage, records } = await accounts(EVERY_KIND, ask);
  expect(total(coverage, 'trail_records')).toBe(records);
  expect(total(coverage, ...KINDS)).toBe(records);
});

describe('requests for objects of the store', () => {
  test('are all counted by a query', async () => {
    const { counted, ofTheStore } = await accounts(EVERY_KIND, ask);
    expect(ofTheStore).toBeGreaterThan(50);
    expect(counted).toBe(ofTheStore);
  });

  test.each(OPTIONAL)('are all counted without %s', async (field) => {
    const records = (EVERY_KIND.records ?? []).map(without(field));
    const { counted, ofTheStore, coverage, records: all } = await accounts({ ...EVERY_KIND, records }, onDuckDb);
    // Without its role, an auditor's read of the archive is also listed as one by others.
    expect(counted).toBeGreaterThanOrEqual(ofTheStore);
    expect(total(coverage, ...KINDS)).toBe(all);
  });
});
