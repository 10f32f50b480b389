import { STORE } from './trail-record';

/** A form in which logs are read, with a file in that form. */
export interface LogForm {
  readonly form: string;
  /** Who writes it, for the documentation; undefined for a variant that goes without saying. */
  readonly by?: string;
  readonly write: (records: readonly TrailRecord[]) => string | Buffer;
  /** The parts of records that the form keeps, if not all. */
  readonly keeps?: (record: TrailRecord) => object;
}

export type TrailRecord = { readonly [field: string]: unknown };

const json = JSON.stringify;
const csvCell = (text: string) => `"${text.replace(/"/g, '""')}"`;
const csv = (rows: readonly (readonly string[])[]) => rows.map((cells) => cells.map(csvCell).join(',')).join('\r\n');

const logEvents = (records: readonly TrailRecord[]) =>
  records.map((record, index) => ({ id: `${index}`, timestamp: 1, message: json(record) }));
const subscription = (records: readonly TrailRecord[]) => ({
  messageType: 'DATA_MESSAGE', owner: STORE.account, logGroup: 'trail', logStream: 's', subscriptionFilters: ['f'],
  logEvents: logEvents(records),
});
const CONTROL_MESSAGE = {
  messageType: 'CONTROL_MESSAGE',
  logEvents: [{ id: '', timestamp: 1, message: 'CWL CONTROL MESSAGE: Checking health of destination Firehose.' }],
};

/** A row of a table of Athena: columns and fields of structs in lower case, parameters as JSON text. */
function athenaRow(record: TrailRecord): { readonly [column: string]: unknown } {
  const texts = ['requestParameters', 'responseElements', 'additionalEventData'];
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [
    name.toLowerCase(), texts.includes(name) ? json(value) : lowered(value),
  ]));
}

function lowered(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(lowered);
  }
  return typeof value !== 'object' || value === null ? value
    : Object.fromEntries(Object.entries(value).map(([name, inner]) => [name.toLowerCase(), lowered(inner)]));
}

function athenaCsv(records: readonly TrailRecord[]): string {
  const rows = records.map(athenaRow);
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const cell = (value: unknown) => (value === null || value === undefined ? ''
    : typeof value === 'boolean' ? String(value).toUpperCase() : typeof value === 'string' ? value : json(value));
  return csv([columns, ...rows.map((row) => columns.map((column) => cell(row[column])))]);
}

/** How Security Lake writes a record, in version 2 of its source. */
function ocsf(record: TrailRecord): object {
  const { userIdentity: who, requestParameters, additionalEventData, resources } = record as {
    readonly [field: string]: { readonly [name: string]: unknown };
  };
  const session = who.sessionContext as { readonly [name: string]: { readonly [name: string]: unknown } };
  const dotted = (name: string, of: object) =>
    Object.fromEntries(Object.entries(of).map(([field, value]) => [`${name}.${field}`, String(value)]));
  return {
    metadata: { product: { version: record.eventVersion, name: 'CloudTrail', vendor_name: 'AWS', feature: { name: 'Data' } },
      uid: record.eventID, profiles: ['cloud', 'datetime'], version: '1.1.0' },
    time: Date.parse(record.eventTime as string), time_dt: (record.eventTime as string).replace('T', ' ').replace('Z', ''),
    cloud: { region: record.awsRegion, provider: 'AWS' },
    api: { operation: record.eventName, service: { name: record.eventSource }, request: { uid: record.requestID, data: json(requestParameters) } },
    actor: { user: { type: who.type, uid: who.arn, uid_alt: who.principalId, account: { uid: who.accountId }, credential_uid: who.accessKeyId },
      session: { issuer: session.sessionIssuer.arn } },
    http_request: { user_agent: record.userAgent }, src_endpoint: { ip: record.sourceIPAddress },
    resources: (resources as unknown as readonly TrailRecord[]).map(({ ARN, accountId, type }) => ({ uid: ARN, account_uid: accountId, type })),
    class_name: 'API Activity', class_uid: 6003, category_uid: 6, activity_id: 2,
    unmapped: {
      ...dotted('additionalEventData', additionalEventData), 'userIdentity.sessionContext.sourceIdentity': session.sourceIdentity,
      readOnly: String(record.readOnly), managementEvent: String(record.managementEvent), eventType: record.eventType,
      recipientAccountId: record.recipientAccountId,
    },
  };
}

