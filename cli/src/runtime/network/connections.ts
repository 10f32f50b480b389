import { lookup as dnsLookup } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { AgentConnectOpts } from 'agent-base';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { trustedAuthorities } from './authorities';
import { type Proxy, proxyFor, shownProxy, type Variables } from './proxies';

/** Both keep their connections open. */
export interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

/** A proxy that answers, and does not let the request through. */
export class ProxyRefusal extends Error {
  constructor(
    readonly proxy: string,
    readonly variable: string,
    readonly status: number,
    statusText: string,
  ) {
    super(`the proxy ${proxy} answered ${status} ${statusText}`.trimEnd());
    this.name = 'ProxyRefusal';
  }
}

/** A fault of the connection to the proxy, or of the proxy's to the server. */
export interface ProxyFault extends Error {
  readonly proxy?: string;
}

/**
 * `localhost` and all names below it mean this machine, also where the resolver does not know it (RFC 6761, section
 * 6.3): a store on a local AWS is reached by such a name.
 */
const lookup: LookupFunction = (hostname, options, callback) => {
  if (!hostname.endsWith('.localhost')) {
    dnsLookup(hostname, options, callback as never);
  } else if (options.all) {
    callback(null, [{ address: '127.0.0.1', family: 4 }]);
  } else {
    callback(null, '127.0.0.1', 4);
  }
};

/**
 * How this machine reaches others: the settings of its proxies and of the authorities that it trusts, each read once.
 */
export class Connections {
  private found?: Promise<SecureContext | undefined>;

  constructor(
    private readonly variables: Variables = {},
    private readonly caBundleOfProfile: () => Promise<string | undefined> = async () => undefined,
  ) {}

  /** A new pair for each client, because a client that is closed closes the connections of its agents. */
  agents(): Agents {
    const trust = async () => {
      this.found ??= this.readTrust();
      return this.found;
    };
    return {
      httpAgent: new ChoosingAgent(false, this.variables, trust),
      httpsAgent: new ChoosingAgent(true, this.variables, trust) as unknown as https.Agent,
    };
  }

  /** One for all connections: Node would parse a list of authorities anew for each, and keep it with each. */
  private async readTrust(): Promise<SecureContext | undefined> {
    const ca = await trustedAuthorities(this.variables, this.caBundleOfProfile);
    return ca && createSecureContext({ ca });
  }
}

/** What Node calls for each request. */
type Requestable = http.Agent & { addRequest(request: http.ClientRequest, options: https.RequestOptions): void };

/**
 * Hands each request to the agent for its host: one that goes there directly, or through the proxy that the
 * environment names.
 */
class ChoosingAgent extends http.Agent {
  /** Read by Node: for an HTTPS request it takes no other agent. */
  readonly protocol: string;
  readonly defaultPort: number;
  private readonly chosen = new Map<string, http.Agent>();
  private trusted?: { readonly secureContext?: SecureContext };

  constructor(
    private readonly secure: boolean,
    private readonly variables: Variables,
    private readonly trust: () => Promise<SecureContext | undefined>,
  ) {
    // It keeps no connection itself; Node asks it whether to ask servers for that.
    super({ keepAlive: true });
    this.protocol = secure ? 'https:' : 'http:';
    this.defaultPort = secure ? 443 : 80;
  }

  addRequest(request: http.ClientRequest, options: https.RequestOptions): void {
    if (this.trusted !== undefined) {
      this.handOn(request, options, this.trusted.secureContext);
      return;
    }
    this.trust().then(
      (secureContext) => {
        this.trusted = { secureContext };
        this.handOn(request, options, secureContext);
      },
      (error: Error) => fail(request, error),
    );
  }

  destroy(): void {
    this.chosen.forEach((agent) => agent.destroy());
    super.destroy();
  }

  private handOn(request: http.ClientRequest, options: https.RequestOptions, secureContext?: SecureContext): void {
    let agent: http.Agent;
    try {
      agent = this.agentFor(options, secureContext);
    } catch (error) {
      fail(request, error as Error);
      return;
    }
    (agent as Requestable).addRequest(request, { ...options, secureEndpoint: this.secure } as https.RequestOptions);
  }

  private agentFor({ host, port }: https.RequestOptions, secureContext?: SecureContext): http.Agent {
    const named = host?.includes(':') ? `[${host}]` : host;
    const proxy = proxyFor(new URL(`${this.protocol}//${named}:${port ?? this.defaultPort}`), this.variables);
    const key = proxy?.url.href ?? '';
    const agent = this.chosen.get(key) ?? this.agentThrough(proxy, secureContext);
    this.chosen.set(key, agent);
    return agent;
  }

  private agentThrough(proxy: Proxy | undefined, secureContext?: SecureContext): http.Agent {
    if (proxy === undefined) {
      return this.secure
        ? new https.Agent({ keepAlive: true, lookup, secureContext })
        : new http.Agent({ keepAlive: true, lookup });
    }
    return this.secure ? new Tunnel(proxy, secureContext) : new PlainProxy(proxy, secureContext);
  }
}

/** As Node's own agents do: a request that is only destroyed before it has a socket says nothing. */
function fail(request: http.ClientRequest, error: Error): void {
  (request as unknown as { onSocket(socket: undefined, error: Error): void }).onSocket(undefined, error);
}

/** CONNECT through the proxy, then TLS with the server itself: the proxy sees the host's name and nothing else. */
class Tunnel extends HttpsProxyAgent<string> {
  constructor(
    private readonly named: Proxy,
    private readonly secureContext?: SecureContext,
  ) {
    super(named.url, { keepAlive: true, secureContext });
  }

  async connect(
    request: http.ClientRequest,
    options: AgentConnectOpts,
  ): ReturnType<HttpsProxyAgent<string>['connect']> {
    let status: { readonly statusCode: number; readonly statusText: string } | undefined;
    request.once('proxyConnect', (answer: typeof status) => {
      status = answer;
    });
    const socket = await atProxy(this.named, async () =>
      super.connect(request, { ...options, ...(this.secureContext && { secureContext: this.secureContext }) } as AgentConnectOpts),
    );
    // The agent would pass the proxy's own answer off as that of the server.
    if (status !== undefined && status.statusCode !== 200) {
      socket.destroy();
      throw new ProxyRefusal(shownProxy(this.named), this.named.variable, status.statusCode, status.statusText);
    }
    return socket;
  }
}

/** Without TLS there is no tunnel: the proxy gets the request and forwards it. */
class PlainProxy extends HttpProxyAgent<string> {
  constructor(
    private readonly named: Proxy,
    secureContext?: SecureContext,
  ) {
    super(named.url, { keepAlive: true, secureContext });
  }

  async connect(
    ...given: Parameters<HttpProxyAgent<string>['connect']>
  ): ReturnType<HttpProxyAgent<string>['connect']> {
    return atProxy(this.named, async () => super.connect(...given));
  }
}

async function atProxy<Socket>(proxy: Proxy, connect: () => Promise<Socket>): Promise<Socket> {
  try {
    return await connect();
  } catch (error) {
    throw Object.assign(error as Error, { proxy: shownProxy(proxy) } satisfies Partial<ProxyFault>);
  }
}
