import { ACCESS_LOG_COLUMNS, EGRESS_EVENT_COLUMNS, TRAIL_EVENT_COLUMNS } from '../../../../src/contract/egress-events';

/** Columns that the queries count or compute. */
const OF_ANSWERS: { readonly [column: string]: string } = {
  principal: 'Who made the request',
  bytes_out: 'Egress of models in bytes, as recorded by the trail; for a copy, the size of the copied data. '
    + 'Excludes reads of unknown size',
  reads: 'Successful requests that read a model or part of one; one pull makes many',
  reads_of_unknown_size: 'Reads without a recorded size; not included in the bytes',
  unchecked_reads: 'Reads in sessions of the store for which the trail lacks the record of who opened the session or '
    + 'invoked the function, so the principal is only what the session claims',
  invocations: 'Number of invocations of functions',
  function_name: 'Name of the function',
  first_invocation: 'Time of the first invocation (UTC)',
  last_invocation: 'Time of the last invocation (UTC)',
  reads_by_link: 'Reads that used a presigned URL of the store',
  requests: 'Requests, whether or not they succeeded',
  uses: 'Requests that used the presigned URL',
  principals: 'Number of principals',
  one_principal: 'One of the principals',
  models: 'Number of models',
  objects: 'Number of objects',
  files: 'Number of distinct files of models',
  addresses: 'Number of addresses',
  one_address: 'One of the addresses',
  one_action: 'One of the operations',
  first_address: 'Source address of the first read',
  first_read: 'Time of the first read (UTC)',
  last_read: 'Time of the last read (UTC)',
  first_request: 'Time of the first request (UTC)',
  last_request: 'Time of the last request (UTC)',
  first_event: 'Time of the first event (UTC)',
  last_event: 'Time of the last event (UTC)',
  first_use: 'Time of the first use (UTC)',
  last_use: 'Time of the last use (UTC)',
  first_denied: 'Time of the first of these denied requests (UTC)',
  last_denied: 'Time of the last of these denied requests (UTC)',
  denied: 'Number of denied requests, consecutive or on one day',
  outside_perimeter: 'Whether the address is outside the perimeter; unknown if the settings define no perimeter',
  to_another_bucket: 'Whether the copy went to another bucket',
  what: 'Kind of request',
  version_id: 'S3 version ID of the object, if the request specified one',
  night_of: 'The day on which the night began, or the day off, in business time',
  median_bytes: 'The principal\'s median bytes per day with reads in the previous 28 days',
  earlier_days: 'Number of days that the median is based on',
  missing_in: 'Which of the two, trail or access logs, lacks the request',
  note: 'Note about the row',
  one_model: 'One of the models',
  models_a_day: 'Number of models on the day with the most',
  median_files: 'The principal\'s median number of files per day with reads in the previous 28 days',
  fullest_week_before: 'Bytes in the busiest of the three previous weeks',
  week_until: 'Last day of the week',
  since: 'First day',
  until: 'Last day',
  opened_by: 'Who opened the session',
  first_opened_by: 'Who opened the first of the sessions that opened each other',
  opened_with: 'Operation that opened the session',
  opened_session_name: 'Name of the session, as requested',
  opened_role_arn: 'Role of the session, as requested',
  first_opened: 'Time when the first of the sessions was opened (UTC)',
  last_opened: 'Time when the last of the sessions was opened (UTC)',
  sessions: 'Number of sessions',
  role_name: 'Role of the session; long names are cut off',
  opened_from: 'Address from which the session was opened',
  opened_at: 'Time when the session was opened (UTC)',
  writes: 'Number of write requests',
  first_write: 'Time of the first write (UTC)',
  last_write: 'Time of the last write (UTC)',
  step: 'What was done with the version',
  asked_from: 'Address that requested the presigned URL; if the URL does not contain it, the address of its first use',
  link_says_so: 'Whether the presigned URL itself contains the address that requested it',
  used_from: 'Address that used the presigned URL',
  trail_records: 'Trail records',
  data_events: 'Trail records about data events, such as object reads',
  object_reads: 'Trail records about requests that read or list objects in the artifact bucket',
  object_writes: 'Trail records about other requests for objects in the artifact bucket',
  requests_to_other_buckets: 'Trail records about requests for objects in buckets that the settings do not name',
  one_other_bucket: 'One of those buckets',
  management_events: 'Trail records about management events, such as configuration changes',
  management_changes: 'Trail records about management events that are not read-only',
  sessions_opened: 'Trail records that contain the credentials of a new session',
  access_log_lines: 'Lines of the S3 access logs',
};

const OF_VIEWS: { readonly [column: string]: string } = Object.fromEntries(
  [...ACCESS_LOG_COLUMNS, ...TRAIL_EVENT_COLUMNS, ...EGRESS_EVENT_COLUMNS]
    .map(({ name, description }) => [name, description]),
);

/** How a principal is named, in words that follow "The principal is". Every table would otherwise repeat it. */
export const PRINCIPAL_DEFINITION = OF_VIEWS.principal.replace(/^The /, 'the ');

/** The meaning of a result column. */
export function definitionOf(column: string): string | undefined {
  return OF_ANSWERS[column] ?? OF_VIEWS[column];
}
