import type { Answer } from '../engine';
import { bytes, count, countWhere, distinct, largest, nameOf, sum, where } from './figures';
import type { AuditSettings } from '../settings';

/** How soon somebody should look at what was found. */
export type Severity = 'high' | 'medium' | 'notice';

/** What is known besides the answer to the question itself. */
export interface Circumstances {
  readonly settings: AuditSettings;
  readonly trailRecords: number;
  readonly accessLogLines: number;
  /** Undefined if it was not asked. */
  readonly managementEvents?: number;
  readonly principals?: number;
  /** How many of the principals were seen for the first time; undefined if it was not asked. */
  readonly newPrincipals?: number;
  readonly firstDay: string;
}

/** A named query whose every row is worth a look. */
export interface Check {
  readonly question: string;
  readonly severity: Severity;
  /** Where not all that may be found weighs the same. */
  readonly severityOf?: (found: Answer) => Severity;
  /** Why the answer, whatever it is, says nothing. */
  readonly unknown?: (circumstances: Circumstances, answer: Answer) => string | undefined;
  /** Which rows are worth a look; all of them by default. */
  readonly rows?: (answer: Answer) => Answer;
  /** What was found, in one sentence, of at least one row; by default how many rows, of whom, and how many bytes. */
  readonly sentence?: (found: Answer, circumstances: Circumstances) => string;
  /** What limits the answer. */
  readonly caveat?: (circumstances: Circumstances, answer: Answer) => string | undefined;
}

const principals = (answer: Answer) => count(distinct(answer, 'principal'), 'principal');
const reads = (answer: Answer) => `${bytes(sum(answer, 'bytes_out'))} in ${count(sum(answer, 'reads'), 'read')}`;

function most(answer: Answer): string {
  const top = largest(answer, 'bytes_out');
  return answer.rows.length === 1 ? '' : `; the most by ${nameOf(top('principal'))}, ${bytes(top('bytes_out'))}`;
}

/** For questions whose rows speak for themselves. */
export function plainSentence(found: Answer): string {
  const has = (name: string) => found.columns.some((each) => each.name === name);
  return [
    `${count(found.rows.length, 'row')}${has('principal') ? `, of ${principals(found)}` : ''}`,
    ...(has('bytes_out') ? [`: ${bytes(sum(found, 'bytes_out'))}`] : []),
    ...(has('bytes_out') && has('principal') ? [most(found)] : []),
  ].join('');
}

const noTrail = ({ trailRecords }: Circumstances) => (trailRecords === 0 ? 'No record of a trail was read' : undefined);

const NO_MANAGEMENT_EVENTS = 'The trail holds no management events of these days';
const WITHOUT_MANAGEMENT_EVENTS = `${NO_MANAGEMENT_EVENTS}, and it is these that would tell`;

const noAuditors = (known: Circumstances) => noTrail(known) ?? (known.settings.row.auditor_role_arns ? undefined
  : 'The settings name no roles of auditors (auditor_role_arns)');

/** What is new is only known where something is old. */
const noHistory = (known: Circumstances) => noTrail(known) ?? (known.newPrincipals !== undefined && known.newPrincipals > 0
  && known.newPrincipals === known.principals
  ? `Nobody who read in these days had read before ${known.firstDay} in the logs that were read, so nothing can be told from what is usual` : undefined);

/** Days without access logs are one row each, with a note. */
const comparable = (answer: Answer) => where(answer, 'note', (note) => note === null);

const missing = (found: Answer, place: string) => countWhere(found, 'missing_in', (cell) => cell === place);

function withoutAccessLogs(answer: Answer): string | undefined {
  const noted = where(answer, 'note', (note) => note !== null);
  return noted.rows.length === 0 ? undefined
    : `${count(noted.rows.length, 'day has', 'days have')} no access logs, and ${count(sum(noted, 'requests'), 'request')} cannot be compared`;
}

