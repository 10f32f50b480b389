import { type Check, done, most, NO_MANAGEMENT_EVENTS, outcomes, principals, reads } from './check';
import { bytes, count, countWhere, digits, distinct, sum, where } from './figures';
import {
  NO_ACCESS_LOGS, noApi, noArtifactBucket, noAuditors, noCanaries, noDirectRoles, noHistory, noPerimeter,
  type NotChecked,
} from './not-checked';
import { queryInWords } from './query-words';
import type { QueryResult } from '../database/query-result';

/** Requests that cannot be compared, because access logs are missing, share one row with a note. */
const comparable = (answer: QueryResult) => where(answer, 'note', (note) => note === null);

const missingIn = (found: QueryResult, place: 'trail' | 'access logs') =>
  where(found, 'missing_in', (cell) => cell === place);

/** As the trail and as the access logs name it. */
const DOWNLOAD = /^(?:GetObject|REST\.GET\.OBJECT)$/;

function missing(found: QueryResult, place: 'trail' | 'access logs'): string | undefined {
  const those = missingIn(found, place);
  if (those.rows.length === 0) {
    return undefined;
  }
  const downloads = countWhere(those, 'action', (cell) => DOWNLOAD.test(String(cell)));
  const what = downloads === those.rows.length ? 'download' : 'request';
  const size = sum(those, 'bytes_out');
  return `${count(those.rows.length, `${what} is`, `${what}s are`)} missing from the ${place}`
    + (size > 0n ? `: ${bytes(size)}` : '');
}

function withoutAccessLogs(answer: QueryResult): string | undefined {
  const noted = where(answer, 'note', (note) => note !== null);
  return noted.rows.length === 0 ? undefined
    : `Access logs are missing or incomplete for ${count(noted.rows.length, 'day')}, so ${
      count(sum(noted, 'requests'), 'request')} cannot be compared`;
}

function notComparable(answer: QueryResult): NotChecked | undefined {
  const reason = comparable(answer).rows.length === 0 ? withoutAccessLogs(answer) : undefined;
  return reason === undefined ? undefined : {
    reason, remedy: { text: 'Run the report again when S3 has delivered the access logs for these days' },
  };
}

