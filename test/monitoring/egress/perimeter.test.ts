import { BlockList } from 'node:net';
import { App, CfnParameter, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { changed, EgressCounts, oneRead, ordinaryRecords } from './support';
import { addressPatterns } from '../../../src/monitoring/egress/network-patterns';
import type { Perimeter } from '../../../src/storage/perimeter';
import { Random } from '../../support/audit/random';
import { STORE } from '../../support/audit/trail-record';
import { alarmsOf, MonitoredStack } from '../fixtures';

const read = changed(oneRead(ordinaryRecords(500)), { sourceIPAddress: '198.51.100.7' });
const FILTER = 'ReadsOutsidePerimeterFilter';

const through = (vpcEndpointId: string) => changed(read, { vpcEndpointId, sourceIPAddress: '10.0.0.7' });
const from = (sourceIPAddress: string) => changed(read, { sourceIPAddress });

describe('reads from outside the perimeter', () => {
  const counts = new EgressCounts({ perimeter: { cidrs: ['203.0.113.0/24', '2001:db8::/32'], vpcEndpointIds: [STORE.vpcEndpoint, 'vpce-1a2b3c4d'] } });

  test.each([
    ['from an unknown address', read],
    ['from an address with a similar prefix', from('203.0.11.3')],
    ['from an unknown IPv6 address', from('2001:db9::1')],
    ['through an unknown endpoint', through('vpce-99999999')],
    ['with a shared presigned URL', changed(read, { 'additionalEventData.AuthenticationMethod': 'QueryString' })],
    ['by an IAM user', changed(read, { userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/mallory' } })],
  ])('%s are counted', (_what, record) => {
    expect(counts.counts(FILTER, record)).toBe(true);
  });

  test.each([
    ['from an address inside the perimeter', from('203.0.113.77')],
    ['from an IPv6 address inside the perimeter', from('2001:db8:12::1')],
    ['through an endpoint of the perimeter', through(STORE.vpcEndpoint)],
    ['through the other endpoint of the perimeter', through('vpce-1a2b3c4d')],
    ['that were denied', changed(read, { errorCode: 'AccessDenied' })],
    ['by a service for a caller, which the perimeter exempts', from('athena.amazonaws.com')],
    ['by a service itself', from('AWS Internal')],
    [
      'of a manifest, which the functions read from the Lambda network',
      changed(read, { 'requestParameters.key': 'models/fraud/versions/1.0.0/manifest.json' }),
    ],
    ['of another bucket', changed(read, { 'requestParameters.bucketName': `${STORE.bucket}-logs` })],
    ['that are writes', changed(read, { eventName: 'PutObject' })],
  ])('%s are not counted', (_what, record) => {
    expect(counts.counts(FILTER, record)).toBe(false);
  });

  test('with only endpoints: every address is outside, and only these endpoints are inside', () => {
    const endpoints = new EgressCounts({ perimeter: { vpcEndpointIds: [STORE.vpcEndpoint] } });
    expect([from('203.0.113.77'), through('vpce-1a2b3c4d'), through(STORE.vpcEndpoint)].map((record) => endpoints.counts(FILTER, record)))
      .toEqual([true, true, false]);
  });

  test('with only addresses: no endpoint is inside', () => {
    const addresses = new EgressCounts({ perimeter: { cidrs: ['203.0.113.0/24'] } });
    expect([from('203.0.113.77'), through(STORE.vpcEndpoint)].map((record) => addresses.counts(FILTER, record))).toEqual([false, true]);
  });

  test('trigger the alarm with the first one', () => {
    const template = Template.fromStack(new MonitoredStack(() => ({ perimeter: { cidrs: ['203.0.113.0/24'] } })));
    expect(alarmsOf(template).ReadsOutsidePerimeter).toMatchObject({ MetricName: 'ReadsOutsidePerimeter', Threshold: 1, Statistic: 'Maximum', Period: 300 });
  });

  test('have no alarm in a store without networks in its perimeter', () => {
    for (const perimeter of [undefined, { organizationId: 'o-a1b2c3d4e5' }]) {
      expect(new EgressCounts({ perimeter }).pattern(FILTER)).toBeUndefined();
    }
  });

  test('are filtered by widened ranges where exact ones do not fit into a filter', () => {
    const cidrs = ['198.18.16.0/20', '198.19.32.0/20', '203.0.112.0/21'];
    const wide = new EgressCounts({ perimeter: { cidrs } });
    expect(wide.pattern(FILTER)!.length).toBeLessThanOrEqual(1024);
    expect(['198.18.17.1', '198.18.99.1', '203.0.250.1', '198.20.1.1'].map((address) => wide.counts(FILTER, from(address))))
      .toEqual([false, false, false, true]);
  });

  test.each<[string, (stack: MonitoredStack) => Perimeter]>([
    ['is only known at deployment', (stack) => ({ cidrs: [new CfnParameter(stack, 'Range').valueAsString] })],
    ['is too wide for a prefix', () => ({ cidrs: ['128.0.0.0/2'] })],
    ['is one of too many', () => ({ cidrs: Array.from({ length: 40 }, (_, index) => `203.0.${index}.0/24`) })],
  ])('have no alarm, and a warning says so, with a range that %s', (_why, perimeter) => {
    const warn = jest.spyOn(Validations.prototype, 'addWarning');
    const stack = new MonitoredStack((scope) => ({ perimeter: perimeter(scope as MonitoredStack) }), new App());
    expect(warn.mock.calls.map(([id]) => id)).toContain('SecureModelArtifactStore::UnwatchedPerimeter');
    warn.mockRestore();
    expect(alarmsOf(Template.fromStack(stack))).not.toHaveProperty('ReadsOutsidePerimeter');
  });
});

describe('the prefixes of an address range', () => {
  const matches = (patterns: string[], address: string) =>
    patterns.some((pattern) => (pattern.endsWith('*') ? address.startsWith(pattern.slice(0, -1)) : address === pattern));

  test.each([
    ['203.0.113.0/24', ['203.0.113.*']], ['10.0.0.0/8', ['10.*']], ['203.0.113.5/32', ['203.0.113.5']],
    ['203.0.112.0/23', ['203.0.112.*', '203.0.113.*']], ['203.0.113.77/31', ['203.0.113.76', '203.0.113.77']],
    ['203.0.113.0/25', ['203.0.113.*']], ['198.51.0.0/17', ['198.51.*']],
    ['2001:db8::/32', ['2001:db8:*']], ['2001:db8:1:2::/64', ['2001:db8:1:2:*']], ['2001:db8:0:2::/64', ['2001:db8:*']],
    ['2001:db8:1:2:3:4:5:6/128', ['2001:db8:1:2:3:4:5:*']], ['::ffff:203.0.113.0/120', undefined], ['::/1', undefined], ['0.0.0.0/1', undefined],
  ])('of %s are listed', (cidr, patterns) => {
    expect(addressPatterns(cidr, true)).toEqual(patterns);
  });

  test('match every address in the range, and otherwise only neighboring ones', () => {
    const random = new Random(3);
    const octet = () => random.integer(0, 255);
    for (let round = 0; round < 500; round++) {
      const bits = random.integer(8, 32);
      const base = [octet(), octet(), octet(), octet()];
      const cidr = `${base.join('.')}/${bits}`;
      const range = new BlockList();
      range.addSubnet(base.join('.'), bits);
      for (const exact of [true, false]) {
        const patterns = addressPatterns(cidr, exact)!;
        for (let draw = 0; draw < 20; draw++) {
          const fixed = random.integer(0, 4);
          const address = base.map((value, index) => (index < fixed ? value : octet())).join('.');
          if (range.check(address)) {
            expect([cidr, address, matches(patterns, address)]).toEqual([cidr, address, true]);
          } else if (exact && (8 - bits % 8) % 8 <= 4) {
            expect([cidr, address, matches(patterns, address)]).toEqual([cidr, address, false]);
          }
        }
      }
    }
  });
});
