import {
  type Check, type Circumstances, most, NO_MANAGEMENT_EVENTS, noAuditors, noHistory, outcomes, principals,
  reads,
} from './check';
import { NO_ACCESS_LOGS } from './coverage';
import { bytes, count, countWhere, digits, distinct, sum, where } from './figures';
import type { QueryResult } from '../database/query-result';

/** Requests that cannot be compared, because access logs are missing, share one row with a note. */
const comparable = (answer: QueryResult) => where(answer, 'note', (note) => note === null);

const missing = (found: QueryResult, place: string) => countWhere(found, 'missing_in', (cell) => cell === place);

function withoutAccessLogs(answer: QueryResult): string | undefined {
  const noted = where(answer, 'note', (note) => note !== null);
  return noted.rows.length === 0 ? undefined
    : `Access logs are missing or incomplete for ${count(noted.rows.length, 'day')}, so ${
      count(sum(noted, 'requests'), 'request')} cannot be compared`;
}

function hasPerimeter({ settings }: Circumstances): boolean {
  return settings.networks.length > 0 || Boolean(settings.row.perimeter_vpc_endpoints);
}

function hasCanaries({ settings }: Circumstances): boolean {
  return Boolean(settings.row.canary_models);
}

/** Checks for theft and for covering it up. The ones that cast doubt on all others come first. */
export const GRAVE_CHECKS: readonly Check[] = [
  {
    query: 'reconciliation',
    severity: 'high',
    // CloudTrail does not lose records. S3 writes access logs hours later, on a best-effort basis.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html#LogDeliveryBestEffort
    severityOf: (found) => (missing(found, 'trail') > 0 ? 'high' : 'notice'),
    unknown: (known, answer) => (known.accessLogLines === 0
      ? NO_ACCESS_LOGS
      : comparable(answer).rows.length === 0 ? withoutAccessLogs(answer) : undefined),
    rows: comparable,
    sentence: (found) => {
      const requests = (place: string) => count(missing(found, place), 'request is', 'requests are');
      return [
        missing(found, 'trail') > 0 ? `${requests('trail')} in the access logs but not in the trail` : '',
        missing(found, 'access logs') > 0
          ? `${requests('access logs')} in the trail but not in the access logs, which can be late or incomplete` : '',
      ].filter((part) => part !== '').join('; ');
    },
    caveat: (known, answer) => {
      const days = withoutAccessLogs(answer);
      const isUnknown = comparable(answer).rows.length === 0 || known.accessLogLines === 0;
      return days === undefined || isUnknown ? undefined : `${days}.`;
    },
  },
  {
    query: 'direct-invocations',
    severity: 'high',
    unknown: ({ settings }) => (settings.row.invoking_service === 'none'
      ? 'Functions are invoked directly, because the settings name no API (invoking_service is "none")' : undefined),
    sentence: (found) => `${count(sum(found, 'invocations'), 'invocation')} of ${
      count(distinct(found, 'function_name'), 'function')} by ${principals(found)} without the API, in the name of `
      + `any caller; ${outcomes(found)}`,
  },
  {
    query: 'canary-reads',
    severity: 'high',
    unknown: (known) => (hasCanaries(known) ? undefined : 'The settings name no canary models (canary_models)'),
    sentence: (found) => `${principals(found)} requested files of ${count(distinct(found, 'model'), 'canary model')}, `
      + `which no one has a reason to read; ${outcomes(found)}`,
  },
  {
    query: 'direct-reads',
    severity: 'high',
    sentence: (found) =>
      `${principals(found)} read models without a session of the store: ${reads(found)}${most(found)}`,
    caveat: ({ settings }) => (settings.row.session_role_arns === undefined || settings.row.session_role_arns === null
      ? 'Judged by source identity alone: the settings do not name the store\'s session roles (session_role_arns).'
      : undefined),
  },
  {
    query: 'egress-outside-perimeter',
    severity: 'high',
    unknown: (known) => (hasPerimeter(known) ? undefined
      : 'The settings define no perimeter (perimeter_networks, perimeter_vpc_endpoints)'),
    sentence: (found) => `${principals(found)} read models from outside the perimeter: ${reads(found)}, from `
      + `${count(distinct(found, 'source_ip'), 'address', 'addresses')}${most(found)}`,
  },
  {
    query: 'copies-to-other-buckets',
    severity: 'high',
    sentence: (found) => {
      const unknown = countWhere(found, 'bytes_out', (cell) => cell === null);
      const elsewhere = countWhere(found, 'to_another_bucket', (cell) => cell === true);
      const copies = (number: number) => count(number, 'copy', 'copies');
      return `${copies(found.rows.length)} by ${principals(found)}, ${digits(elsewhere)} to another bucket: `
        + `${bytes(sum(found, 'bytes_out'))}${unknown > 0 ? `, and ${copies(unknown)} of unknown size` : ''}`;
    },
  },
  {
    query: 'replication-changes',
    severity: 'high',
    sentence: (found) =>
      `${count(found.rows.length, 'change')} to bucket replication by ${principals(found)}; ${outcomes(found)}`,
  },
  {
    query: 'paths-out',
    severity: 'high',
    unknown: ({ settings }) => (settings.row.artifact_bucket ? undefined
      : 'The settings do not name the artifact bucket (artifact_bucket)'),
    sentence: (found) => `${count(found.rows.length, 'request')} by ${principals(found)} to ${
      count(distinct(found, 'event_source'), 'service')} that could copy models or let others read them; ${
      outcomes(found)}`,
  },
  {
    query: 'read-then-delete',
    severity: 'high',
    sentence: (found) => `${principals(found)} downloaded ${bytes(sum(found, 'bytes_out'))} and made ${
      count(sum(found, 'deletions'), 'request')} to delete within a day`,
  },
  {
    query: 'deletions',
    severity: 'high',
    sentence: (found) => {
      const bypasses = countWhere(found, 'what', (cell) => cell === 'retention bypassed');
      return `${count(found.rows.length, 'request')} by ${principals(found)} to delete, schedule deletion or change `
        + `Object Lock; ${outcomes(found)}`
        + (bypasses > 0 ? `; ${count(bypasses, 'request')} to bypass retention` : '');
    },
    caveat: ({ managementEvents }) => (managementEvents === 0
      ? `${NO_MANAGEMENT_EVENTS}, so changes to bucket lifecycle, versioning and Object Lock were not checked.`
      : undefined),
  },
  {
    query: 'presigned-url-from-other-address',
    severity: 'high',
    sentence: (found) => `Presigned URLs of ${principals(found)} were used ${count(sum(found, 'uses'), 'time')} `
      + 'from an address other than the one that requested them: '
      + `${bytes(sum(found, 'bytes_out'))}, to ${
        count(distinct(found, 'used_from'), 'address', 'addresses')}${most(found)}`,
  },
  {
    query: 'unexpected-role-assumption',
    severity: 'high',
    sentence: (found) => `${count(distinct(found, 'opened_by'), 'principal')} opened sessions that only the store or a `
      + `service should open, and read ${reads(found)} in the name of ${principals(found)}${most(found)}`,
    caveat: ({ managementEvents }) => (managementEvents === 0
      ? `${NO_MANAGEMENT_EVENTS}, so who opened a session is unknown.` : undefined),
  },
  {
    query: 'auditor-model-reads',
    severity: 'high',
    unknown: noAuditors,
    sentence: (found) => `${count(distinct(found, 'principal'), 'auditor')} read files of ${
      count(distinct(found, 'model'), 'model')}: ${reads(found)}${most(found)}`,
    caveat: () => 'Auditors may read logs, manifests and signatures; auditor-reads lists those reads.',
  },
  {
    query: 'evidence-reads',
    severity: 'high',
    sentence: (found) => `${principals(found)} read the log archive: ${reads(found)}${most(found)}`,
    caveat: ({ settings }) => (settings.row.auditor_role_arns ? undefined
      : 'Includes auditors, because the settings name no auditor roles (auditor_role_arns).'),
  },
  {
    query: 'direct-writes',
    severity: 'high',
    sentence: (found) => `${count(sum(found, 'writes'), 'write')} to ${
      count(distinct(found, 'object_key'), 'model object')} by ${principals(found)} without a session of the store`,
  },
  {
    query: 'unsigned-versions',
    severity: 'high',
    sentence: (found) => `${count(found.rows.length, 'version')} of ${
      count(distinct(found, 'model'), 'model')} published without a signature by ${principals(found)}`,
  },
  {
    query: 'protection-changes',
    severity: 'high',
    sentence: (found) => `${count(found.rows.length, 'change')} to the protection of models and evidence by ${
      principals(found)}; ${outcomes(found)}`,
  },
  {
    query: 'bulk-egress-by-new-principals',
    severity: 'high',
    unknown: noHistory,
    sentence: (found, { settings }) => `${principals(found)} read at least ${
      bytes(settings.row.bulk_egress_bytes)} in their first days of reading: ${reads(found)}${most(found)}`,
  },
  {
    query: 'direct-role-elsewhere',
    severity: 'high',
    unknown: ({ settings }) => (settings.row.direct_role_arns ? undefined
      : 'The settings name no roles that read directly from S3 (direct_role_arns)'),
    sentence: (found) => `${count(distinct(found, 'role_arn'), 'role')} used from a network that is new for the role, `
      + `or in one session from two networks: ${reads(found)}${most(found)}`,
  },
];