const keptByOcsf = (record: TrailRecord) => {
  const { eventName, eventSource, eventTime, eventID, requestID, requestParameters, sourceIPAddress, userAgent, awsRegion, resources } = record;
  const { bytesTransferredOut, AuthenticationMethod } = record.additionalEventData as { readonly [name: string]: unknown };
  const { type, arn, principalId, accountId, accessKeyId, sessionContext } = record.userIdentity as { readonly [name: string]: unknown };
  const { sourceIdentity, sessionIssuer } = sessionContext as { readonly sourceIdentity: string; readonly sessionIssuer: { readonly arn: string } };
  return {
    eventName, eventSource, eventID, requestID, sourceIPAddress, userAgent, awsRegion, resources, eventTime,
    requestParameters: JSON.parse(json(requestParameters)) as object,
    additionalEventData: { bytesTransferredOut: String(bytesTransferredOut), AuthenticationMethod },
    userIdentity: { type, arn, principalId, accountId, accessKeyId, sessionContext: { sourceIdentity, sessionIssuer: { arn: sessionIssuer.arn } } },
    eventCategory: 'Data', readOnly: 'true',
  };
};

const splunk = (record: TrailRecord) => ({ _time: 'x', _raw: json(record), eventName: record.eventName, 'userIdentity.arn': 'x' });
const elastic = (record: TrailRecord) => ({
  _index: 'logs', _source: { '@timestamp': 'x', event: { action: 'GetObject', original: json(record) }, aws: { cloudtrail: {} } },
});
const eventBridge = (record: TrailRecord) => ({
  version: '0', id: 'x', 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.s3', account: STORE.account, time: 'x', region: 'x', resources: [], detail: record,
});
const lines = (values: readonly unknown[]) => values.map((value) => `${json(value)}\n`).join('');
const utf16be = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
/** An older export, without most types of JSON. */
const withTexts = (record: TrailRecord) => Object.fromEntries(Object.entries(record).map(([name, value]) =>
  [name, typeof value === 'object' && value !== null ? json(value) : value]));

/** Every form of CloudTrail records that the audit reads. */
export const TRAIL_FORMS: readonly LogForm[] = [
  { by: 'CloudTrail', form: 'its files in S3', write: (records) => json({ Records: records }) },
  { form: 'the same, indented, or with other fields around the records', write: (records) => json({ version: [1, { Records: 1 }], Records: records, more: { a: ['}'] } }, undefined, 2) },
  { by: 'any tool', form: '`{"records": […]}`', write: (records) => json({ records }) },
  { form: 'several such documents in one file', write: (records) => records.map((record) => json({ Records: [record] })).join('') },
  { by: 'any tool', form: 'a JSON array', write: (records) => json(records) },
  { by: 'any tool', form: 'JSON lines', write: lines },
  { form: 'JSON lines in UTF-16, as PowerShell writes them', write: (records) => Buffer.from(`\ufeff${lines(records)}`, 'utf16le') },
  { form: 'JSON lines in big-endian UTF-16', write: (records) => utf16be(lines(records)) },
  { form: 'JSON lines with a byte order mark and Windows line ends', write: (records) => `\ufeff${records.map((record) => json(record)).join('\r\n')}` },
  { by: 'any tool', form: 'JSON lines with several records in a line', write: ([first, ...rest]) => `${json(first)}\n${rest.map((record) => json(record)).join('')}\n` },
  { form: 'JSON lines whose objects are JSON text', write: (records) => lines(records.map(withTexts)) },
  { by: 'CloudTrail', form: '`aws cloudtrail lookup-events`', write: (records) => json({ Events: records.map((record) => ({ EventId: record.eventID, EventName: 'x', CloudTrailEvent: json(record) })) }, undefined, 4) },
  { by: 'CloudTrail Lake', form: 'results as CSV, with `eventJson`', write: (records) => csv([['eventTime', 'eventJson'], ...records.map((record) => ['2026', JSON.stringify(record, undefined, 1)])]) },
  { by: 'CloudTrail Lake', form: 'results as JSON, with `eventJson`', write: (records) => json(records.map((record) => ({ eventID: record.eventID, eventJson: json(record) }))) },
  { by: 'CloudTrail Lake', form: '`aws cloudtrail get-query-results`, with `eventJson`', write: (records) => json({ QueryStatus: 'FINISHED', QueryResultRows: records.map((record) => [{ eventTime: 'x' }, { eventJson: json(record) }]) }, undefined, 4) },
  { by: 'EventBridge', form: 'events "AWS API Call via CloudTrail"', write: (records) => lines(records.map(eventBridge)) },
  { by: 'CloudWatch Logs', form: 'exports to S3', write: (records) => records.map((record) => `2026-11-03T09:31:00.123Z ${json(record)}\n`).join('') },
  { by: 'CloudWatch Logs', form: '`aws logs tail`', write: (records) => records.map((record) => `2026-11-03T09:31:00.123000+00:00 stream ${json(record)}\n`).join('') },
  { by: 'CloudWatch Logs', form: '`aws logs filter-log-events`', write: (records) => json({ events: logEvents(records), searchedLogStreams: [] }, undefined, 4) },
  { by: 'CloudWatch Logs', form: 'subscriptions', write: (records) => json(subscription(records)) },
  { by: 'CloudWatch Logs', form: 'subscriptions through Firehose', write: (records) => json(CONTROL_MESSAGE) + json(subscription(records)) },
  { by: 'CloudWatch Logs', form: '`aws logs get-query-results`, with `@message`', write: (records) => json({ results: records.map((record) => [{ field: '@timestamp', value: 'x' }, { field: '@message', value: json(record) }]), statistics: {}, status: 'Complete' }, undefined, 4) },
  { by: 'CloudWatch Logs', form: 'Insights results as CSV, with `@message`', write: (records) => csv([['@timestamp', '@message'], ...records.map((record) => ['x', json(record)])]) },
  { by: 'CloudWatch Logs', form: 'Insights results as JSON, with `@message`', write: (records) => json(records.map((record) => ({ '@timestamp': 'x', '@message': record }))) },
  { by: 'Athena', form: 'rows as JSON (`UNLOAD`)', write: (records) => lines(records.map(athenaRow)) },
  { by: 'Athena', form: 'rows as CSV, with structs as JSON', write: athenaCsv, keeps: (record) => ({ ...record, readOnly: 'true', managementEvent: 'false' }) },
  { by: 'Elastic', form: 'search responses, with `event.original`', write: (records) => json({ took: 1, hits: { total: 3, hits: records.map(elastic) } }) },
  { by: 'Elastic', form: 'documents as JSON lines, with `event.original`', write: (records) => lines(records.map(elastic)) },
  { by: 'Splunk', form: 'results as JSON, with `_raw`', write: (records) => json({ preview: false, results: records.map(splunk) }) },
  { by: 'Splunk', form: 'exports as JSON lines, with `_raw`', write: (records) => lines(records.map((record) => ({ preview: false, offset: 0, result: splunk(record) }))) },
  { by: 'Splunk', form: 'results as CSV, with `_raw`', write: (records) => csv([['_time', '_raw'], ...records.map((record) => ['x', json(record)])]) },
  { by: 'Security Lake', form: 'OCSF as JSON', write: (records) => lines(records.map(ocsf)), keeps: keptByOcsf },
];

