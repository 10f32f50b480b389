import * as http from 'node:http';
import * as https from 'node:https';
import type { Readable } from 'node:stream';
import { type Agents, Connections } from './network/connections';
import { networkFailure } from './network/network-failure';
import { VERSION } from './version';

export { networkFailure };

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  /** A stream is sent with the `content-length` that stands in the headers. */
  readonly body?: Uint8Array | Readable;
  readonly signal?: AbortSignal;
  /** For an answer that takes its time, in milliseconds. */
  readonly idleTimeoutMilliseconds?: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: http.IncomingMessage;
}

export interface HttpClientOptions {
  /** How others are reached; without it directly, and trusting the authorities that Node trusts. */
  readonly connections?: Connections;
  /** How long a connection may stand still, in milliseconds. */
  readonly idleTimeoutMilliseconds?: number;
}

/**
 * Logs of S3, CloudTrail and API Gateway keep it, and AWS WAF's common rules refuse a request that has none:
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
const USER_AGENT = `model-store/${VERSION}`;

/** HTTP over connections that are kept open. Bodies stream both ways, so memory stays flat whatever the size. */
export class HttpClient {
  private readonly agents: Agents;
  private readonly idleTimeoutMilliseconds: number;

  constructor(options: HttpClientOptions = {}) {
    this.agents = (options.connections ?? new Connections()).agents();
    this.idleTimeoutMilliseconds = options.idleTimeoutMilliseconds ?? 60_000;
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    request.signal?.throwIfAborted();
    const secure = request.url.protocol === 'https:';
    return new Promise<HttpResponse>((resolve, reject) => {
      let answered = false;
      const outgoing = (secure ? https : http).request(request.url, {
        method: request.method,
        headers: { 'user-agent': USER_AGENT, ...request.headers },
        agent: secure ? this.agents.httpsAgent : this.agents.httpAgent,
        signal: request.signal,
      });
      const idle = request.idleTimeoutMilliseconds ?? this.idleTimeoutMilliseconds;
      outgoing.setTimeout(idle, () => {
        outgoing.destroy(Object.assign(new Error(`nothing moved for ${idle / 1000} s`), { code: 'ETIMEDOUT' }));
      });
      outgoing.on('response', (body) => {
        answered = true;
        resolve({ status: body.statusCode ?? 0, headers: body.headers, body });
      });
      outgoing.on('error', (error) => {
        if (!answered) {
          reject(networkFailure(error, request.url, request.signal));
        }
      });
      if (request.body === undefined || request.body instanceof Uint8Array) {
        outgoing.end(request.body);
      } else {
        const source = request.body;
        source.on('error', (error) => outgoing.destroy(error));
        source.pipe(outgoing);
        // An answer may come before the body is all sent (a refusal). It is what counts, and the connection is of no more use.
        outgoing.on('response', (body) => {
          if (!outgoing.writableFinished) {
            source.unpipe(outgoing);
            source.destroy();
            body.on('end', () => outgoing.destroy());
          }
        });
        outgoing.on('close', () => source.destroy());
      }
    });
  }

  close(): void {
    this.agents.httpsAgent.destroy();
    this.agents.httpAgent.destroy();
  }
}

export async function readBody(response: HttpResponse, url: URL, limitBytes: number, signal?: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > limitBytes) {
        response.body.destroy();
        break;
      }
    }
  } catch (error) {
    throw networkFailure(error, url, signal);
  }
  return Buffer.concat(chunks);
}
