import { answerOf } from '../support/evidence';
import { objectEvent, storeSession } from '../support/records';

const DAY = '2026-03-02';
const OFFICE = ['00000000000000000000ffffc6336400', '00000000000000000000ffffc63364ff'] as const; // 198.51.100.0/24
const OFFICE_V6 = ['20010db8000100000000000000000000', '20010db80001ffffffffffffffffffff'] as const; // 2001:db8:1::/48
const ENDPOINT = 'vpce-0123456789abcdef0';

const reads = [
  objectEvent({ bytes: 1, from: '198.51.100.0' }),
  objectEvent({ bytes: 2, from: '198.51.100.255' }),
  objectEvent({ bytes: 4, from: '198.51.101.0' }),
  objectEvent({ bytes: 8, from: '2001:db8:1::7' }),
  objectEvent({ bytes: 16, from: '2001:db8:2::7', who: storeSession('Pipeline=release') }),
  objectEvent({ bytes: 32, from: '10.0.0.9', record: { vpcEndpointId: ENDPOINT } }),
  objectEvent({ bytes: 64, from: '10.0.0.9', record: { vpcEndpointId: 'vpce-0ffffffffffffffff' } }),
  objectEvent({ bytes: 128, from: '203.0.113.5', error: 'AccessDenied' }),
  // A function's own read of a manifest comes from Lambda's network, and goes nowhere.
  objectEvent({ bytes: 256, from: '192.0.2.1', key: 'models/fraud/versions/1.0/manifest.json' }),
];
const perimeter = { networks: [OFFICE, OFFICE_V6] };

describe('egress by network', () => {
  test('every address is inside or outside the perimeter, which includes its first and last addresses', async () => {
    const answer = await answerOf('egress-by-network', { records: reads, ...perimeter }, DAY, DAY);
    expect(
      answer.filter((row) => row.outside_perimeter).map(({ source_ip, bytes_out }) => [source_ip, bytes_out]),
    ).toEqual([
      ['10.0.0.9', 64], ['2001:db8:2::7', 16], ['198.51.101.0', 4], ['192.0.2.1', 0],
    ]);
    expect(
      answer.filter((row) => row.outside_perimeter === false).map(({ source_ip, bytes_out }) => [source_ip, bytes_out]),
    ).toEqual([
      ['10.0.0.9', 32], ['2001:db8:1::7', 8], ['198.51.100.255', 2], ['198.51.100.0', 1],
    ]);
  });

  test('a read in overlapping networks is counted once', async () => {
    const answer = await answerOf('egress-by-network', { records: [reads[0]], networks: [OFFICE, OFFICE] }, DAY, DAY);
    expect(answer).toMatchObject([{ bytes_out: 1, reads: 1, outside_perimeter: false }]);
  });

  test('without a perimeter, no read is outside', async () => {
    const answer = await answerOf(
      'egress-by-network', { records: reads, settings: { perimeter_vpc_endpoints: null } }, DAY, DAY,
    );
    expect(new Set(answer.map((row) => row.outside_perimeter))).toEqual(new Set([null]));
  });
});

describe('reads from outside the perimeter', () => {
  test('have the principal and the address', async () => {
    const answer = await answerOf('egress-outside-perimeter', { records: reads, ...perimeter }, DAY, DAY);
    expect(answer.map(({ principal, source_ip, bytes_out }) => [principal, source_ip, bytes_out])).toEqual([
      ['DataScientist=alice', '10.0.0.9', 64],
      ['Pipeline=release', '2001:db8:2::7', 16],
      ['DataScientist=alice', '198.51.101.0', 4],
    ]);
  });

  test('include a read by an AWS service, which has no address', async () => {
    const answer = await answerOf(
      'egress-outside-perimeter',
      { records: [objectEvent({ bytes: 9, from: 'athena.amazonaws.com' })], ...perimeter },
      DAY,
      DAY,
    );
    expect(answer).toMatchObject([{ source_ip: 'athena.amazonaws.com', bytes_out: 9 }]);
  });

  test('include reads through an unknown VPC endpoint, whose owner chooses the addresses behind it', async () => {
    const behind = { records: [objectEvent({ bytes: 5, from: '198.51.100.9', record: { vpcEndpointId: 'vpce-0ffffffffffffffff' } })], ...perimeter };

    expect(await answerOf('egress-outside-perimeter', behind, DAY, DAY)).toMatchObject([{ source_ip: '198.51.100.9', bytes_out: 5 }]);
    expect(await answerOf('egress-by-network', behind, DAY, DAY)).toMatchObject([{ outside_perimeter: true }]);
    const history = objectEvent({ time: '2026-03-01T10:00:00Z', from: '198.51.100.8' });
    expect(await answerOf('new-networks', { ...behind, records: [history, ...behind.records] }, DAY, DAY)).toMatchObject([{ bytes_out: 5 }]);
  });

  test('are not reported without a perimeter', async () => {
    expect(await answerOf(
      'egress-outside-perimeter', { records: reads, settings: { perimeter_vpc_endpoints: null } }, DAY, DAY,
    )).toEqual([]);
  });
});

describe('presigned URLs used from another address of the perimeter', () => {
  const link = { signedAt: '20260302T095900Z', askedFrom: '198.51.100.7' };
  const from = async (address: string, vpcEndpointId?: string) => answerOf('presigned-url-from-other-address', {
    records: [objectEvent({ link, from: address, record: { vpcEndpointId } })], ...perimeter,
  }, DAY, DAY);

  test('are not reported within one network or through a VPC endpoint of the perimeter', async () => {
    expect(await from('198.51.100.250')).toEqual([]);
    expect(await from('10.0.0.9', ENDPOINT)).toEqual([]);
  });

  test('are reported for another network of the perimeter, an unknown network, or another endpoint', async () => {
    expect(await from('2001:db8:1::7')).toHaveLength(1);
    expect(await from('198.51.101.0')).toHaveLength(1);
    expect(await from('10.0.0.9', 'vpce-0ffffffffffffffff')).toHaveLength(1);
    expect(await from('athena.amazonaws.com')).toHaveLength(1);
  });

  test('are reported for another endpoint, whatever the address behind it', async () => {
    expect(await from('198.51.100.9', 'vpce-0ffffffffffffffff')).toHaveLength(1);
    expect(await from('198.51.100.7', 'vpce-0ffffffffffffffff')).toHaveLength(1);
  });
});
