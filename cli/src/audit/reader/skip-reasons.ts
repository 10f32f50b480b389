/**
 * What of the logs is not counted: a whole file, a record or line of it, or a record that was read and then left out,
 * such as a duplicate. A note is about something counted.
 */
type Scope = 'file' | 'record' | 'left out' | 'note';

/** A form that is refused, and how to get the same in one that is read. */
export interface Refusal {
  readonly form: string;
  readonly instead: string;
}

type Skipped = readonly [scope: Scope, one: string, several: string, refusal?: Refusal];

/** A file in a format that is refused. */
function refused(one: string, several: string, instead: string, form = capitalized(several)): Skipped {
  return [
    'file', `file is ${one} and was not read: ${instead}`, `files are ${several} and were not read: ${instead}`,
    { form, instead },
  ];
}

/** A file that is compressed with something other than gzip. */
function compressed(tool: string, instead: string): Skipped {
  const text = `compressed with ${tool}`;
  return refused(text, text, instead, `Files ${text}`);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A record in a form that is refused. */
function unread(one: string, several: string, form: string, instead: string): Skipped {
  return [
    'record', `${one} and was not counted: ${instead}`, `${several} and were not counted: ${instead}`,
    { form, instead },
  ];
}

const UNLOAD = 'in Athena, use UNLOAD (SELECT …) TO \'s3://…\' WITH (format = \'JSON\')';

/** Formats that are refused because their files are not text. */
export const REFUSED_FILES = {
  zip: refused('a zip archive', 'zip archives', 'run "unzip FILE"'),
  tar: refused('a tar archive', 'tar archives', 'run "tar xf FILE"'),
  bzip2: compressed('bzip2', 'run "bunzip2 FILE"'),
  xz: compressed('xz', 'run "unxz FILE"'),
  zstd: compressed('zstd', 'run "unzstd FILE"'),
  '7z': refused('a 7z archive', '7z archives', 'run "7z x FILE"'),
  parquet: refused('a Parquet file', 'Parquet files',
    'convert each with duckdb -c "COPY (FROM \'FILE\') TO \'FILE.json\'"'),
  orc: refused('an ORC file', 'ORC files', UNLOAD),
  avro: refused('an Avro file', 'Avro files', UNLOAD),
} as const;

const WHOLE_RECORD =
  'export the whole record (_raw in Splunk, event.original in Elastic, @message in CloudWatch Logs)';

/** Why part of the logs is missing from the results or counted differently: for one item, and for several. */
export const SKIP_REASONS = {
  ...REFUSED_FILES,
  unreadable: ['file', 'file could not be read', 'files could not be read'],
  'unknown format': [
    'file', 'file is in a format that this command does not read',
    'files are in formats that this command does not read',
  ],
  'event history': refused('a CSV file from the CloudTrail console (which lacks most fields)',
    'CSV files from the CloudTrail console (which lack most fields)', 'choose "Download as JSON"'),
  'csv columns': refused('a CSV file without the column eventTime or userIdentity',
    'CSV files without the column eventTime or userIdentity', 'select both, or eventJson in CloudTrail Lake'),
  truncated: [
    'note', 'file is truncated (its gzip stream ends early); records before the end were counted',
    'files are truncated (their gzip streams end early); records before the end were counted',
  ],
  damaged: [
    'note', 'file is damaged; records before the damage were counted',
    'files are damaged; records before the damage were counted',
  ],
  'after the end': [
    'note', 'file has bytes after the end of its gzip stream, which were not read',
    'files have bytes after the end of their gzip streams, which were not read',
  ],
  'no json': ['record', 'record is not valid JSON', 'records are not valid JSON'],
  'cut off': [
    'record', 'record is cut off at the end of its file', 'records are cut off at the end of their files',
  ],
  'too large': [
    'record', 'record or line is larger than 4 MiB, which is more than AWS writes, and was not counted',
    'records or lines are larger than 4 MiB, which is more than AWS writes, and were not counted',
  ],
  'no record': [
    'record', 'JSON value is not a CloudTrail record', 'JSON values are not CloudTrail records',
  ],
  'no access log': [
    'record', 'line of the access logs could not be parsed and was not counted',
    'lines of the access logs could not be parsed and were not counted',
  ],
  aggregated: [
    'record', 'aggregated CloudTrail event summarizes requests and is not a record of one; it was not counted',
    'aggregated CloudTrail events summarize requests and are not records of any; they were not counted',
  ],
  insight: [
    'record', 'CloudTrail Insights event is not a record of a request; it was not counted',
    'CloudTrail Insights events are not records of requests; they were not counted',
  ],
  digest: [
    'record', 'digest or signature file has no records; "model-store audit verify-trail" checks digest files',
    'digest or signature files have no records; "model-store audit verify-trail" checks digest files',
  ],
  'other event': [
    'record', 'EventBridge or S3 event is not a CloudTrail record',
    'EventBridge or S3 events are not CloudTrail records',
  ],
  'other source': [
    'record', 'OCSF event is not from CloudTrail', 'OCSF events are not from CloudTrail',
  ],
  'no message': unread('row of CloudWatch Logs Insights has no @message',
    'rows of CloudWatch Logs Insights have no @message', 'Rows of CloudWatch Logs Insights without `@message`',
    'add "fields @message" to the query'),
  'field by field': unread('record is exported field by field', 'records are exported field by field',
    'Records exported field by field, such as `userIdentity.arn`', WHOLE_RECORD),
  'struct text': unread('row has a struct as text that is not JSON', 'rows have structs as text that is not JSON',
    'Rows of Athena and CloudTrail Lake with structs as text, such as `{type=AssumedRole, …}`',
    'in Athena, select json_format(CAST(useridentity AS json)) AS useridentity, and so on for each struct, map or'
    + ' array; in CloudTrail Lake, select eventJson'),
  'lower case': unread('row has request parameters in lower case', 'rows have request parameters in lower case',
    'Rows whose request parameters have lower-case names',
    'in Athena, use a table whose column requestparameters is a string'),
  'vended fields': unread('access log record of CloudWatch Logs lacks a field',
    'access log records of CloudWatch Logs lack fields', 'Access log records of CloudWatch Logs without all fields',
    'export the whole @message'),
  'no event time': [
    'note', 'record has no usable eventTime and was counted under the day in its file path',
    'records have no usable eventTime and were counted under the day in their file path',
  ],
  'no day': [
    'left out', 'record has no usable eventTime and no day in its file path, and was not counted',
    'records have no usable eventTime and no day in their file path, and were not counted',
  ],
  'other delivery day': [
    'note', 'record is in a file delivered before it or more than two days after it, and was counted under its own day',
    'records are in files delivered before them or more than two days after them, and were counted under their own day',
  ],
  'field text': [
    'note', 'record has a field as text that is not JSON; the content of the field is unknown',
    'records have fields as text that is not JSON; the content of the fields is unknown',
  ],
  'odd byte count': [
    'note', 'record has an invalid byte count; its bytes are counted as unknown',
    'records have an invalid byte count; their bytes are counted as unknown',
  ],
  'other day': [
    'left out', 'record is for a day that was not requested, and was not counted',
    'records are for days that were not requested, and were not counted',
  ],
  'delivered again': [
    'left out', 'duplicate record (same eventID and content) was ignored; each record is counted once',
    'duplicate records (same eventID and content) were ignored; each record is counted once',
  ],
  'recorded twice': [
    'left out', 'record from another account about the same request (same sharedEventID or requestID) was ignored',
    'records from other accounts about the same requests (same sharedEventID or requestID) were ignored',
  ],
  replaced: [
    'left out', 'record was ignored because a CloudTrail addendum replaces it',
    'records were ignored because CloudTrail addenda replace them',
  ],
} as const satisfies { readonly [reason: string]: Skipped };

export type SkipReason = keyof typeof SKIP_REASONS;

export function scopeOf(reason: SkipReason): Scope {
  return SKIP_REASONS[reason][0];
}

/** All forms that are refused, with what to do instead. */
export function refusals(): Refusal[] {
  const reasons: readonly Skipped[] = Object.values(SKIP_REASONS);
  return reasons.flatMap(([, , , refusal]) => (refusal ? [refusal] : []));
}

/** The reason in words that follow the count. */
export function skippedText(reason: SkipReason, count: number): string {
  return SKIP_REASONS[reason][count === 1 ? 1 : 2];
}

/** Reasons that leave out nothing that an audit needs, or only count it differently. */
const HARMLESS: ReadonlySet<SkipReason> = new Set<SkipReason>([
  'unknown format', 'no record', 'aggregated', 'insight', 'digest', 'other event', 'other source',
  'no event time', 'other delivery day', 'odd byte count', 'other day', 'delivered again', 'recorded twice', 'replaced',
]);

/** Whether evidence may be missing from the results for this reason. */
export function losesEvidence(reason: SkipReason): boolean {
  return !HARMLESS.has(reason);
}
