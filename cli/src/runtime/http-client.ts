import * as http from 'node:http';
import * as https from 'node:https';
import type { Readable } from 'node:stream';
import { EXIT, Failure } from './failure';
import { type Agents, Connections } from './network/connections';
import { networkFailure } from './network/network-failure';
import { VERSION } from './version';

export { networkFailure };

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  /** A stream is sent with the `content-length` in `headers`. */
  readonly body?: Uint8Array | Readable;
  readonly signal?: AbortSignal;
  /** For requests with a slow response, in milliseconds. */
  readonly idleTimeoutMilliseconds?: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: http.IncomingMessage;
}

export interface HttpClientOptions {
  /** Proxies and trusted authorities. By default, a direct connection and the authorities that Node trusts. */
  readonly connections?: Connections;
  /** How long a connection may be idle, in milliseconds. */
  readonly idleTimeoutMilliseconds?: number;
}

/**
 * Recorded in the logs of S3, CloudTrail and API Gateway. AWS WAF's common rules block requests without one:
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
const USER_AGENT = `model-store/${VERSION}`;

/**
 * A server that rejects a request closes the connection. If the body is still being sent, its response can be lost, so
 * the body of a large request waits until the server has accepted the headers, as with the AWS SDKs.
 */
const EXPECT_CONTINUE_BYTES = 2 * 1024 * 1024;

/** A server that ignores `Expect` gets the body after this time. */
const CONTINUE_TIMEOUT_MILLISECONDS = 1_000;

/** HTTP over persistent connections. Bodies are streamed in both directions, so memory use does not grow with size. */
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
    const expectsContinue = Number(request.headers['content-length'] ?? 0) >= EXPECT_CONTINUE_BYTES;
    return new Promise<HttpResponse>((resolve, reject) => {
      let answered = false;
      const outgoing = requestTo(request.url, {
        method: request.method,
        headers: { 'user-agent': USER_AGENT, ...request.headers, ...(expectsContinue && { expect: '100-continue' }) },
        agent: secure ? this.agents.httpsAgent : this.agents.httpAgent,
        signal: request.signal,
      });
      const idle = request.idleTimeoutMilliseconds ?? this.idleTimeoutMilliseconds;
      outgoing.setTimeout(idle, () => {
        outgoing.destroy(Object.assign(new Error(`no data for ${idle / 1000} s`), { code: 'ETIMEDOUT' }));
      });
      // Once everything is sent, a response that arrives byte by byte does not reset this limit.
      let late: NodeJS.Timeout | undefined;
      outgoing.once('finish', () => {
        late = setTimeout(() => {
          outgoing.destroy(Object.assign(new Error(`no response after ${2 * idle / 1000} s`), { code: 'ETIMEDOUT' }));
        }, 2 * idle);
      });
      outgoing.once('close', () => clearTimeout(late));
      outgoing.on('response', (body) => {
        clearTimeout(late);
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
        if (expectsContinue) {
          whenContinued(outgoing, () => source.pipe(outgoing));
        } else {
          source.pipe(outgoing);
        }
        // An error response may arrive before the whole body is sent. It counts, and the connection cannot be reused.
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

/** Node rejects some requests before it sends them. Method, URL and headers of a presigned URL come from a response. */
function requestTo(url: URL, options: https.RequestOptions): http.ClientRequest {
  try {
    return (url.protocol === 'https:' ? https : http).request(url, options);
  } catch (error) {
    throw new Failure(`cannot send a request to ${url.host}: ${(error as Error).message}`, {
      code: 'bad_answer', exitCode: EXIT.FAILURE, cause: error,
    });
  }
}

function whenContinued(outgoing: http.ClientRequest, send: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearTimeout(timer);
  const sendOnce = () => {
    stop();
    outgoing.off('continue', sendOnce);
    send();
  };
  outgoing.once('socket', () => {
    timer = setTimeout(sendOnce, CONTINUE_TIMEOUT_MILLISECONDS);
  });
  outgoing.once('continue', sendOnce);
  outgoing.once('response', stop);
  outgoing.once('close', stop);
}

/** A server that sends a byte now and then is never idle. */
const LONGEST_BODY_MILLISECONDS = 5 * 60_000;

/** Reads a body that fits into memory; of a larger one, returns more than `limitBytes`, but not everything. */
export async function readBody(
  response: HttpResponse, url: URL, limitBytes: number, signal?: AbortSignal, longest = LONGEST_BODY_MILLISECONDS,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => {
    const message = `${url.host} did not end its response within ${longest / 1000} s`;
    response.body.destroy(new Failure(message, { code: 'network', exitCode: EXIT.UNAVAILABLE }));
  }, longest);
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
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks);
}
