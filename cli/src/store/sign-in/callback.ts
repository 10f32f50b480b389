import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { SIGN_IN_PORTS, signInCallback } from '../../../../src/contract/sign-in';
import { EXIT, Failure } from '../../runtime/failure';

/** Waits on this machine for the browser to come back from the sign-in page. */
export interface Callback {
  /** What the identity provider is told to send the browser to. */
  readonly redirectUri: string;
  /** The address that the browser came back to, once `accepts` takes it. */
  wait(accepts: (address: URL) => boolean, signal: AbortSignal): Promise<URL>;
  close(): void;
}

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

function page(title: string, text: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><style>body{font:1.1rem/1.5 system-ui,sans-serif;`
    + `max-width:32rem;margin:20vh auto;padding:0 1rem;color-scheme:light dark}</style><h1>${title}</h1><p>${text}</p></html>`;
}

/** `localhost` may mean either address; another user of this machine must not hold the other one. */
const ADDRESSES = ['127.0.0.1', '::1'];

export async function openCallback(ports: readonly number[] = SIGN_IN_PORTS): Promise<Callback> {
  for (const port of ports) {
    const servers = await listenOn(port);
    if (servers) {
      const given = (servers[0].address() as AddressInfo).port;
      return callbackOf(servers, signInCallback(given));
    }
  }
  throw new Failure(`cannot wait for the browser: the ports ${ports.join(', ')} of this machine are all in use`, {
    code: 'no_free_port', exitCode: EXIT.FAILURE, hint: 'End what uses one of them (another "model-store login"?), and try again.',
  });
}

async function listenOn(port: number): Promise<http.Server[] | undefined> {
  const servers: http.Server[] = [];
  for (const host of ADDRESSES) {
    const server = http.createServer();
    const fault = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      server.once('error', resolve);
      server.listen({ port, host, exclusive: true }, () => resolve(undefined));
    });
    if (fault === undefined) {
      servers.push(server);
    } else if (fault.code === 'EADDRINUSE' || host === ADDRESSES[0]) {
      servers.forEach((each) => each.close());
      return undefined;
    }
  }
  return servers;
}

function callbackOf(servers: readonly http.Server[], redirectUri: string): Callback {
  const close = () => servers.forEach((server) => {
    server.close();
    server.closeAllConnections();
  });
  return {
    redirectUri,
    close,
    wait: async (accepts, signal) => new Promise<URL>((resolve, reject) => {
      signal.throwIfAborted();
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      servers.forEach((server) => server.on('request', (request, response) => {
        const address = new URL(request.url ?? '/', redirectUri);
        // Any page may send a browser here. Only what was asked for with this command's own state counts.
        if (request.method !== 'GET' || address.pathname !== '/' || !accepts(address)) {
          response.writeHead(404, PAGE_HEADERS).end(page('Not found', 'This is not the sign-in that model-store waits for.'));
          return;
        }
        const failed = address.searchParams.has('error');
        response.writeHead(200, { ...PAGE_HEADERS, connection: 'close' }).end(failed
          ? page('You are not signed in', 'The terminal says why. You can close this page.')
          : page('Almost done', 'model-store takes over from here; the terminal says whether you are signed in. You can close this page.'),
        () => resolve(address));
      }));
    }),
  };
}
