import { isIPv4, isIPv6 } from 'node:net';
import type { Bar, Series } from './charts';
import { column, exact, nameOf } from './figures';
import { SERIES_INKS } from './ink';
import { distinctLabels } from './people';
import { cidrOf, networkOf as keysOf } from '../database/networks';
import type { QueryResult, Cell } from '../database/query-result';
import type { AuditSettings } from '../database/settings';
import { type Days, dayAfter } from '../reader/days';

export interface BytesOverTime {
  /** The period that one bar represents. */
  readonly step: 'day' | 'week' | 'month';
  /** The first day of each period, as YYYY-MM-DD, or the month, as YYYY-MM. */
  readonly steps: readonly string[];
  /** The principals with the most bytes first; all others combined at the end. */
  readonly series: readonly (Series & { readonly total: number })[];
}

const MOST_DAYS = 62;
const MOST_WEEKS = 60;

/** Long periods are grouped by week or month, because bars thinner than a line are unreadable. */
function stepOf({ from, to }: Days): { readonly step: BytesOverTime['step']; readonly of: (day: string) => string } {
  const days = (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000 + 1;
  if (days <= MOST_DAYS) {
    return { step: 'day', of: (day) => day };
  }
  const monday = (day: string) => dayAfter(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
  return days <= MOST_WEEKS * 7 ? { step: 'week', of: monday } : { step: 'month', of: (day) => day.slice(0, 7) };
}

export function bytesOverTime(byDay: QueryResult, days: Days, settings: AuditSettings): BytesOverTime {
  const { step, of } = stepOf(days);
  const steps: string[] = [];
  for (let day = days.from; day <= days.to; day = dayAfter(day)) {
    if (steps.at(-1) !== of(day)) {
      steps.push(of(day));
    }
  }
  const places = new Map(steps.map((name, index) => [name, index]));
  const byPrincipal = new Map<string, number[]>();
  const [eventDays, principals, bytes] = ['event_day', 'principal', 'bytes_out'].map((name) => column(byDay, name));
  eventDays.forEach((day, index) => {
    const place = places.get(of(String(day)));
    const principal = nameOf(principals[index]);
    const values = byPrincipal.get(principal) ?? steps.map(() => 0);
    byPrincipal.set(principal, values);
    if (place !== undefined) {
      values[place] += Number(exact(bytes[index]));
    }
  });
  const total = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  const ranked = [...byPrincipal].map(([name, values]) => ({ name, values, total: total(values) }))
    .sort((a, b) => b.total - a.total);
  const rest = ranked.slice(SERIES_INKS.length);
  const names = distinctLabels(ranked.map(({ name }) => name), settings);
  const others = steps.map((_, index) => rest.reduce((all, { values }) => all + values[index], 0));
  return {
    step,
    steps,
    series: [
      ...ranked.slice(0, SERIES_INKS.length).map((each, index) => (
        { ...each, name: names[index], ink: SERIES_INKS[index] }
      )),
      ...(rest.length === 0 ? [] : [{
        name: rest.length === 1 ? '1 other' : `${rest.length} others`,
        ink: 'others' as const, values: others, total: total(others),
      }]),
    ],
  };
}

const MOST_BARS = 12;

export interface NamedBars {
  readonly bars: readonly Bar[];
  /** Items without a bar. They get no combined bar, because it would dwarf the others. */
  readonly others: { readonly count: number; readonly value: number };
}

function largestBars(bars: readonly Bar[]): NamedBars {
  const ranked = [...bars].sort((a, b) => b.value - a.value);
  const rest = ranked.slice(MOST_BARS);
  const value = rest.reduce((all, each) => all + each.value, 0);
  return { bars: ranked.slice(0, MOST_BARS), others: { count: rest.length, value } };
}

/** Merges bars with the same name and color and adds up their values. */
function added(parts: readonly Bar[]): Bar[] {
  const bars = new Map<string, Bar>();
  for (const { name, ink, value } of parts) {
    const key = `${ink} ${name}`;
    bars.set(key, { name, ink, value: value + (bars.get(key)?.value ?? 0) });
  }
  return [...bars.values()];
}

export function bytesByModel(byModel: QueryResult): NamedBars {
  const bytes = column(byModel, 'bytes_out');
  return largestBars(added(column(byModel, 'model').map((model, index) => (
    { name: nameOf(model), ink: 'plain', value: Number(exact(bytes[index])) }
  ))));
}

export function bytesByNetwork(byNetwork: QueryResult): NamedBars {
  const [addresses, endpoints, outside, bytes] = ['source_ip', 'vpc_endpoint', 'outside_perimeter', 'bytes_out']
    .map((name) => column(byNetwork, name));
  return largestBars(added(addresses.map((address, index) => ({
    name: endpoints[index] === null ? networkOf(nameOf(address)) : nameOf(endpoints[index]),
    ink: placeInk(outside[index]),
    value: Number(exact(bytes[index])),
  }))));
}

/** The network of an address: people and machines get different addresses in it from day to day. */
function networkOf(address: string): string {
  if (isIPv4(address)) {
    return address.replace(/\d+$/, '0/24');
  }
  const keys = isIPv6(address) ? keysOf(`${address}/48`) : undefined;
  return keys === undefined ? address : cidrOf(keys.first_key, keys.last_key);
}

function placeInk(outside: Cell): Bar['ink'] {
  return outside === null ? 'plain' : outside ? 'outside' : 'inside';
}
