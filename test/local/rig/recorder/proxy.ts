import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import * as https from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Exchange } from './exchange';

export interface ProxyOptions {
  /** The local AWS behind it. */
  readonly target: string;
  readonly authority: Buffer;
  /** Whether to report the beginning of the request body. */
  readonly keepsBody: (request: IncomingMessage) => boolean;
  /** Called for every exchange once its last byte was sent, or the client disconnected. */
  readonly onExchange: (exchange: Exchange) => void;
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'expect']);
/** Enough for the longest list of objects to delete. */
const KEPT_BYTES = 2 * 2 ** 20;
/** Less than the 75 s for which the local AWS keeps idle connections, so that no closing connection is used. */
const IDLE_MS = 60_000;
/** For a response that no client waits for. */
const LATE_ANSWER_MS = 60_000;

/**
 * Forwards requests to the local AWS, and its responses, unchanged: the path, the query and every end-to-end header,
 * including `Host`, as all of these can be signed. Bodies of any size are streamed.
 */
export class RecordingProxy {
  private readonly agent: https.Agent;
  private readonly target: URL;
  private readonly inFlight = new Set<Promise<void>>();

  constructor(private readonly options: ProxyOptions) {
    this.target = new URL(options.target);
    this.agent = new https.Agent({ ca: options.authority, keepAlive: true, timeout: IDLE_MS });
  }

  /** Waits until every current exchange has been reported, or until a time limit. */
  async settled(patienceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([Promise.all([...this.inFlight]), patience]);
    clearTimeout(timer);
  }

  close(): void {
    this.agent.destroy();
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const done = this.exchange(request, response).finally(() => this.inFlight.delete(done));
    this.inFlight.add(done);
  }

  private async exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = new Date();
    const started = performance.now();
    const since = () => Math.round(performance.now() - started);
    const socket = request.socket as TLSSocket;
    const seen = {
      startedAt,
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      httpVersion: request.httpVersion,
      requestHeaders: request.headers,
      remoteAddress: withoutMapping(socket.remoteAddress ?? '127.0.0.1'),
      tlsVersion: socket.getProtocol?.() ?? '-',
      cipherSuite: socket.getCipher?.()?.name ?? '-',
    };
    const requestText = new Beginning(this.options.keepsBody(request));
    let responseText = new Beginning(false);
    let answer: IncomingMessage | undefined;
    let bytesIn = 0;
    let bytesOut = 0;
    let turnAroundMs = 0;

    await new Promise<void>((resolve) => {
      const upstream = https.request({
        agent: this.agent,
        host: this.target.hostname,
        port: this.target.port,
        servername: '',
        method: seen.method,
        path: seen.url,
        headers: passedOn(request.rawHeaders),
        // Policies can check the source address, so the local AWS needs the address of the client.
        ...(seen.remoteAddress.startsWith('127.') ? { localAddress: seen.remoteAddress } : {}),
      });
      upstream.once('response', (incoming) => {
        answer = incoming;
        turnAroundMs = since();
        if (response.destroyed) {
          incoming.destroy();
          resolve();
          return;
        }
        responseText = new Beginning(requestText.kept || (incoming.statusCode ?? 0) >= 400 || (seen.method !== 'GET' && isShortXml(incoming)));
        response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, passedOn(incoming.rawHeaders));
        incoming.on('data', (chunk: Buffer) => {
          responseText.add(chunk);
          bytesOut += chunk.length;
          if (!response.write(chunk)) {
            incoming.pause();
            response.once('drain', () => incoming.resume());
          }
        });
        incoming.once('end', () => response.end());
        incoming.once('error', () => response.destroy());
      });
      upstream.on('error', (error) => {
        if (response.destroyed) {
          resolve();
        } else if (answer === undefined && !response.destroyed) {
          response.writeHead(502, { 'content-type': 'text/plain' }).end(`the local AWS did not answer: ${error.message}\n`);
        } else if (!answer?.complete) {
          response.destroy();
        }
      });
      request.on('data', (chunk: Buffer) => {
        requestText.add(chunk);
        bytesIn += chunk.length;
        if (!upstream.write(chunk)) {
          request.pause();
          upstream.once('drain', () => request.resume());
        }
      });
      request.once('end', () => upstream.end());
      response.once('close', () => {
        if (answer === undefined && request.complete && !upstream.destroyed) {
          // The server carries out a request even if the client does not wait for the response.
          upstream.setTimeout(LATE_ANSWER_MS, () => upstream.destroy(new Error('no answer')));
          return;
        }
        upstream.destroy();
        resolve();
      });
    });

    if (answer !== undefined) {
      this.options.onExchange({
        ...seen,
        turnAroundMs,
        totalMs: since(),
        status: answer.statusCode ?? 0,
        responseHeaders: answer.headers,
        bytesIn,
        bytesOut,
        requestText: requestText.text(),
        responseText: responseText.text(),
      });
    }
  }
}

/** The first bytes of a body, if they are needed. */
class Beginning {
  private readonly chunks: Buffer[] = [];
  private length = 0;

  constructor(readonly kept: boolean) {}

  add(chunk: Buffer): void {
    if (this.kept && this.length < KEPT_BYTES) {
      this.chunks.push(Buffer.from(chunk.subarray(0, KEPT_BYTES - this.length)));
      this.length += chunk.length;
    }
  }

  text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }
}

/** For long calls, S3 responds with status 200 and reports the result in the body. */
function isShortXml({ headers }: IncomingMessage): boolean {
  return (headers['content-type'] ?? '').endsWith('/xml') && Number(headers['content-length'] ?? 0) < KEPT_BYTES;
}

/** Headers as they were sent, except those for a single connection. */
function passedOn(rawHeaders: readonly string[]): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index].toLowerCase();
    const value = rawHeaders[index + 1];
    if (!HOP_BY_HOP.has(name)) {
      const before = headers[name];
      headers[name] = before === undefined ? value : [before, value].flat();
    }
  }
  return headers;
}

/** `::ffff:127.0.0.1` is 127.0.0.1. */
function withoutMapping(address: string): string {
  return address.replace(/^::ffff:/, '');
}
