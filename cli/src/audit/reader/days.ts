import { usageFailure } from '../../runtime/failure';

/** Days in UTC, both included, as YYYY-MM-DD. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

const DAY_MILLISECONDS = 86_400_000;

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Days around the one that is asked for are read too, and after the year 9999 there is none that is written in ten characters. */
const LAST_DAY = '9998-12-31';

function problemOf(day: string | undefined): string | undefined {
  if (day === undefined) {
    return undefined;
  }
  return !isDay(day) ? `${JSON.stringify(day)} is no day; write it as 2026-11-30 (UTC)`
    : day > LAST_DAY ? `${day} is later than any log can be; leave --to out for all there is until today` : undefined;
}

export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

/** What was given for `--from` and `--to`; today, in UTC, and the 29 days before if nothing was. */
export function requireDays(options: { readonly from?: string; readonly to?: string }, now: number): Days {
  const problems = (['from', 'to'] as const).flatMap((name) => {
    const message = problemOf(options[name]);
    return message === undefined ? [] : [{ field: `--${name}`, message }];
  });
  if (problems.length > 0) {
    throw usageFailure('the days cannot be read', problems);
  }
  const to = options.to ?? new Date(now).toISOString().slice(0, 10);
  const from = options.from ?? dayAfter(to, -29);
  if (from > to) {
    throw usageFailure(`--from ${from} is after --to ${to}${options.to === undefined ? ', which is today (UTC) unless you say otherwise' : ''}`);
  }
  return { from, to };
}

/**
 * The day that a log's key says: `…/2026/11/30/…` as CloudTrail and date-partitioned access logs have it, or a name that
 * begins with `2026-11-30-` as that of other access logs. Undefined for anything else.
 */
export function dayOfKey(key: string): string | undefined {
  const folders = /(?:^|\/)(\d{4})\/(\d{2})\/(\d{2})(?:\/|$)/.exec(key);
  const day = folders ? `${folders[1]}-${folders[2]}-${folders[3]}` : /(?:^|[^\d])(\d{4}-\d{2}-\d{2})-\d{2}-\d{2}-\d{2}-[^/]*$/.exec(key)?.[1];
  return day !== undefined && isDay(day) ? day : undefined;
}