/** High ones first, and among equals what puts all else in doubt. */
export const CHECKS: readonly Check[] = [
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
  { question: 'borrowed-sessions', severity: 'high', unknown: noTrail },
  {
    question: 'auditors-and-models',
    severity: 'high',
    unknown: noAuditors,
    sentence: (found) => `${count(distinct(found, 'principal'), 'auditor')} took files of ${count(distinct(found, 'model'), 'model')}: ${reads(found)}${most(found)}`,
    caveat: () => 'Logs, manifests and signatures are theirs to read: see auditor-reads.',
  },
  { question: 'writes-outside-sessions', severity: 'high', unknown: noTrail },
  { question: 'unsigned-versions', severity: 'high', unknown: noTrail },
  {
    question: 'protection-changes',
    severity: 'high',
    unknown: (known) => noTrail(known) ?? (known.managementEvents === 0 ? WITHOUT_MANAGEMENT_EVENTS : undefined),
    sentence: (found) => `${count(found.rows.length, 'change')} of what protects models and evidence, by ${principals(found)}; ${outcomes(found)}`,
  },
  { question: 'newcomers-bulk', severity: 'high', unknown: noHistory },
  {
    question: 'denied-in-a-row',
    severity: 'medium',
    unknown: noTrail,
    sentence: (found, { settings }) => {
      const top = largest(found, 'denied');
      return `${principals(found)} denied at least ${count(Number(settings.row.denied_in_a_row), 'time')} in a row; the longest series: `
        + `${count(BigInt(top('denied') ?? 0), 'request')} of ${nameOf(top('principal'))}`;
    },
  },
  {
    question: 'off-hours-bulk',
    severity: 'medium',
    unknown: noTrail,
    sentence: (found, { settings }) => {
      const top = largest(found, 'bytes_out');
      return `${principals(found)} took at least ${bytes(settings.row.bulk_bytes)} in one night or on one day off; the most: `
        + `${bytes(top('bytes_out'))} by ${nameOf(top('principal'))}, ${nameOf(top('night_of'))}`;
    },
  },
  {
    question: 'volume-against-median',
    severity: 'medium',
    unknown: noTrail,
    sentence: (found, { settings }) => {
      const top = largest(found, 'bytes_out');
      return `${count(found.rows.length, 'day')} of ${principals(found)} above ${settings.row.median_factor} times what is usual for them; the most: `
        + `${bytes(top('bytes_out'))} by ${nameOf(top('principal'))}, ${nameOf(top('event_day'))}`;
    },
    caveat: () => 'Usual is the median of a principal\'s own last 28 days with reads; of who has fewer than 3 such days nothing is said.',
  },
  { question: 'files-against-median', severity: 'medium', unknown: noTrail },
  { question: 'slow-drip', severity: 'medium', unknown: noTrail },
  { question: 'new-networks', severity: 'medium', unknown: noHistory },
  { question: 'new-models', severity: 'medium', unknown: noHistory },
  { question: 'long-links', severity: 'medium', unknown: noTrail },
  {
    question: 'first-seen',
    severity: 'notice',
    unknown: noTrail,
    sentence: (found) => `${principals(found)} read models for the first time: ${reads(found)}${most(found)}`,
    caveat: ({ principals: all, firstDay }, found) => (found.rows.length > 0 && found.rows.length === all
      ? `These are all who read models in these days: do the logs that were read go back to before ${firstDay}?` : undefined),
  },
];

function hasPerimeter({ settings }: Circumstances): boolean {
  return settings.networks.length > 0 || Boolean(settings.row.perimeter_vpc_endpoints);
}

/** How many succeeded and how many did not. */
function outcomes(answer: Answer): string {
  const total = (result: string) => countWhere(answer, 'result', (cell) => cell === result);
  const [succeeded, denied] = [total('ok'), total('denied')];
  const failed = answer.rows.length - succeeded - denied;
  return [
    `${succeeded.toLocaleString('en-US')} succeeded`, `${denied.toLocaleString('en-US')} denied`,
    ...(failed > 0 ? [`${failed.toLocaleString('en-US')} failed`] : []),
  ].join(', ');
}

/** Questions that tell what happened, not whether something is amiss. */
export const REFERENCES: readonly string[] = [
  'auditor-reads', 'custody', 'egress-by-day', 'egress-by-model', 'egress-by-network', 'egress-by-principal', 'evidence-by-day',
];
