import {
  type Check, most, NO_MANAGEMENT_EVENTS, noHistory, principals, reads, USUAL,
} from './check';
import { bytes, count, countWhere, digits, distinct, largest, nameOf, sum } from './figures';

/** Checks for unusual behavior, which may have a legitimate reason. */
export const UNUSUAL_CHECKS: readonly Check[] = [
  {
    query: 'repeated-denials',
    severity: 'medium',
    sentence: (found, { settings }) => {
      const top = largest(found, 'denied');
      const limit = Number(settings.row.repeated_denials);
      return `${principals(found)} denied at least ${count(limit, 'time')} in a row, or on at least ${
        count(limit, 'model')} in one day; most: ${count(BigInt(top('denied') ?? 0), 'request')} by ${
        nameOf(top('principal'))}`;
    },
  },
  {
    query: 'unnamed-sessions',
    severity: 'medium',
    sentence: (found) => {
      const known = countWhere(found, 'opened_by', (cell) => cell !== null);
      return `${count(found.rows.length, 'session')} of ${count(distinct(found, 'role_name'), 'role')} `
        + `used models under a generated name: ${reads(found)}; who opened the session is known for ${digits(known)}`;
    },
    caveat: ({ managementEvents }) => (managementEvents === 0
      ? `${NO_MANAGEMENT_EVENTS}, so who opened a session is unknown.` : undefined),
  },
  {
    query: 'misnamed-sessions',
    severity: 'medium',
    unknown: ({ settings }) => (settings.row.caller_role_arns ? undefined
      : 'The settings do not name the roles that call the API (caller_role_arns)'),
    sentence: (found) => `${count(sum(found, 'sessions'), 'session')} opened by ${principals(found)} under ${
      count(distinct(found, 'opened_session_name'), 'other name')}`,
    caveat: () => 'Sessions that an AWS service or an identity provider opened were not checked.',
  },
  {
    query: 'two-places',
    severity: 'medium',
    sentence: (found) => `${principals(found)} made requests from two places within ten minutes, ${
      count(sum(found, 'times'), 'time')}`,
    caveat: () => 'Roles that read directly from S3 were not checked, because their jobs run in several places.',
  },
  {
    query: 'object-enumeration',
    severity: 'medium',
    sentence: (found) => {
      const top = largest(found, 'objects');
      return `${principals(found)} listed or examined objects that they did not download; most: ${
        count(BigInt(top('objects') ?? 0), 'object')} by ${nameOf(top('principal'))} on ${nameOf(top('event_day'))}`;
    },
  },
  {
    query: 'off-hours-bulk-egress',
    severity: 'medium',
    sentence: (found, { settings }) => {
      const top = largest(found, 'bytes_out');
      return `${principals(found)} read at least ${
        bytes(settings.row.bulk_egress_bytes)} in one night or on one day off; largest: ${bytes(top('bytes_out'))} by `
        + `${nameOf(top('principal'))} on ${nameOf(top('night_of'))}`;
    },
  },
  {
    query: 'volume-anomalies',
    severity: 'medium',
    sentence: (found, { settings }) => {
      const top = largest(found, 'bytes_out');
      return `${count(found.rows.length, 'day')} of ${principals(found)} above ${
        settings.row.median_factor} times their baseline; largest: ${
        bytes(top('bytes_out'))} by ${nameOf(top('principal'))} on ${nameOf(top('event_day'))}`;
    },
    caveat: () => `${USUAL}. Principals with fewer than 3 such days were not checked.`,
  },
  {
    query: 'file-count-anomalies',
    severity: 'medium',
    sentence: (found, { settings }) => {
      const top = largest(found, 'files');
      return `${count(found.rows.length, 'day')} of ${principals(found)} with more than ${
        settings.row.median_factor} times their baseline of files; largest: ${
        count(BigInt(top('files') ?? 0), 'file')} by ${nameOf(top('principal'))} on ${nameOf(top('event_day'))}`;
    },
    caveat: () => `${USUAL}. For principals without such days, it is 0 files.`,
  },
  {
    query: 'weekly-volume-anomalies',
    severity: 'medium',
    sentence: (found, { settings }) => `${principals(found)} read more than ${settings.row.week_factor} times as much `
      + `in a week as in any of the three previous weeks: ${bytes(sum(found, 'bytes_out'))}${most(found)}`,
  },
  {
    query: 'new-networks',
    severity: 'medium',
    unknown: noHistory,
    sentence: (found) =>
      `${principals(found)} read models from networks that were never used before: ${reads(found)}${most(found)}`,
  },
  {
    query: 'many-new-models',
    severity: 'medium',
    unknown: noHistory,
    sentence: (found, { settings }) => {
      const top = largest(found, 'models');
      return `${principals(found)} read at least ${count(Number(settings.row.many_new_models), 'model')} within 28 `
        + `days that they had never read before; most: ${count(BigInt(top('models') ?? 0), 'model')} by ${
          nameOf(top('principal'))}, ${nameOf(top('since'))} to ${nameOf(top('until'))}`;
    },
  },
  {
    query: 'reused-presigned-urls',
    severity: 'medium',
    sentence: (found) => `${count(found.rows.length, 'presigned URL')} of ${principals(found)} used by several `
      + `clients, or to download a file more than once: ${bytes(sum(found, 'bytes_out'))}${most(found)}`,
    caveat: ({ accessLogLines }) => (accessLogLines === 0
      ? 'Without S3 access logs, the sizes of files are unknown, so only different clients were checked.' : undefined),
  },
  {
    query: 'unusual-user-agents',
    severity: 'notice',
    severityOf: (found) => (countWhere(found, 'tool', (cell) => cell !== null) > 0 ? 'medium' : 'notice'),
    sentence: (found) => {
      const tools = countWhere(found, 'tool', (cell) => cell !== null);
      return `${principals(found)} used a client that is new to them or a tool that is often used to copy or steal data`
        + `${tools > 0 ? ` (${count(tools, 'tool')})` : ''}: ${bytes(sum(found, 'bytes_out'))}${most(found)}`;
    },
    caveat: () => 'Callers choose their user agents.',
  },
  {
    query: 'long-lived-presigned-urls',
    severity: 'medium',
    sentence: (found) => {
      const top = largest(found, 'link_lifetime_seconds');
      return `${count(found.rows.length, 'presigned URL')} of ${principals(found)} valid for longer than `
        + `the store allows, used ${count(sum(found, 'uses'), 'time')}: ${bytes(sum(found, 'bytes_out'))}; longest: ${
          count(BigInt(top('link_lifetime_seconds') ?? 0), 'second')}`;
    },
  },
  {
    query: 'unused-presigned-urls',
    severity: 'notice',
    sentence: (found) => `${principals(found)} requested presigned URLs for ${
      count(distinct(found, 'model'), 'model')} and used none of them, ${count(sum(found, 'sessions'), 'time')}`,
    caveat: () => 'Each time is a page of URLs: the trail does not record them one by one.',
  },
  {
    query: 'alias-moves',
    severity: 'notice',
    sentence: (found) => `${count(found.rows.length, 'move')} of ${
      count(distinct(found, 'alias'), 'alias', 'aliases')} by ${principals(found)}`,
  },
  {
    query: 'first-time-readers',
    severity: 'notice',
    sentence: (found) => `${principals(found)} read models for the first time: ${reads(found)}${most(found)}`,
    caveat: ({ principals: all, firstDay }, found) => (found.rows.length > 0 && found.rows.length === all
      ? `Every principal is new here: check that the logs that were read go back before ${firstDay}.` : undefined),
  },
];
