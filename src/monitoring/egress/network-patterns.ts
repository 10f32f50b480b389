import { isIP } from 'node:net';
import { Token } from 'aws-cdk-lib';

/*
 * Metric filters compare strings, optionally with a trailing `*`, and do not support CIDR ranges. A range is therefore
 * expanded into address prefixes. If that takes too many prefixes, or is impossible, the range is widened to whole
 * octets or hextets. Addresses inside the range are never treated as outside, but neighboring addresses may be treated
 * as inside. The audit query "egress-outside-perimeter" is exact.
 */

const MOST_TEXTS_OF_A_RANGE = 16;

/**
 * The prefixes that match the addresses of a range; undefined if the range is not known yet, or if the only prefix
 * would match every address.
 *
 * @param exact whether to widen the range only if it cannot be expanded
 */
export function addressPatterns(cidr: string, exact: boolean): string[] | undefined {
  if (Token.isUnresolved(cidr)) {
    return undefined;
  }
  const [address, bits] = cidr.split('/');
  return isIP(address) === 4 ? ipv4Patterns(address, Number(bits), exact) : ipv6Patterns(address, Number(bits));
}

function ipv4Patterns(address: string, bits: number, exact: boolean): string[] | undefined {
  const octets = address.split('.').map(Number);
  const whole = Math.floor(bits / 8);
  const texts = 2 ** (8 - bits % 8);
  const fixed = octets.slice(0, whole);
  if (bits % 8 !== 0 && exact && texts <= MOST_TEXTS_OF_A_RANGE) {
    const first = octets[whole] - octets[whole] % texts;
    return Array.from({ length: texts }, (_, index) => ipv4Pattern([...fixed, first + index]));
  }
  return whole === 0 ? undefined : [ipv4Pattern(fixed)];
}

function ipv4Pattern(octets: readonly number[]): string {
  return octets.length === 4 ? octets.join('.') : `${octets.join('.')}.*`;
}

/** Addresses omit their longest run of zeros, so a prefix can only contain what precedes the first zero. */
function ipv6Patterns(address: string, bits: number): string[] | undefined {
  const whole = Math.min(Math.floor(bits / 16), 7);
  const hextets = hextetsOf(address).slice(0, whole);
  const zero = hextets.indexOf(0);
  const fixed = zero === -1 ? hextets : hextets.slice(0, zero);
  return fixed.length === 0 ? undefined : [`${fixed.map((hextet) => hextet.toString(16)).join(':')}:*`];
}

function hextetsOf(address: string): number[] {
  const [before, after] = address.split('::')
    .map((part) => part.split(':').filter((text) => text !== '').flatMap(hextetsOfGroup));
  if (after === undefined) return before;
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** Splits a group into hextets. The last group of an address may be an IPv4 address. */
function hextetsOfGroup(group: string): number[] {
  if (!group.includes('.')) {
    return [parseInt(group, 16)];
  }
  const [a, b, c, d] = group.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}
