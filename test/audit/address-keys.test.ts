import { addressRange } from '../../src/audit/address-keys';

test.each([
  ['198.51.100.0/24', '00000000000000000000ffffc6336400', '00000000000000000000ffffc63364ff'],
  ['198.51.100.7/32', '00000000000000000000ffffc6336407', '00000000000000000000ffffc6336407'],
  ['0.0.0.0/0', '00000000000000000000ffff00000000', '00000000000000000000ffffffffffff'],
  ['2001:db8:1::/48', '20010db8000100000000000000000000', '20010db80001ffffffffffffffffffff'],
  ['::1/128', '00000000000000000000000000000001', '00000000000000000000000000000001'],
  ['::ffff:198.51.100.0/120', '00000000000000000000ffffc6336400', '00000000000000000000ffffc63364ff'],
  ['::/0', '0'.repeat(32), 'f'.repeat(32)],
])('the network %s is the address range from %s to %s', (cidr, firstKey, lastKey) => {
  expect(addressRange(cidr)).toEqual({ firstKey, lastKey });
});
