import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** PEM. */
export interface Certified {
  readonly key: string;
  readonly cert: string;
}

/** Answers over HTTP on this machine alone, on a port of its own; with a certificate, over TLS. */
export abstract class LoopbackServer {
  private readonly server: Server;

  constructor(private readonly certified?: Certified) {
    const serve = (request: IncomingMessage, response: ServerResponse) => { void this.serve(request, response); };
    this.server = certified === undefined ? createServer(serve) : createTlsServer(certified, serve);
  }

  async start(address = '127.0.0.1'): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, address, resolve);
    });
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => { this.server.close(resolve); });
  }

  get origin(): string {
    return this.certified === undefined ? `http://127.0.0.1:${this.port}` : `https://localhost:${this.port}`;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  protected abstract serve(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
}

/** For a test with one way to answer. */
export class AnsweringServer extends LoopbackServer {
  constructor(private readonly answer: (request: IncomingMessage, response: ServerResponse) => void, certified?: Certified) {
    super(certified);
  }

  protected serve(request: IncomingMessage, response: ServerResponse): void {
    this.answer(request, response);
  }
}
