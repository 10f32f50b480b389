import { isIP } from 'node:net';
import { Token } from 'aws-cdk-lib';

/*
 * A metric filter compares texts, with a `*` at their end, and knows no CIDR. What an address of a range begins with is
 * therefore written out; where that would take too many texts, or cannot be said, the range is widened to whole octets or
 * hextets. So nobody inside of the range is ever taken for outside, and a neighbour of it may be taken for inside: the exact
 * answer is the audit query "outside-perimeter".
 */

const MOST_TEXTS_OF_A_RANGE = 16;

/**
 * What the addresses of a range begin with; undefined if it is not known yet, or if only "everything" could be said.
 *
 * @param exact widen only where it cannot be helped
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

/** An address is written without its longest run of zeros, so no more can be said than what comes before the first zero. */
function ipv6Patterns(address: string, bits: number): string[] | undefined {
  const whole = Math.min(Math.floor(bits / 16), 7);
  const hextets = hextetsOf(address).slice(0, whole);
  const zero = hextets.indexOf(0);
  const fixed = zero === -1 ? hextets : hextets.slice(0, zero);
  return fixed.length === 0 ? undefined : [`${fixed.map((hextet) => hextet.toString(16)).join(':')}:*`];
}

function hextetsOf(address: string): number[] {
  const [before, after] = address.split('::').map((part) => part.split(':').filter((text) => text !== '').flatMap(hextetsOfGroup));
  return after === undefined ? before : [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** The last group may be an IPv4 address. */
function hextetsOfGroup(group: string): number[] {
  if (!group.includes('.')) {
    return [parseInt(group, 16)];
  }
  const [a, b, c, d] = group.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}
