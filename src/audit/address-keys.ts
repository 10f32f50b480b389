import { isIP } from 'node:net';

/** Addresses in the format of the audit views: 32 hexadecimal digits, so that a network is a range of strings. */
export interface AddressRange {
  readonly firstKey: string;
  readonly lastKey: string;
}

const BITS = 128;
const DIGITS = 32;
const IPV4_MAPPED = `${'0'.repeat(20)}ffff`;

/** Returns the first and last address of a network in CIDR notation that `checkPerimeter` has validated. */
export function addressRange(cidr: string): AddressRange {
  const [address, length] = cidr.split('/');
  const isIpv4 = isIP(address) === 4;
  const key = isIpv4 ? IPV4_MAPPED + ipv4Digits(address) : ipv6Digits(address);
  const network = binary(key).slice(0, (isIpv4 ? BITS - 32 : 0) + Number(length));
  return { firstKey: hexadecimal(network.padEnd(BITS, '0')), lastKey: hexadecimal(network.padEnd(BITS, '1')) };
}

function ipv4Digits(address: string): string {
  return address.split('.').map((part) => Number(part).toString(16).padStart(2, '0')).join('');
}

function ipv6Digits(address: string): string {
  const [before, after = ''] = address.toLowerCase().split('::').map(groupDigits);
  return before + '0'.repeat(DIGITS - before.length - after.length) + after;
}

/** The last two groups may be written as an IPv4 address. */
function groupDigits(part: string): string {
  return part.split(':').filter((group) => group !== '')
    .map((group) => (group.includes('.') ? ipv4Digits(group) : group.padStart(4, '0'))).join('');
}

function binary(digits: string): string {
  return BigInt(`0x${digits}`).toString(2).padStart(BITS, '0');
}

function hexadecimal(bits: string): string {
  return BigInt(`0b${bits}`).toString(16).padStart(DIGITS, '0');
}
