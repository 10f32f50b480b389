import { EgressCounts } from './support';
import { MonthOfEvidence, SETTINGS_FILE } from '../../support/audit/month-of-evidence';
import { honestMonth } from '../../support/audit/planted-month';
import { SCENARIOS } from '../../support/audit/scenarios';
import { contributorsOf } from '../../support/contributor-insights';

const HOUR = 3_600_000;
const FIVE_MINUTES = 300_000;
const BYTES_AN_HOUR = 50 * 1024 ** 3;

/** Public addresses for the private ones in the month, as only requests through a VPC endpoint have private ones. */
const PUBLIC = new Map([['10.20.', '198.18.'], ['10.50.0.', '198.19.0.']]);
const withPublicAddresses = (text: string) => [...PUBLIC].reduce((result, [from, to]) => result.replaceAll(`"${from}`, `"${to}`), text);

const counts = new EgressCounts({
  perimeter: {
    cidrs: SETTINGS_FILE.perimeter_networks.map((cidr) => JSON.parse(withPublicAddresses(JSON.stringify(cidr)))),
    vpcEndpointIds: SETTINGS_FILE.perimeter_vpc_endpoints,
  },
});

interface Alarm {
  readonly alarm: string;
  readonly at: string;
  readonly who?: string;
}

/** The alarms of a month, with default thresholds. */
function alarmsIn(trail: MonthOfEvidence['trail']): Alarm[] {
  const slots = (milliseconds: number) => {
    const found = new Map<number, any[]>();
    for (const { time, record } of trail) {
      const slot = Math.floor(time / milliseconds) * milliseconds;
      const records = found.get(slot);
      const here = JSON.parse(withPublicAddresses(JSON.stringify(record)));
      if (records) {
        records.push(here);
      } else {
        found.set(slot, [here]);
      }
    }
    return [...found].sort(([a], [b]) => a - b).map(([time, records]) => [new Date(time).toISOString().slice(5, 16), records] as const);
  };
  const alarms: Alarm[] = [];
  for (const [at, records] of slots(HOUR)) {
    for (const alarm of ['EgressByPerson', 'EgressByRole']) {
      const [[who, bytes] = ['', 0]] = contributorsOf(counts.rule(`${alarm}Rule`)!, records);
      if (bytes >= BYTES_AN_HOUR) {
        alarms.push({ alarm, at, who });
      }
    }
    if (counts.sum('EgressBytesOutsideSessionsFilter', records) >= BYTES_AN_HOUR) {
      alarms.push({ alarm: 'EgressOutsideSessions', at });
    }
  }
  for (const [at, records] of slots(FIVE_MINUTES)) {
    for (const [alarm, threshold] of [['AccessDenied', 5], ['CopiesOut', 1], ['ReadsOutsidePerimeter', 1], ['ReadsThroughAccessPoints', 1]] as const) {
      if (counts.sum(`${alarm}Filter`, records) >= threshold) {
        alarms.push({ alarm, at });
      }
    }
  }
  return alarms;
}

test('an ordinary month triggers no alarm', () => {
  expect(alarmsIn(honestMonth().trail)).toEqual([]);
});

/** The audit queries and tamper rules detect the other scenarios: small or slow reads, and changed settings. */
const AT_ONCE: { readonly [scenario: string]: string } = {
  'one large pull': 'EgressByPerson',
  'repeated denied requests for other objects': 'AccessDenied',
  'a presigned URL that is shared and used from another address': 'ReadsOutsidePerimeter',
  'a presigned URL that is published and used from 25 addresses': 'ReadsOutsidePerimeter',
  'a presigned URL that a user signed for seven days': 'ReadsOutsidePerimeter',
  'stolen credentials used from another country': 'ReadsOutsidePerimeter',
  'a read through an unknown VPC endpoint': 'ReadsOutsidePerimeter',
  'a session of a batch job used by the job and by someone else': 'ReadsOutsidePerimeter',
  'one person\'s sessions used in two countries at the same time': 'ReadsOutsidePerimeter',
  'the credentials of a batch job on a rented server': 'ReadsOutsidePerimeter',
  'a read by another account': 'ReadsOutsidePerimeter',
  'an anonymous read of a bucket that was made public': 'ReadsOutsidePerimeter',
  'CopyObject into a bucket of another account': 'CopiesOut',
  'UploadPartCopy into a bucket of another account, in ranges': 'CopiesOut',
};

test('each urgent way to exfiltrate models triggers its own alarm at once', () => {
  const month = new MonthOfEvidence(1, 0);
  const alarms = SCENARIOS.map(({ name, plant }) => {
    const before = month.trail.length;
    plant(month);
    return [name, [...new Set(alarmsIn(month.trail.slice(before)).map(({ alarm }) => alarm))].join()] as const;
  });
  expect(Object.fromEntries(alarms.filter(([, alarm]) => alarm !== ''))).toEqual(AT_ONCE);
});