/** A request as S3 delivers it to CloudWatch Logs. */
export const VENDED_ACCESS_LOG = {
  schema_version_id: 'V_1_0', bucket_arn: 'arn:aws:s3:::models', bucket_name: 'models', request_time: '2026-11-06T00:00:38.123Z',
  bucket_owner_id: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be', remote_ip: '192.0.2.3', requester: 'arn:aws:sts::111122223333:assumed-role/r/ada',
  request_id: '3E57427F3EXAMPLE', operation: 'REST.GET.OBJECT', key_name: 'models/fraud/a b', request_uri: 'GET /models/fraud/a%20b?x="y" HTTP/1.1', http_status: 200,
  error_code: null, bytes_sent_size: 2662992, object_size: 3462992, total_time: 70, turn_around_time: 10, referer: null, user_agent: 'curl/7.15.1', version_id: null,
};

export const VENDED_AS_LINE = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be models [06/Nov/2026:00:00:38 +0000] 192.0.2.3 '
  + 'arn:aws:sts::111122223333:assumed-role/r/ada 3E57427F3EXAMPLE REST.GET.OBJECT models/fraud/a%20b "GET /models/fraud/a%20b?x=%22y%22 HTTP/1.1" 200 - 2662992 3462992 '
  + '70 10 - "curl/7.15.1" - - - - - - - - - -';

/** Every form of S3 access logs that the audit reads, with a line in that form. */
export const ACCESS_LOG_FORMS: readonly {
  readonly form: string;
  readonly by?: string;
  readonly write: (line: string) => string;
  readonly gives: (line: string) => string;
}[] = [
  { by: 'S3 access logs', form: 'S3\'s files, under any name', write: (line) => `${line}\n`, gives: (line) => line },
  { form: 'S3\'s files whose first line is cut off', write: (line) => `${line.slice(200)}\n${line}\n`, gives: (line) => line },
  { by: 'S3 access logs', form: 'JSON that CloudWatch Logs delivers (vended logs)', write: () => `${json(VENDED_ACCESS_LOG)}\n`, gives: () => VENDED_AS_LINE },
  {
    form: '`aws logs filter-log-events` on such a log group',
    write: () => json({ events: [{ message: json(VENDED_ACCESS_LOG) }] }), gives: () => VENDED_AS_LINE,
  },
];
