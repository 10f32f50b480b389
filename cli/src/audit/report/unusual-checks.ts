import { type Check, most, NO_MANAGEMENT_EVENTS, noHistory, noTrail, principals, reads, USUAL } from './check';
import { bytes, count, countWhere, distinct, largest, nameOf, sum } from './figures';

/** What is not usual, and may have its reasons. */
export const UNUSUAL_CHECKS: readonly Check[] = [
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
    question: 'unnamed-sessions',
    severity: 'medium',
    unknown: noTrail,
    sentence: (found) => `${count(found.rows.length, 'session')} of ${count(distinct(found, 'role_name'), 'role')} used models under a name that a program made up: `
      + `${reads(found)}; who opened them is known of ${countWhere(found, 'opened_by', (cell) => cell !== null).toLocaleString('en-US')}`,
    caveat: ({ managementEvents }) => (managementEvents === 0 ? `${NO_MANAGEMENT_EVENTS}: who opened a session would not be seen.` : undefined),
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
    caveat: () => `${USUAL}; of who has fewer than 3 such days nothing is said.`,
  },
  {
    question: 'files-against-median',
    severity: 'medium',
    unknown: noTrail,
    sentence: (found, { settings }) => {
      const top = largest(found, 'files');
      return `${count(found.rows.length, 'day')} of ${principals(found)} with more than ${settings.row.median_factor} times the files that are usual for them; `
        + `the most: ${count(BigInt(top('files') ?? 0), 'file')} by ${nameOf(top('principal'))}, ${nameOf(top('event_day'))}`;
    },
    caveat: () => `${USUAL}; to who has none, no file is usual.`,
  },
  {
    question: 'slow-drip',
    severity: 'medium',
    unknown: noTrail,
    sentence: (found, { settings }) => `${principals(found)} took more than ${settings.row.week_factor} times as much in a week as in any of the three weeks before: ${
      bytes(sum(found, 'bytes_out'))}${most(found)}`,
  },
  {
    question: 'new-networks',
    severity: 'medium',
    unknown: noHistory,
    sentence: (found) => `${principals(found)} read models from networks that nobody had read from before: ${reads(found)}${most(found)}`,
  },
  {
    question: 'new-models',
    severity: 'medium',
    unknown: noHistory,
    sentence: (found, { settings }) => {
      const top = largest(found, 'models');
      return `${principals(found)} read at least ${count(Number(settings.row.new_models), 'model')} within 28 days that were new to them; `
        + `the most: ${count(BigInt(top('models') ?? 0), 'model')} by ${nameOf(top('principal'))}, from ${nameOf(top('since'))} to ${nameOf(top('until'))}`;
    },
  },
  {
    question: 'long-links',
    severity: 'medium',
    unknown: noTrail,
    sentence: (found) => {
      const top = largest(found, 'link_lifetime_seconds');
      return `${count(found.rows.length, 'link')} of ${principals(found)} signed for longer than the store signs its own, used ${count(sum(found, 'uses'), 'time')}: ${
        bytes(sum(found, 'bytes_out'))}; the longest for ${count(BigInt(top('link_lifetime_seconds') ?? 0), 'second')}`;
    },
  },
  {
    question: 'first-seen',
    severity: 'notice',
    unknown: noTrail,
    sentence: (found) => `${principals(found)} read models for the first time: ${reads(found)}${most(found)}`,
    caveat: ({ principals: all, firstDay }, found) => (found.rows.length > 0 && found.rows.length === all
      ? `These are all who read models in these days: do the logs that were read go back to before ${firstDay}?` : undefined),
  },
];
