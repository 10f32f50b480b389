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

/** Agents with persistent connections. */
export interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

/** A proxy responded but did not forward the request. */
export class ProxyRefusal extends Error {
  constructor(
    readonly proxy: string,
    readonly variable: string,
    readonly status: number,
    statusText: string,
  ) {
    super(`the proxy ${proxy} responded with ${status} ${statusText}`.trimEnd());
    this.name = 'ProxyRefusal';
  }
}

/** An error in the connection to the proxy, or from the proxy to the server. */
export interface ProxyFault extends Error {
  readonly proxy?: string;
}

/**
 * `localhost` and its subdomains mean this machine (RFC 6761, section 6.3), even if the resolver does not support that.
 * A store on a local AWS emulator has such a name.
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

/** The proxy and certificate authority settings of this machine, each read once. */
export class Connections {
  private found?: Promise<SecureContext | undefined>;

  constructor(
    private readonly variables: Variables = {},
    private readonly caBundleOfProfile: () => Promise<string | undefined> = async () => undefined,
  ) {}

  /** New agents for each client, because closing a client closes the connections of its agents. */
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

  /** Shared by all connections: otherwise Node.js parses and stores the list of authorities for each. */
  private async readTrust(): Promise<SecureContext | undefined> {
    const ca = await trustedAuthorities(this.variables, this.caBundleOfProfile);
    return ca && createSecureContext({ ca });
  }
}

/** Node.js calls `addRequest` for each request. */
type Requestable = http.Agent & { addRequest(request: http.ClientRequest, options: https.RequestOptions): void };

/** Passes each request to an agent for its host, which connects directly or through the configured proxy. */
class ChoosingAgent extends http.Agent {
  /** Node.js requires an agent with this protocol for an HTTPS request. */
  readonly protocol: string;
  readonly defaultPort: number;
  private readonly chosen = new Map<string, http.Agent>();
  private trusted?: { readonly secureContext?: SecureContext };

  constructor(
    private readonly secure: boolean,
    private readonly variables: Variables,
    private readonly trust: () => Promise<SecureContext | undefined>,
  ) {
    // It holds no connections itself, but Node.js reads this to set the `Connection` header.
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

/** Fails like the agents of Node.js: destroying a request that has no socket would not emit the error. */
function fail(request: http.ClientRequest, error: Error): void {
  (request as unknown as { onSocket(socket: undefined, error: Error): void }).onSocket(undefined, error);
}

/** CONNECT through the proxy, then TLS with the server: the proxy sees only the host name. */
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
    const { secureContext } = this;
    const socket = await atProxy(this.named, async () =>
      super.connect(request, { ...options, ...(secureContext && { secureContext }) } as AgentConnectOpts),
    );
    // Otherwise the agent would present the proxy's response as the server's.
    if (status !== undefined && status.statusCode !== 200) {
      socket.destroy();
      throw new ProxyRefusal(shownProxy(this.named), this.named.variable, status.statusCode, status.statusText);
    }
    return socket;
  }
}

/** Without TLS there is no tunnel: the proxy receives the request and forwards it. */
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
