import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { settingsOf } from '../../../cli/src/audit/database/settings';
import { namedQueries } from '../../../cli/src/audit/queries/queries';
import { auditAll } from '../../../cli/src/audit/queries/run-queries';
import { FolderSource } from '../../../cli/src/audit/reader/log-source';
import { createProgress } from '../../../cli/src/runtime/progress';
import { ACCESS_LOG_PATTERN, ACCESS_LOG_RECORD_COLUMNS } from '../../../src/audit/access-log-table';
import { auditQueries } from '../../../src/audit/audit-queries';
import { TRAIL_RECORD_COLUMNS } from '../../../src/audit/trail-table';
import { dayParameters } from '../../../src/contract/audit-questions';
import { athenaToDuckDb, runOnDuckDb, type QueryResult, type Table } from '../../tools/audit-sql';
import { ask, DUCKDB_VIEWS, tablesOf, viewsOf, type Evidence, type Row } from '../support/evidence';
import { DIGEST, logLine, managementEvent, objectEvent, session, storeSession } from '../support/records';

/**
 * Converts a record like CloudTrailInputFormat: lower-case names, and fields that differ by service as JSON strings.
 */
function asAthenaReads(record: Row): Row {
  const lower = (value: unknown): unknown => (typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toLowerCase(), lower(item)]))
    : value);
  return Object.fromEntries(Object.entries(record).map(([name, value]) => {
    const column = name.toLowerCase();
    if (value === null || value === undefined) return [column, null];
    const isText = TRAIL_RECORD_COLUMNS[column] === 'string';
    return [
      column,
      isText ? (typeof value === 'object' ? JSON.stringify(value) : String(value)) : JSON.stringify(lower(value)),
    ];
  }));
}

/** Converts `struct<a:string>` to the format of `from_json`. */
function structure(type: string): unknown {
  return JSON.parse(type
    .replace(/(\w+):string/g, '"$1":"VARCHAR"').replace(/(\w+):map<string,string>/g, '"$1":"MAP(VARCHAR, VARCHAR)"').replace(/(\w+):struct</g, '"$1":{').replace(/^struct</, '{').replace(/>/g, '}'));
}

function athenaTables(evidence: Evidence): { readonly [name: string]: Table } {
  const columns = Object.keys(TRAIL_RECORD_COLUMNS);
  const { audit_settings, perimeter_networks, access_log_lines } = tablesOf(evidence);
  return {
    audit_settings,
    perimeter_networks,
    access_log_lines,
    trail_files: {
      columns: [...columns, 'account', 'region', 'day'].map((column) => [column, 'varchar'] as const),
      rows: (evidence.records ?? []).map((record) => {
        const read = asAthenaReads(record);
        return [
          ...columns.map((column) => read[column] ?? null),
          '111122223333',
          'eu-central-1',
          String(record.delivery_day).replace(/-/g, '/'),
        ];
      }),
    },
  };
}

