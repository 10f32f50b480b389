import { usageFailure } from '../../runtime/failure';

/** Days in UTC, inclusive, as YYYY-MM-DD. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

export const EVERY_DAY: Days = { from: '0000-00-00', to: '9999-99-99' };

const DAY_MILLISECONDS = 86_400_000;

export function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The last valid day. The days around a requested one are also read, and the format ends with the year 9999. */
const LAST_DAY = '9998-12-31';

function problemOf(day: string | undefined): string | undefined {
  if (day === undefined) {
    return undefined;
  }
  return !isDay(day) ? `${JSON.stringify(day)} is not a valid date; use YYYY-MM-DD (UTC)`
    : day > LAST_DAY ? `${day} is too far in the future; omit --to for everything until today` : undefined;
}

export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

/** The days given by `--from` and `--to`. By default, today (UTC) and the 29 days before. */
export function requireDays(options: { readonly from?: string; readonly to?: string }, now: number): Days {
  const problems = (['from', 'to'] as const).flatMap((name) => {
    const message = problemOf(options[name]);
    return message === undefined ? [] : [{ field: `--${name}`, message }];
  });
  if (problems.length > 0) {
    throw usageFailure('invalid dates', problems);
  }
  const to = options.to ?? new Date(now).toISOString().slice(0, 10);
  const from = options.from ?? dayAfter(to, -29);
  if (from > to) {
    const byDefault = options.to === undefined ? ', which defaults to today (UTC)' : '';
    throw usageFailure(`--from ${from} is after --to ${to}${byDefault}`);
  }
  return { from, to };
}
