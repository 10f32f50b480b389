/** The form of CloudTrail. Such a time is not changed, even if it does not exist. */
const USUAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;
/** Date, time, fraction and offset, as databases and tools export a time. Without one, it is UTC. */
const DATE_AND_TIME =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9}))?(?: ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?$/i;
/** Seconds, with or without a fraction, milliseconds or microseconds since 1970, for the years 2001 to 2286. */
const SINCE_1970 = /^(\d{10})(\d{3}|\d{6})?(?:\.(\d{1,9}))?$/;

/** A time as CloudTrail writes it, or undefined if it is not a time in a known form. */
export function eventTimeOf(value: unknown): string | undefined {
  if (typeof value === 'string') {
    return USUAL.test(value) ? value : dateAndTime(value.trim()) ?? since1970(value.trim());
  }
  return typeof value === 'number' ? since1970(String(value)) : undefined;
}

function dateAndTime(text: string): string | undefined {
  const [, day, time, fraction, zone = 'Z'] = DATE_AND_TIME.exec(text) ?? [];
  if (day === undefined) {
    return undefined;
  }
  const digits = fraction === undefined ? '' : `.${fraction}`;
  if (/^(?:Z|UTC|GMT|[+-]00(?::?00)?)$/i.test(zone)) {
    return `${day}T${time}${digits}Z`;
  }
  const milliseconds = Date.parse(`${day}T${time}Z`);
  // Date.parse would accept 30 February as 2 March.
  if (Number.isNaN(milliseconds) || !new Date(milliseconds).toISOString().startsWith(`${day}T${time}`)) {
    return undefined;
  }
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone)!;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  const utc = new Date(milliseconds + (sign === '+' ? -offset : offset));
  return `${utc.toISOString().slice(0, 19)}${digits}Z`;
}

function since1970(text: string): string | undefined {
  const [, seconds, more = '', fraction = ''] = SINCE_1970.exec(text) ?? [];
  if (seconds === undefined) {
    return undefined;
  }
  const digits = `${more}${fraction}`.replace(/0+$/, '');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${digits === '' ? '' : `.${digits}`}Z`;
}