async function athenaViewsOnDuckDb(): Promise<string> {
  const views = viewsOf('athena')
    // DuckDB only supports addresses with an extension, which it would have to download.
    .replace(/TRY_CAST\(regexp_extract\((\w+), '[^']*'\) AS ipaddress\)/g, 'unhex(address_key($1))')
    // Trino fails on incomplete escapes; DuckDB keeps them.
    .replace(/\burl_decode\(/g, 'complete_url_decode(');
  const macros = DUCKDB_VIEWS.slice(0, DUCKDB_VIEWS.indexOf('CREATE OR REPLACE VIEW'));
  const fields = Object.keys(ACCESS_LOG_RECORD_COLUMNS);
  return `${macros}
    CREATE MACRO complete_url_decode(text) AS
      CASE WHEN NOT regexp_matches(text, '%([^0-9A-Fa-f]|[0-9A-Fa-f]([^0-9A-Fa-f]|$)|$)') THEN url_decode(text) END;
    CREATE VIEW trail_records AS SELECT * REPLACE (from_json(useridentity, '${JSON.stringify(structure(TRAIL_RECORD_COLUMNS.useridentity))}')
      AS useridentity) FROM trail_files;
    CREATE VIEW access_log_records AS
    WITH parsed AS (
      SELECT regexp_extract(line, '${ACCESS_LOG_PATTERN}', [${fields.map((field) => `'${field}'`).join(', ')}]) AS f FROM access_log_lines
    )
    SELECT ${fields.map((field) => `nullif(f.${field}, '') AS ${field}`).join(', ')},
      strftime(strptime(substr(f.request_time, 1, 11), '%d/%b/%Y'), '%Y/%m/%d') AS day FROM parsed;
    ${await athenaToDuckDb(views)}`;
}

const on = (day: string, records: readonly Row[]): Row[] => records.map((record) => ({ ...record, delivery_day: day }));
const copy = (parameters: object, requestId: string) =>
  objectEvent({
    action: 'CopyObject',
    bucket: 'elsewhere',
    key: 'x',
    requestId,
    parameters: { 'x-amz-copy-source': 'artifacts/models/a/blobs/sha256/b', ...parameters },
  });

const borrowed = { ...session('Training', 'nightly', 'mallory'), accessKeyId: 'ASIABORROWED' };

const UNNAMED = 'aws-sdk-js-1795855669439';
const onBehalfOf = {
  userId: '1111-2222', identityStoreArn: 'arn:aws:identitystore::111122223333:identitystore/d-1234567890',
};

/** All kinds of identities in a record. */
const PEOPLE: readonly Row[] = [
  session('AWSReservedSSO_Science_0123456789abcdef', 'jane@example.com'),
  session('AWSReservedSSO_Science', 'jane@example.com'),
  session('AWSReservedSSO_Science_0123456789abcdef', `${'jane'.repeat(12)}@example.com`),
  { ...session('AccessGrants', 'access-grants-1'), onBehalfOf },
  { type: 'IdentityCenterUser', accountId: '111122223333', credentialId: 'C1', onBehalfOf },
  { type: 'IdentityCenterUser', accountId: '111122223333', credentialId: 'C1' },
  { type: 'IdentityCenterUser', accountId: '111122223333' },
  { type: 'IdentityCenterUser', onBehalfOf: { userId: '1111-2222' } },
  ...['111122223333', '999999999999'].map((account) => ({
    ...session('PoolRole', 'CognitoIdentityCredentials', undefined, account),
    sessionContext: {
      ...session('PoolRole', 'CognitoIdentityCredentials').sessionContext as Row,
      webIdFederationData: {
        federatedProvider: 'cognito-identity.amazonaws.com',
        attributes: { 'cognito-identity.amazonaws.com:sub': 'eu-central-1:1' },
      },
    },
  })),
  { type: 'Directory', accountId: '111122223333', userName: 'jane' }, { type: 'Unknown', userName: 'lee' },
  { type: 'Unknown' },
  { type: 'SAMLUser', principalId: 'EXAMPLE=:jane', userName: 'jane', identityProvider: 'EXAMPLE=' },
  { type: 'WebIdentityUser', userName: '123', identityProvider: 'accounts.google.com' },
];

const evidence: Evidence = {
  records: [
    ...on('2026-03-02', [
      objectEvent({ who: session('Auditor', 'eve') }),
      managementEvent('AssumeRole', { roleArn: 'arn:aws:iam::111122223333:role/Training' }, {
        eventSource: 'sts.amazonaws.com', userIdentity: session('Scientist', 'mallory'),
        responseElements: { credentials: { accessKeyId: 'ASIABORROWED' } },
      }),
      objectEvent({ who: borrowed }),
      managementEvent('AssumeRole', {
        roleArn: 'arn:aws:iam::111122223333:role/DataScientist', roleSessionName: 'ada',
      }, {
        eventSource: 'sts.amazonaws.com', userIdentity: session('Scientist', 'mallory'),
        responseElements: { credentials: { accessKeyId: 'ASIAMISNAMED' } },
      }),
      objectEvent({ action: 'Invoke', requestId: 'INVOKE2', who: session('Trainer', 'zoe'), record: {
        eventSource: 'lambda.amazonaws.com', requestParameters: { functionName: 'models-download:live' },
      } }),
      ...[['INVOKE2', 'ASIAFORGED'], ['INVOKE3', 'ASIAUNKNOWN']].flatMap(([value, accessKeyId]) => [
        managementEvent('AssumeRole', {
          roleArn: 'arn:aws:iam::111122223333:role/DownloadSession', roleSessionName: 'ada',
          tags: [{ key: 'request-id', value: 'x' }, { key: 'invocation-id', value }],
        }, {
          eventSource: 'sts.amazonaws.com', userIdentity: session('DownloadFunction', 'fn'),
          responseElements: { credentials: { accessKeyId } },
        }),
        objectEvent({ who: { ...session('DownloadSession', 'ada', 'ada'), accessKeyId } }),
      ]),
      ...Array.from(
        { length: 10 },
        (_, index) => objectEvent({
          who: storeSession('Pipeline=wide'), key: `models/m${index}/blobs/sha256/${DIGEST}`,
        }),
      ),
      objectEvent({ link: { signedAt: '20260302T095900Z', seconds: 604_800 } }),
      managementEvent(
        'StopLogging',
        { name: 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/models-trail' },
        { eventSource: 'cloudtrail.amazonaws.com' },
      ),
      managementEvent(
        'DeleteLogGroup', { logGroupName: '/aws/cloudtrail/models' }, { eventSource: 'logs.amazonaws.com' },
      ),
      managementEvent('DeleteAlarms', { alarmNames: ['a', 'b'] }, { eventSource: 'monitoring.amazonaws.com' }),
      managementEvent('DeleteAlarms', { alarmNames: ['only'] }, { eventSource: 'monitoring.amazonaws.com' }),
      managementEvent(
        'PutKeyPolicy',
        { keyId: 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' },
        { eventSource: 'kms.amazonaws.com' },
      ),
      objectEvent({ bucket: 'arn:aws:s3:eu-central-1:111122223333:accesspoint/side-door' }),
      objectEvent({ who: { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' } }),
      objectEvent({ action: 'PutObject', key: 'models/fraud/versions/2.0/manifest.json' }),
      objectEvent({ action: 'PutObject', who: session('Scientist', 'mallory') }),
    ]),
    ...on('2026-02-12', [objectEvent({ time: '2026-02-12T10:00:00Z' })]),
    ...on('2026-03-02', [
      objectEvent({
        link: { signedAt: '20260302T095900Z', seconds: 600, askedFrom: '198.51.100.7' }, from: '203.0.113.9',
      }),
      objectEvent({ link: { signedAt: 'never' } }),
      objectEvent({ key: 'models/fraud/versions/1.0/manifest.json', time: '2026-03-02T09:58:59.500Z' }),
      objectEvent({ key: 'models/fraud/versions/1.0/model.sig', action: 'PutObject' }),
      objectEvent({ key: 'models/fraud/aliases/production.json', action: 'PutObject' }),
      objectEvent({ key: `verdicts/fraud/${DIGEST}.json` }),
      objectEvent({ key: 'notes.txt', record: { eventCategory: null } }),
      objectEvent({ bucket: 'trail-logs', key: 'AWSLogs/a.json.gz', who: session('Auditor', 'eve') }),
      objectEvent({ bucket: 'somebody-elses' }),
      objectEvent({ from: '2001:db8::1', record: { vpcEndpointId: 'vpce-0123456789abcdef0' } }),
      objectEvent({ from: 'athena.amazonaws.com', who: { type: 'AWSService', invokedBy: 'athena.amazonaws.com' } }),
      objectEvent({ who: {
        type: 'IAMUser', userName: 'bob', accountId: '111122223333', arn: 'arn:aws:iam::111122223333:user/bob',
      } }),
      objectEvent({ who: session('Job', 'nightly', undefined, '999999999999') }),
      ...PEOPLE.map((who) => objectEvent({ who })),
      managementEvent('AssumeRole', { roleArn: 'arn:aws:iam::111122223333:role/Research', roleSessionName: UNNAMED }, {
        eventSource: 'sts.amazonaws.com', userIdentity: session('Scientist', 'mallory'),
        eventTime: '2026-03-02T09:50:00Z',
      }),
      objectEvent({ who: storeSession(`Research=${UNNAMED}`), link: { signedAt: '20260302T095900Z', seconds: 900 } }),
      objectEvent({ record: { userIdentity: null } }),
      objectEvent({ record: { additionalEventData: null } }),
      objectEvent({ record: { requestParameters: null } }),
      objectEvent({ record: { eventTime: null, requestID: null } }),
      objectEvent({ record: { additionalEventData: { bytesTransferredOut: 1e10 } } }),
      objectEvent({ record: { eventName: null } }),
      objectEvent({ record: { eventCategory: 'NetworkActivity' } }),
      ...[1, 2, 3].map((minute) => objectEvent({
        error: 'AccessDenied', time: `2026-03-02T11:0${minute}:00Z`, who: storeSession('Pipeline=probe'),
      })),
      objectEvent({ error: 'NoSuchKey' }),
      objectEvent({ who: session('DownloadSession', 'INVOKE1', 'INVOKE1') }),
      objectEvent({
        action: 'Invoke',
        requestId: 'INVOKE1',
        who: session('Trainer', 'zoe'),
        record: { eventSource: 'lambda.amazonaws.com' },
      }),
      objectEvent({
        action: 'DeleteObject', parameters: { versionId: 'v', 'x-amz-bypass-governance-retention': 'true' },
      }),
      managementEvent('PutBucketReplication', { bucketName: 'artifacts' }),
      copy({}, 'COPY1'), copy({}, 'COPY2'),
      copy({ 'x-amz-copy-source': `arn:aws:s3:eu-central-1:111122223333:accesspoint/side-door/object/models/a/blobs/sha256/${DIGEST}` }, 'COPY4'),
      copy({ 'x-amz-copy-source': 'artifacts/models/a/b+c%2Bd%2Fe' }, 'COPY5'),
      copy({ 'x-amz-copy-source': '%ZZ' }, 'COPY6'),
      objectEvent({ key: 'models/fraud/AWSLogs/x' }), copy({ 'x-amz-copy-source-range': 'bytes=0-9' }, 'COPY3'),
      copy({ 'x-amz-copy-source-range': '?' }, 'COPY1'),
    ]),
    ...on('2026-03-03', [
      objectEvent({ time: '2026-03-02T23:59:59Z', bytes: 5000 }),
      objectEvent({ time: '2026-03-03T22:00:00Z', bytes: 5000, requestId: 'SEEN' }),
    ]),
    ...on('2026-03-02', [
      objectEvent({ time: '2026-03-02T03:00:00Z', key: 'models/fraud/aliases/production.json', action: 'PutObject' }),
      objectEvent({ bucket: 'trail-logs', key: 'AWSLogs/a.json.gz', who: session('Scientist', 'mallory') }),
      objectEvent({ who: session('Scientist', 'mallory'), record: { userAgent: '[rclone/v1.71.0]' } }),
      ...[1, 2, 3].map((index) => objectEvent({
        who: session('Scientist', 'mallory'), key: `models/m${index}/versions/1/manifest.json`, error: 'NoSuchKey',
      })),
      managementEvent('AssumeRole', {
        roleSessionName: 'ada', policy: '{"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::artifacts/models/m9/blobs/sha256/*"]}',
      }, { eventSource: 'sts.amazonaws.com', userIdentity: session('DownloadFunction', 'fn') }),
    ]),
    ...on('2026-02-20', [
      objectEvent({ time: '2026-02-20T10:00:00Z' }),
      objectEvent({ time: '2026-02-20T10:00:00Z', who: session('Training', 'nightly'), from: '10.0.0.5' }),
    ]),
    ...on('2026-02-21', [objectEvent({ time: '2026-02-21T10:00:00Z' })]),
    ...on('2026-02-22', [objectEvent({ time: '2026-02-22T10:00:00Z' })]),
  ],
  lines: [
    logLine({ requestId: 'SEEN', time: '03/Mar/2026:22:00:00' }),
    logLine({ requestId: 'COPY1', operation: 'REST.COPY.OBJECT_GET', size: 77, bytes: '-' }),
    logLine({ key: '-', operation: 'REST.GET.BUCKET' }),
    logLine({ requestId: 'Q' }).replace('"model-store/1.0"', '"mod"el" x"'),
    logLine({ trailing: '', status: 403, error: 'AccessDenied' }),
  ],
  networks: [['00000000000000000000ffffc6336400', '00000000000000000000ffffc63364ff']],
};

describe('the views of Athena and DuckDB', () => {
  const statements = [
    ...['egress_events', 'trail_events', 'access_log_requests', 'invocations', 'opened_sessions', 'session_chains'].map((view) => ({
      name: view, sql: `SELECT * FROM ${view} ORDER BY ALL`, parameters: [],
    })),
    ...auditQueries().map(
      ({ name, sql }) => ({ name, sql, parameters: dayParameters(sql, '2026-03-02', '2026-03-03') }),
    ),
  ];
  let duckDb: QueryResult[];
  let athena: QueryResult[];

  beforeAll(async () => {
    duckDb = await ask(evidence, statements);
    athena = await runOnDuckDb(await athenaViewsOnDuckDb(), athenaTables(evidence), statements);
  });

  test.each(statements.map(({ name }, index) => [name, index] as const))('return the same rows: %s', (_, index) => {
    expect(duckDb[index].rows.length).toBeGreaterThan(0);
    expect(athena[index].rows).toEqual(duckDb[index].rows);
  });
});

const SILENT = createProgress('none', { stderr: process.stderr, now: Date.now });

describe('a record that was delivered twice', () => {
  const records = [
    ...on('2026-03-02', [
      objectEvent({ bytes: 7, record: { eventID: 'one' } }), objectEvent({ bytes: 7, record: { eventID: 'one' } }),
      objectEvent({ bytes: 20, record: { eventID: 'two' } }),
      // Without an ID, it is unknown whether they are duplicates.
      objectEvent({ bytes: 100, record: { eventID: null } }), objectEvent({ bytes: 100, record: { eventID: null } }),
    ]),
  ];
  const total = {
    name: 'total',
    sql: 'SELECT count(*) AS reads, CAST(sum(bytes_out) AS bigint) AS bytes_out FROM egress_events',
    parameters: [],
  };

  test('is counted once in DuckDB, and reported by the command', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'delivered-twice-'));
    try {
      fs.writeFileSync(path.join(folder, 'first.json'), JSON.stringify({ Records: records.slice(0, 2) }));
      fs.writeFileSync(
        path.join(folder, 'second.json'), JSON.stringify({ Records: [...records.slice(2), records[2], records[0]] }),
      );
      const skippedRecords: object[] = [];
      const answers = await auditAll({ environment: { signal: new AbortController().signal }, progress: SILENT }, {
        sources: [{ label: '--logs', source: new FolderSource(folder) }],
        days: { from: '2026-03-02', to: '2026-03-02' }, settings: settingsOf({}),
        queries: namedQueries().filter(
          ({ name }) => name === 'egress-by-principal',
        ), onRead: ({ skipped }) => skippedRecords.push(...skipped),
      });
      const { columns, rows } = answers.get('egress-by-principal')!;
      const [row] = rows.map((cells) => Object.fromEntries(cells.map((cell, index) => [columns[index].name, cell])));
      expect(row).toMatchObject({ reads: 4, bytes_out: 227 });
      expect(skippedRecords).toMatchObject([{ reason: 'delivered again', count: 3 }]);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  test('is counted once in Athena', async () => {
    const [{ rows }] = await runOnDuckDb(await athenaViewsOnDuckDb(), athenaTables({ records }), [total]);
    expect(rows).toEqual([{ reads: 4, bytes_out: 227 }]);
  });

  test('is only detected within the requested days, so that Athena scans only these', () => {
    const views = viewsOf('athena');
    expect(views).toContain('row_number() OVER (PARTITION BY account, region, day, eventid ');
  });
});
