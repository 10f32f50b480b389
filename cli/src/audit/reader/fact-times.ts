import { isDay } from './days';

const EVENT_TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?Z$/;
const SIGNED_AT = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;
const DAY_MILLISECONDS = 86_400_000;
const MICROSECONDS = 1_000_000;

/** Microseconds since 1970, or undefined for an invalid time. */
export function microsecondsOf(time: string): number | undefined {
  const match = EVENT_TIME.exec(time);
  if (!match) {
    return undefined;
  }
  const [, day, hours, minutes, seconds, fraction] = match;
  return microseconds(day, hours, minutes, seconds, fraction);
}

/** The time in a presigned URL, `20261130T093000Z`, in microseconds since 1970, or undefined if it is invalid. */
export function signedAtOf(value: unknown): number | undefined {
  const match = typeof value === 'string' ? SIGNED_AT.exec(value) : null;
  if (!match) {
    return undefined;
  }
  const [, year, month, day, hours, minutes, seconds] = match;
  return microseconds(`${year}-${month}-${day}`, hours, minutes, seconds);
}

/** Days since 1970. A day that does not exist counts as one of the next month, as in the path of a file. */
export function dayNumber(day: string): number {
  return existingDay(day) ?? startOf(day);
}

/** Parsing a day is slow, and many records have the same one. */
const existingDays = new Map<string, number | undefined>();
const MOST_REMEMBERED_DAYS = 1000;

function existingDay(day: string): number | undefined {
  if (!existingDays.has(day)) {
    if (existingDays.size === MOST_REMEMBERED_DAYS) {
      existingDays.clear();
    }
    existingDays.set(day, isDay(day) ? startOf(day) : undefined);
  }
  return existingDays.get(day);
}

const startOf = (day: string) => Date.parse(`${day}T00:00:00Z`) / DAY_MILLISECONDS;

function microseconds(
  day: string, hours: string, minutes: string, seconds: string, fraction?: string,
): number | undefined {
  const days = existingDay(day);
  const hour = Number(hours);
  const minute = Number(minutes);
  const second = Number(seconds);
  if (days === undefined || hour > 23 || minute > 59 || second > 59) {
    return undefined;
  }
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * MICROSECONDS
    + (fraction === undefined ? 0 : Number(fraction.slice(0, 6).padEnd(6, '0')));
}
