import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers over HTTP on this machine alone, on a port of its own. */
export abstract class LoopbackServer {
  private readonly server: Server = createServer((request, response) => { void this.serve(request, response); });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => { this.server.listen(0, '127.0.0.1', resolve); });
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => { this.server.close(resolve); });
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  protected abstract serve(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
}

/** For a test with one way to answer. */
export class AnsweringServer extends LoopbackServer {
  constructor(private readonly answer: (request: IncomingMessage, response: ServerResponse) => void) {
    super();
  }

  protected serve(request: IncomingMessage, response: ServerResponse): void {
    this.answer(request, response);
  }
}
