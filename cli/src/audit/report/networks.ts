/* eslint-disable no-bitwise */
const KEY_BITS = 128n;
const IPV4 = '00000000000000000000ffff';

/** The network between two `source_ip_key` values, in CIDR notation. */
export function cidrOf(firstKey: string, lastKey: string): string {
  const hosts = (BigInt(`0x${firstKey}`) ^ BigInt(`0x${lastKey}`)).toString(2).replace(/^0$/, '').length;
  if (firstKey.startsWith(IPV4) && hosts <= 32) {
    const bytes = firstKey.slice(IPV4.length).match(/../g)!.map((byte) => parseInt(byte, 16));
    return `${bytes.join('.')}/${32 - hosts}`;
  }
  const groups = firstKey.match(/.{4}/g)!.join(':');
  return `${new URL(`http://[${groups}]`).hostname.slice(1, -1)}/${Number(KEY_BITS) - hosts}`;
}
