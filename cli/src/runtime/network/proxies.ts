import { BlockList, isIP } from 'node:net';
import { usageFailure } from '../failure';

export type Variables = { readonly [name: string]: string | undefined };

export interface Proxy {
  readonly url: URL;
  /** The environment variable that sets it. */
  readonly variable: string;
}

/** The lower-case name takes precedence, as in curl and Python. */
function read(variables: Variables, name: string): { readonly variable: string; readonly value: string } | undefined {
  for (const variable of [name, name.toUpperCase()]) {
    const value = variables[variable]?.trim();
    if (value) {
      return { variable, value };
    }
  }
  return undefined;
}

/** The proxy for a request, from the variables of curl and the AWS CLI. Undefined for a direct connection. */
export function proxyFor(target: URL, variables: Variables): Proxy | undefined {
  const named =
    read(variables, target.protocol === 'https:' ? 'https_proxy' : 'http_proxy') ?? read(variables, 'all_proxy');
  if (named === undefined || bypasses(target, read(variables, 'no_proxy')?.value ?? '')) {
    return undefined;
  }
  // Without a scheme, curl and the AWS CLI assume an HTTP proxy.
  const address = named.value.includes('://') ? named.value : `http://${named.value}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || !url.hostname) {
    // The URL is not repeated: it may contain a password.
    throw usageFailure(
      `${named.variable} is not the URL of an HTTP proxy`,
      [{ field: named.variable, message: `scheme ${url?.protocol ?? 'unknown'}` }],
      'Use http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with special characters percent-encoded. SOCKS is not '
        + 'supported.',
    );
  }
  return { url, variable: named.variable };
}

/** For messages: without the user name and password. */
export function shownProxy({ url }: Proxy): string {
  return `${url.protocol}//${url.host}`;
}

const DEFAULT_PORTS: { readonly [protocol: string]: string } = { 'http:': '80', 'https:': '443' };

/**
 * Evaluates NO_PROXY like curl and Python: a host, or a domain including its subdomains (a leading "." or "*." makes no
 * difference), optionally with a port; an IP address, or a network such as 10.0.0.0/8; or "*" for everything.
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