/** Checks for theft and for covering it up. The ones that cast doubt on all others come first. */
export const GRAVE_CHECKS: readonly Check[] = [
  {
    query: 'reconciliation',
    severity: 'high',
    // CloudTrail does not lose records. S3 writes access logs hours later, on a best-effort basis.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html#LogDeliveryBestEffort
    severityOf: (found) => (missingIn(found, 'trail').rows.length > 0 ? 'high' : 'notice'),
    unknown: (known, answer) => (known.accessLogLines === 0 ? NO_ACCESS_LOGS : notComparable(answer)),
    rows: comparable,
    sentence: (found) => [missing(found, 'trail'), missing(found, 'access logs')].flatMap((part) => part ?? [])
      .join('; '),
    caveat: (known, answer) => {
      const days = withoutAccessLogs(answer);
      const isUnknown = comparable(answer).rows.length === 0 || known.accessLogLines === 0;
      return days === undefined || isUnknown ? undefined : `${days}.`;
    },
  },
  {
    query: 'conflicting-records',
    severity: 'high',
    sentence: (found) => `${count(found.rows.length, 'trail record')} share ${
      count(distinct(found, 'event_id'), 'event ID')} but have different content`,
  },
  {
    query: 'contradicting-logs',
    severity: 'high',
    unknown: ({ accessLogLines }) => (accessLogLines === 0 ? NO_ACCESS_LOGS : undefined),
    sentence: (found) => `The trail and the access logs disagree on ${count(found.rows.length, 'request')}`,
  },
  {
    query: 'direct-invocations',
    severity: 'high',
    unknown: noApi,
    sentence: (found, known) => `${principals(found, known)} ${done(found, 'invoked', 'invoke')} ${
      count(distinct(found, 'function_name'), 'function')} of the store ${
      count(sum(found, 'invocations'), 'time')}, bypassing the API: ${outcomes(found)}`,
  },
  {
    query: 'canary-reads',
    severity: 'high',
    unknown: noCanaries,
    sentence: (found, known) => `${principals(found, known)} requested files of ${
      count(distinct(found, 'model'), 'canary model')}, `
      + `which no one has a reason to read: ${outcomes(found)}`,
  },
  {
    query: 'direct-reads',
    severity: 'high',
    sentence: (found, known) =>
      `${principals(found, known)} read models directly from S3: ${reads(found)}${most(found, known)}`,
    caveat: ({ settings: { row } }) => (row.session_role_arns === undefined || row.session_role_arns === null
      ? 'Judged by source identity alone: the settings do not name the store\'s session roles (session_role_arns).'
      : undefined),
  },
  {
    query: 'egress-outside-perimeter',
    severity: 'high',
    unknown: noPerimeter,
    sentence: (found, known) => `${principals(found, known)} downloaded models from outside the perimeter: ${
      reads(found)}, from ${count(distinct(found, 'source_ip'), 'address', 'addresses')}${most(found, known)}`,
  },
  {
    query: 'copies-to-other-buckets',
    severity: 'high',
    sentence: (found, known) => {
      const unknown = countWhere(found, 'bytes_out', (cell) => cell === null);
      const elsewhere = countWhere(found, 'to_another_bucket', (cell) => cell === true);
      const copies = found.rows.length;
      const some = elsewhere === 0 ? 'not' : `${digits(elsewhere)} of them`;
      const which = elsewhere < copies ? `${some} ` : copies === 1 ? '' : 'all ';
      return `${principals(found, known)} copied model files in ${count(copies, 'request')}, ${which}into `
        + `another bucket: ${bytes(sum(found, 'bytes_out'))}${
          unknown > 0 ? `, and ${count(unknown, 'request')} of unknown size` : ''}`;
    },
  },
  {
    query: 'replication-changes',
    severity: 'high',
    sentence: (found, known) => `${principals(found, known)} ${
      done(found, 'changed', 'change')} the replication of the store's buckets: ${outcomes(found)}`,
  },
  {
    query: 'paths-out',
    severity: 'high',
    unknown: noArtifactBucket,
    sentence: (found, known) => `${principals(found, known)} made ${count(found.rows.length, 'request')}, to ${
      count(distinct(found, 'event_source'), 'service')}, that could copy models or let others read them: ${
      outcomes(found)}`,
  },
  {
    query: 'read-then-delete',
    severity: 'high',
    sentence: (found, known) => `${principals(found, known)} downloaded ${bytes(sum(found, 'bytes_out'))} and made ${
      count(sum(found, 'deletions'), 'deletion request')} within a day`,
  },
  {
    query: 'deletions',
    severity: 'high',
    sentence: (found, known) => {
      const bypasses = countWhere(found, 'what', (cell) => cell === 'retention bypassed');
      const what = done(found, 'deleted models or evidence, or changed', 'delete models or evidence, or to change');
      return `${principals(found, known)} ${what} their retention: ${outcomes(found)}`
        + (bypasses > 0 ? `; ${count(bypasses, 'request')} to bypass retention` : '');
    },
    caveat: ({ managementEvents }) => (managementEvents === 0
      ? `${NO_MANAGEMENT_EVENTS}, so changes to bucket lifecycle, versioning and Object Lock were not checked.`
      : undefined),
  },
  {
    query: 'presigned-url-from-other-address',
    severity: 'high',
    sentence: (found, known) => `Presigned URLs requested by ${principals(found, known)} were used ${
      count(sum(found, 'uses'), 'time')} from ${
      count(distinct(found, 'used_from'), 'other address', 'other addresses')}: ${
      bytes(sum(found, 'bytes_out'))}${most(found, known)}`,
  },
  {
    query: 'unexpected-role-assumption',
    severity: 'high',
    sentence: (found, known) => `${count(distinct(found, 'opened_by'), 'principal')} opened sessions that only the `
      + `store or an AWS service should open: ${reads(found)}, attributed to ${principals(found, known)}`,
    caveat: ({ managementEvents }) => (managementEvents === 0
      ? `${NO_MANAGEMENT_EVENTS}, so who opened a session is unknown.` : undefined),
  },
  {
    query: 'auditor-model-reads',
    severity: 'high',
    unknown: noAuditors,
    sentence: (found, known) => `${principals(found, known)} downloaded files from ${
      count(distinct(found, 'model'), 'model')}: ${reads(found)}${most(found, known)}`,
    caveat: () => 'Auditors may read logs, manifests and signatures. These reads are in the result of '
      + `${queryInWords('auditor-reads')}.`,
  },
  {
    query: 'evidence-reads',
    severity: 'high',
    sentence: (found, known) =>
      `${principals(found, known)} read the log archive: ${reads(found)}${most(found, known)}`,
    caveat: ({ settings }) => (settings.row.auditor_role_arns ? undefined
      : 'Includes auditors, because the settings name no auditor roles (auditor_role_arns).'),
  },
  {
    query: 'direct-writes',
    severity: 'high',
    sentence: (found, known) => `${principals(found, known)} bypassed the store to write to ${
      count(distinct(found, 'object_key'), 'model object')}: ${
      count(sum(found, 'writes'), 'write')}`,
  },
  {
    query: 'unsigned-versions',
    severity: 'high',
    sentence: (found, known) => `${principals(found, known)} published ${count(found.rows.length, 'version')} of ${
      count(distinct(found, 'model'), 'model')} without a signature`,
  },
  {
    query: 'protection-changes',
    severity: 'high',
    sentence: (found, known) => `${principals(found, known)} ${
      done(found, 'changed', 'change')} the protection of models or evidence: ${outcomes(found)}`,
  },
  {
    query: 'bulk-egress-by-new-principals',
    severity: 'high',
    unknown: noHistory,
    sentence: (found, known) => `${principals(found, known)} downloaded at least ${
      bytes(known.settings.row.bulk_egress_bytes)} each in their first three days: ${reads(found)}${
      most(found, known)}`,
  },
  {
    query: 'direct-role-elsewhere',
    severity: 'high',
    unknown: noDirectRoles,
    sentence: (found, known) => `${
      count(distinct(found, 'role_arn'), 'role was', 'roles were')} used from a network that is new to the role, `
      + `or from two networks in one session: ${reads(found)}${most(found, known)}`,
  },
];
