import { type Check, most, NO_MANAGEMENT_EVENTS, principals, reads, top, USUAL } from './check';
import { bytes, count, countWhere, digits, distinct, duration, nameOf, sum } from './figures';
import { noCallers, noHistory } from './not-checked';

/** Checks for unusual behavior, which may have a legitimate reason. */
export const UNUSUAL_CHECKS: readonly Check[] = [
  {
    query: 'repeated-denials',
    severity: 'medium',
    sentence: (found, known) => {
      const { cell, by } = top(found, 'denied', known);
      const limit = Number(known.settings.row.repeated_denials);
      return `${principals(found, known)} had at least ${count(limit, 'request')} denied in a row, or on at least ${
        count(limit, 'model')} in one day; most: ${count(BigInt(cell('denied') ?? 0), 'request')}${by}`;
    },
  },
  {
    query: 'unnamed-sessions',
    severity: 'medium',
    sentence: (found) => {
      const opened = countWhere(found, 'opened_by', (cell) => cell !== null);
      return `${count(found.rows.length, 'session')} of ${count(distinct(found, 'role_name'), 'role')} accessed models `
        + `under a generated name: ${reads(found)}; the trail shows who opened ${digits(opened)} of them`;
    },
    caveat: ({ managementEvents }) => (managementEvents === 0
      ? `${NO_MANAGEMENT_EVENTS}, so who opened a session is unknown.` : undefined),
  },
  {
    query: 'misnamed-sessions',
    severity: 'medium',
    unknown: noCallers,
    sentence: (found, known) => `${principals(found, known)} opened ${count(sum(found, 'sessions'), 'session')} under ${
      count(distinct(found, 'opened_session_name'), 'other name')}`,
    caveat: () => 'Sessions that an AWS service or an identity provider opened were not checked.',
  },
  {
    query: 'two-places',
    severity: 'medium',
    sentence: (found, known) => `${principals(found, known)} made requests from two places within ten minutes, ${
      count(sum(found, 'times'), 'time')}`,
    caveat: () => 'Roles that read directly from S3 were not checked, because their jobs run in several places.',
  },
  {
    query: 'object-enumeration',
    severity: 'medium',
    sentence: (found, known) => {
      const { cell, by } = top(found, 'objects', known);
      return `${principals(found, known)} listed or examined objects that they did not download; most: ${
        count(BigInt(cell('objects') ?? 0), 'object')}${by} on ${nameOf(cell('event_day'))}`;
    },
  },
  {
    query: 'off-hours-bulk-egress',
    severity: 'medium',
    sentence: (found, known) => {
      const { cell, by } = top(found, 'bytes_out', known);
      return `${principals(found, known)} downloaded at least ${bytes(known.settings.row.bulk_egress_bytes)} in one `
        + `night or on one day off; largest: ${bytes(cell('bytes_out'))}${by} on ${nameOf(cell('night_of'))}`;
    },
  },
  {
    query: 'volume-anomalies',
    severity: 'medium',
    sentence: (found, known) => {
      const { cell, by } = top(found, 'bytes_out', known);
      return `${principals(found, known)} downloaded more than ${known.settings.row.median_factor} times as much as `
        + `usual on ${count(found.rows.length, 'day')}; largest: ${bytes(cell('bytes_out'))}${by} on ${
          nameOf(cell('event_day'))}`;
    },
    caveat: () => `${USUAL}. Principals with fewer than 3 such days were not checked.`,
  },
  {
    query: 'file-count-anomalies',
    severity: 'medium',
    sentence: (found, known) => {
      const { cell, by } = top(found, 'files', known);
      return `${principals(found, known)} downloaded more than ${known.settings.row.median_factor} times as many files `
        + `as usual on ${count(found.rows.length, 'day')}; largest: ${count(BigInt(cell('files') ?? 0), 'file')}${by} `
        + `on ${nameOf(cell('event_day'))}`;
    },
    caveat: () => `${USUAL}. For principals without such days, it is 0 files.`,
  },
  {
    query: 'weekly-volume-anomalies',
    severity: 'medium',
    sentence: (found, known) => `${principals(found, known)} downloaded more than ${
      known.settings.row.week_factor} times as much in a week as in any of the three weeks before: ${
      bytes(sum(found, 'bytes_out'))}${most(found, known)}`,
  },
  {
    query: 'new-networks',
    severity: 'medium',
    unknown: noHistory,
    sentence: (found, known) => `${principals(found, known)} downloaded models from new networks outside the `
      + `perimeter: ${reads(found)}${most(found, known)}`,
  },
  {
    query: 'many-new-models',
    severity: 'medium',
    unknown: noHistory,
    sentence: (found, known) => {
      const { cell, by } = top(found, 'models', known);
      return `${principals(found, known)} downloaded at least ${
        count(Number(known.settings.row.many_new_models), 'model')} for the first time within 28 days; most: ${
        count(BigInt(cell('models') ?? 0), 'model')}${by}, ${nameOf(cell('since'))} to ${nameOf(cell('until'))}`;
    },
  },
  {
    query: 'reused-presigned-urls',
    severity: 'medium',
    sentence: (found, known) => `${count(found.rows.length, 'presigned URL')} of ${
      principals(found, known)} ${found.rows.length === 1 ? 'was' : 'were'} used by several `
      + `clients, or to download a file more than once: ${bytes(sum(found, 'bytes_out'))}${most(found, known)}`,
    caveat: ({ accessLogLines }) => (accessLogLines === 0
      ? 'Without S3 access logs, the sizes of files are unknown, so only different clients were checked.' : undefined),
  },
  {
    query: 'unusual-user-agents',
    severity: 'notice',
    severityOf: (found) => (countWhere(found, 'tool', (cell) => cell !== null) > 0 ? 'medium' : 'notice'),
    sentence: (found, known) => {
      const tools = countWhere(found, 'tool', (cell) => cell !== null);
      return `${principals(found, known)} used a client that is new to them or a tool that is often used to copy or `
        + 'steal data'
        + `${tools > 0 ? ` (${count(tools, 'tool')})` : ''}: ${bytes(sum(found, 'bytes_out'))}${most(found, known)}`;
    },
    caveat: () => 'Callers choose their user agents.',
  },
  {
    query: 'long-lived-presigned-urls',
    severity: 'medium',
    sentence: (found, known) => {
      const { cell } = top(found, 'link_lifetime_seconds', known);
      const lifetime = duration(Number(cell('link_lifetime_seconds') ?? 0));
      return `${count(found.rows.length, 'presigned URL')} of ${principals(found, known)} ${
        found.rows.length === 1 ? 'was' : 'were'} valid for longer than the store allows, and used ${
        count(sum(found, 'uses'), 'time')}: ${bytes(sum(found, 'bytes_out'))}; longest: ${lifetime}`;
    },
  },
  {
    query: 'unused-presigned-urls',
    severity: 'notice',
    sentence: (found, known) => `${principals(found, known)} requested presigned URLs for ${
      count(distinct(found, 'model'), 'model')} and used none of them, ${count(sum(found, 'sessions'), 'time')}`,
    caveat: () => 'Each time is a page of URLs: the trail does not record them one by one.',
  },
  {
    query: 'alias-moves',
    severity: 'notice',
    sentence: (found, known) => `${count(found.rows.length, 'unusual move')} of ${
      count(distinct(found, 'alias'), 'alias', 'aliases')} by ${principals(found, known)}`,
  },
  {
    query: 'first-time-readers',
    severity: 'notice',
    sentence: (found, known) => `${principals(found, known)} downloaded models for the first time: ${
      reads(found)}${most(found, known)}`,
    caveat: ({ principals: all, firstDay }, found) => (found.rows.length > 0 && found.rows.length === all
      ? `Every principal is new here: check that the logs that were read go back before ${firstDay}.` : undefined),
  },
];
