import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { SIGN_IN_PORTS, signInCallback } from '../../../../src/contract/sign-in';
import { EXIT, Failure } from '../../runtime/failure';

/** Local HTTP server that the browser is redirected to after the sign-in. */
export interface Callback {
  /** The redirect URI for the identity provider. */
  readonly redirectUri: string;
  /** The first request URL that `accepts` returns true for. */
  wait(accepts: (address: URL) => boolean, signal: AbortSignal): Promise<URL>;
  close(): void;
}

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

function page(title: string, text: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>`
    + '<style>body{font:1.1rem/1.5 system-ui,sans-serif;'
    + 'max-width:32rem;margin:20vh auto;padding:0 1rem;color-scheme:light dark}</style>'
    + `<h1>${title}</h1><p>${text}</p></html>`;
}

/** `localhost` can resolve to either address; another local user must not be able to listen on the other one. */
const ADDRESSES = ['127.0.0.1', '::1'];

export async function openCallback(ports: readonly number[] = SIGN_IN_PORTS): Promise<Callback> {
  for (const port of ports) {
    const servers = await listenOn(port);
    if (servers) {
      const given = (servers[0].address() as AddressInfo).port;
      return callbackOf(servers, signInCallback(given));
    }
  }
  throw new Failure(`cannot wait for the browser: the local ports ${ports.join(', ')} are all in use`, {
    code: 'no_free_port',
    exitCode: EXIT.FAILURE,
    hint: 'Stop a program that uses one of them, such as another "model-store login", and try again.',
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
        // Any page can send the browser here. Only a response with the state of this request is accepted.
        if (request.method !== 'GET' || address.pathname !== '/' || !accepts(address)) {
          response.writeHead(404, PAGE_HEADERS)
            .end(page('Not found', 'This is not the sign-in that model-store is waiting for.'));
          return;
        }
        const failed = address.searchParams.has('error');
        response.writeHead(200, { ...PAGE_HEADERS, connection: 'close' }).end(failed
          ? page('Sign-in failed', 'See the terminal for the reason. You can close this page.')
          : page('Almost done', 'See the terminal for the result of the sign-in. You can close this page.'),
        () => resolve(address));
      }));
    }),
  };
}
