import { BlockList, isIP } from 'node:net';
import { usageFailure } from '../failure';

export type Variables = { readonly [name: string]: string | undefined };

export interface Proxy {
  readonly url: URL;
  /** The environment variable that names it. */
  readonly variable: string;
}

/** As curl and Python read them: the lower-case name goes first. */
function read(variables: Variables, name: string): { readonly variable: string; readonly value: string } | undefined {
  for (const variable of [name, name.toUpperCase()]) {
    const value = variables[variable]?.trim();
    if (value) {
      return { variable, value };
    }
  }
  return undefined;
}

/** The proxy for a request, by the variables that curl and the AWS CLI read. Undefined where it goes there directly. */
export function proxyFor(target: URL, variables: Variables): Proxy | undefined {
  const named =
    read(variables, target.protocol === 'https:' ? 'https_proxy' : 'http_proxy') ?? read(variables, 'all_proxy');
  if (named === undefined || bypasses(target, read(variables, 'no_proxy')?.value ?? '')) {
    return undefined;
  }
  // curl and the AWS CLI take an address without a scheme for an HTTP proxy.
  const address = named.value.includes('://') ? named.value : `http://${named.value}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || !url.hostname) {
    // Its password is not repeated.
    throw usageFailure(
      `${named.variable} does not name an HTTP proxy`,
      [{ field: named.variable, message: `scheme ${url?.protocol ?? 'unknown'}` }],
      'Write http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with special characters percent-encoded. SOCKS '
        + 'is not supported.',
    );
  }
  return { url, variable: named.variable };
}

/** For messages: never with the user name and the password. */
export function shownProxy({ url }: Proxy): string {
  return `${url.protocol}//${url.host}`;
}

const DEFAULT_PORTS: { readonly [protocol: string]: string } = { 'http:': '80', 'https:': '443' };

/**
 * NO_PROXY as curl and Python read it: a host, or a domain with all hosts below it (a leading "." or "*." changes
 * nothing), each with a port if need be; an address, or a network such as 10.0.0.0/8; "*" for everything.
 */
function bypasses(target: URL, list: string): boolean {
  const host = target.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const port = target.port || DEFAULT_PORTS[target.protocol];
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') {
        return true;
      }
      if (entry.includes('/')) {
        return isInNetwork(host, entry);
      }
      const [, name, wantedPort] = /^\[?(.+?)\]?(?::(\d+))?$/.exec(isIP(entry) ? `[${entry}]` : entry) ?? [];
      if (name === undefined || (wantedPort !== undefined && wantedPort !== port)) {
        return false;
      }
      const domain = name.replace(/^\*?\./, '');
      return host === domain || (!isIP(host) && host.endsWith(`.${domain}`));
    });
}

function isInNetwork(host: string, network: string): boolean {
  const [address, prefix] = network.split('/');
  const family = isIP(address);
  if (
    family === 0
    || isIP(host) !== family
    || !/^\d{1,3}$/.test(prefix)
    || Number(prefix) > (family === 4 ? 32 : 128)
  ) {
    return false;
  }
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), type);
  return list.check(host, type);
}
