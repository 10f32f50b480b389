const EVENT_TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?Z$/;
const SIGNED_AT = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;
const DAY_MILLISECONDS = 86_400_000;

/** Microseconds since 1970, or undefined for an invalid time. */
export function microsecondsOf(time: string): number | undefined {
  const [, seconds, fraction = ''] = EVENT_TIME.exec(time) ?? [];
  const milliseconds = seconds === undefined ? NaN : Date.parse(`${seconds}Z`);
  // Date.parse would accept 30 February as 2 March.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 19) !== seconds) {
    return undefined;
  }
  return milliseconds * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

/** The time in a presigned URL, `20261130T093000Z`, in microseconds since 1970, or undefined if it is invalid. */
export function signedAtOf(value: unknown): number | undefined {
  return typeof value === 'string' && SIGNED_AT.test(value)
    ? microsecondsOf(value.replace(SIGNED_AT, '$1-$2-$3T$4:$5:$6Z')) : undefined;
}

/** Days since 1970. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MILLISECONDS;
}
