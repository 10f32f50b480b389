/* eslint-disable no-bitwise */
import { isIPv4, isIPv6 } from 'node:net';

/** An address range in the format of `source_ip_key`: 32 lowercase hexadecimal digits, with IPv4 mapped into IPv6. */
export interface Network {
  readonly first_key: string;
  readonly last_key: string;
}

const IPV4_PREFIX_BITS = 96;

/** Parses CIDR notation. Returns undefined if it is invalid. A single address is a network of one. */
export function networkOf(cidr: string): Network | undefined {
  const [address, length, ...more] = cidr.split('/');
  const version4 = isIPv4(address);
  const bits = version4 ? 32 : 128;
  const isLength = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits);
  if (more.length > 0 || (!version4 && !isIPv6(address)) || !isLength) {
    return undefined;
  }
  const value = version4 ? 0xffff_0000_0000n + valueOf(address.split('.'), 10, 8n)
    : valueOf(groupsOf(address), 16, 16n);
  const fixed = Number(length ?? bits) + (version4 ? IPV4_PREFIX_BITS : 0);
  const hosts = (1n << BigInt(128 - fixed)) - 1n;
  const key = (address128: bigint) => address128.toString(16).padStart(32, '0');
  return { first_key: key(value & ~hosts), last_key: key(value | hosts) };
}

function valueOf(parts: readonly string[], radix: number, bits: bigint): bigint {
  return parts.reduce((sum, part) => (sum << bits) + BigInt(parseInt(part, radix)), 0n);
}

/** The eight groups of an IPv6 address, with "::" expanded. */
function groupsOf(address: string): string[] {
  const plain = address.replace(/%.*$/, '').replace(/[\d.]+$/, (tail) => (tail.includes('.') ? mapped(tail) : tail));
  const [head, tail] = plain.split('::').map((side) => (side === '' ? [] : side.split(':')));
  return tail === undefined ? head : [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
}

function mapped(ipv4: string): string {
  const hex = valueOf(ipv4.split('.'), 10, 8n).toString(16).padStart(8, '0');
  return `${hex.slice(0, 4)}:${hex.slice(4)}`;
}

const IPV4_KEY = '00000000000000000000ffff';

/** The network between two `source_ip_key` values, in CIDR notation. */
export function cidrOf(firstKey: string, lastKey: string): string {
  const hosts = (BigInt(`0x${firstKey}`) ^ BigInt(`0x${lastKey}`)).toString(2).replace(/^0$/, '').length;
  if (firstKey.startsWith(IPV4_KEY) && hosts <= 32) {
    const bytes = firstKey.slice(IPV4_KEY.length).match(/../g)!.map((byte) => parseInt(byte, 16));
    return `${bytes.join('.')}/${32 - hosts}`;
  }
  const groups = firstKey.match(/.{4}/g)!.join(':');
  return `${new URL(`http://[${groups}]`).hostname.slice(1, -1)}/${128 - hosts}`;
}
