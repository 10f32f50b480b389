import {
  type Check, type Circumstances, most, NO_MANAGEMENT_EVENTS, noAuditors, noHistory, noTrail, outcomes, principals, reads, WITHOUT_MANAGEMENT_EVENTS,
} from './check';
import { bytes, count, countWhere, distinct, sum, where } from './figures';
import type { Answer } from '../database/engine';

/** Days without access logs are one row each, with a note. */
const comparable = (answer: Answer) => where(answer, 'note', (note) => note === null);

const missing = (found: Answer, place: string) => countWhere(found, 'missing_in', (cell) => cell === place);

function withoutAccessLogs(answer: Answer): string | undefined {
  const noted = where(answer, 'note', (note) => note !== null);
  return noted.rows.length === 0 ? undefined
    : `${count(noted.rows.length, 'day has', 'days have')} no access logs, and ${count(sum(noted, 'requests'), 'request')} cannot be compared`;
}

function hasPerimeter({ settings }: Circumstances): boolean {
  return settings.networks.length > 0 || Boolean(settings.row.perimeter_vpc_endpoints);
}

/** What may be a theft, or may hide one. What puts all else in doubt is first. */
export const GRAVE_CHECKS: readonly Check[] = [
  {
    question: 'reconciliation',
    severity: 'high',
    // A trail loses nothing by itself. S3 writes access logs hours later, and does not promise every line.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html#LogDeliveryBestEffort
    severityOf: (found) => (missing(found, 'trail') > 0 ? 'high' : 'notice'),
    unknown: (known, answer) => noTrail(known) ?? (known.accessLogLines === 0
      ? 'No S3 access logs were read, so nothing but the trail itself says that the trail is whole'
      : comparable(answer).rows.length === 0 ? withoutAccessLogs(answer) : undefined),
    rows: comparable,
    sentence: (found) => [
      missing(found, 'trail') > 0 ? `${count(missing(found, 'trail'), 'request')} of the access logs not in the trail` : '',
      missing(found, 'access logs') > 0 ? `${count(missing(found, 'access logs'), 'request')} of the trail not in the access logs, which may be late or lost` : '',
    ].filter((part) => part !== '').join(', '),
    caveat: (known, answer) => {
      const days = withoutAccessLogs(answer);
      return days === undefined || comparable(answer).rows.length === 0 || known.accessLogLines === 0 ? undefined : `${days}.`;
    },
  },
  {
    question: 'outside-sessions',
    severity: 'high',
    unknown: noTrail,
    sentence: (found) => `${principals(found)} read models with credentials other than those of the store's sessions: ${reads(found)}${most(found)}`,
    caveat: ({ settings }) => (settings.row.session_role_arns === undefined || settings.row.session_role_arns === null
      ? 'Judged by source identities alone, because the settings do not name the store\'s session roles (session_role_arns).' : undefined),
  },
  {
    question: 'outside-perimeter',
    severity: 'high',
    unknown: (known) => noTrail(known) ?? (hasPerimeter(known) ? undefined
      : 'The settings name no perimeter (perimeter_networks, perimeter_vpc_endpoints), so no address is inside or outside of it'),
    sentence: (found) => `${principals(found)} read models from outside of the perimeter: ${reads(found)}, from `
      + `${count(distinct(found, 'source_ip'), 'address', 'addresses')}${most(found)}`,
  },
  {
    question: 'copies-out',
    severity: 'high',
    unknown: noTrail,
    sentence: (found) => {
      const unknown = countWhere(found, 'bytes_out', (cell) => cell === null);
      const elsewhere = countWhere(found, 'to_another_bucket', (cell) => cell === true);
      return `${count(found.rows.length, 'copy', 'copies')} by ${principals(found)}, ${elsewhere.toLocaleString('en-US')} to another bucket: `
        + `${bytes(sum(found, 'bytes_out'))}${unknown > 0 ? `, and ${count(unknown, 'copy', 'copies')} of unknown size` : ''}`;
    },
  },
  {
    question: 'replication-changes',
    severity: 'high',
    unknown: (known) => noTrail(known) ?? (known.managementEvents === 0 ? WITHOUT_MANAGEMENT_EVENTS : undefined),
    sentence: (found) => `${count(found.rows.length, 'change')} of where buckets are replicated to, by ${principals(found)}; ${outcomes(found)}`,
  },
  {
    question: 'deletions',
    severity: 'high',
    unknown: noTrail,
    sentence: (found) => {
      const bypasses = countWhere(found, 'what', (cell) => cell === 'retention bypassed');
      return `${count(found.rows.length, 'request')} by ${principals(found)} to delete, to arrange deletion or to change a lock; ${outcomes(found)}`
        + (bypasses > 0 ? `; ${count(bypasses, 'request')} to bypass retention` : '');
    },
    caveat: ({ managementEvents }) => (managementEvents === 0
      ? `${NO_MANAGEMENT_EVENTS}: changes of lifecycle, versioning and locks of whole buckets would not be seen.` : undefined),
  },
  {
    question: 'links-from-elsewhere',
    severity: 'high',
    unknown: noTrail,
    sentence: (found) => `${count(sum(found, 'uses'), 'use')} of links of ${principals(found)} from another address than they were asked from: `
      + `${bytes(sum(found, 'bytes_out'))}, to ${count(distinct(found, 'used_from'), 'address', 'addresses')}${most(found)}`,
  },
  {
    question: 'borrowed-sessions',
    severity: 'high',
    unknown: noTrail,
    sentence: (found) => `${count(distinct(found, 'opened_by'), 'principal')} opened sessions that the store or a service should have opened, and took ${
      reads(found)}, in the name of ${count(distinct(found, 'principal'), 'principal')}${most(found)}`,
    caveat: ({ managementEvents }) => (managementEvents === 0 ? `${NO_MANAGEMENT_EVENTS}: who opened a session would not be seen.` : undefined),
  },
  {
    question: 'auditors-and-models',
    severity: 'high',
    unknown: noAuditors,
    sentence: (found) => `${count(distinct(found, 'principal'), 'auditor')} took files of ${count(distinct(found, 'model'), 'model')}: ${reads(found)}${most(found)}`,
    caveat: () => 'Logs, manifests and signatures are theirs to read: see auditor-reads.',
  },
  {
    question: 'writes-outside-sessions',
    severity: 'high',
    unknown: noTrail,
    sentence: (found) => `${count(sum(found, 'writes'), 'write')} into ${count(distinct(found, 'object_key'), 'object')} of models by ${
      principals(found)} without a session of the store`,
  },
  {
    question: 'unsigned-versions',
    severity: 'high',
    unknown: noTrail,
    sentence: (found) => `${count(found.rows.length, 'version')} of ${count(distinct(found, 'model'), 'model')} published without a signature, by ${principals(found)}`,
  },
  {
    question: 'protection-changes',
    severity: 'high',
    unknown: (known) => noTrail(known) ?? (known.managementEvents === 0 ? WITHOUT_MANAGEMENT_EVENTS : undefined),
    sentence: (found) => `${count(found.rows.length, 'change')} of what protects models and evidence, by ${principals(found)}; ${outcomes(found)}`,
  },
  {
    question: 'newcomers-bulk',
    severity: 'high',
    unknown: noHistory,
    sentence: (found, { settings }) => `${principals(found)} took at least ${bytes(settings.row.bulk_bytes)} in their first days of reading: ${reads(found)}${most(found)}`,
  },
];
