import { lookup as dnsLookup } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { EXIT, Failure, TransientFailure } from './failure';
import { VERSION } from './version';

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
  /** How long a connection may stand still, in milliseconds. */
  readonly idleTimeoutMilliseconds?: number;
}

/**
 * Logs of S3, CloudTrail and API Gateway keep it, and AWS WAF's common rules refuse a request that has none:
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
const USER_AGENT = `model-store/${VERSION}`;

/** Faults of the set-up, which no second attempt would mend. */
const PERMANENT_CODES: { readonly [code: string]: string } = {
  ENOTFOUND: 'Check the address of the store (--url, MODEL_STORE_URL, or the parameter that --store names).',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another host name; check the address of the store.',
};
const CERTIFICATE_HINT = 'If a private authority signed the certificate, name its file in NODE_EXTRA_CA_CERTS.';

/**
 * `localhost` and all names below it mean this machine, also where the resolver does not know it (RFC 6761, section 6.3):
 * a store on a local AWS is reached by such a name.
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

/** HTTP over connections that are kept open. Bodies stream both ways, so memory stays flat whatever the size. */
export class HttpClient {
  private readonly secureAgent = new https.Agent({ keepAlive: true, lookup });
  private readonly plainAgent = new http.Agent({ keepAlive: true, lookup });
  private readonly idleTimeoutMilliseconds: number;

  constructor(options: HttpClientOptions = {}) {
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
        agent: secure ? this.secureAgent : this.plainAgent,
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
    this.secureAgent.destroy();
    this.plainAgent.destroy();
  }
}

/** Never names more of the address than its host: the rest of a link is a secret. */
export function networkFailure(error: unknown, url: URL, signal?: AbortSignal): unknown {
  if (signal?.aborted) {
    return signal.reason;
  }
  if (error instanceof Failure) {
    return error;
  }
  const { code = '', message } = error as NodeJS.ErrnoException;
  const certificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/.test(code);
  if (PERMANENT_CODES[code] !== undefined || certificate) {
    return new Failure(`cannot reach ${url.host}: ${message}`, {
      code: 'network', exitCode: EXIT.UNAVAILABLE, hint: PERMANENT_CODES[code] ?? CERTIFICATE_HINT, cause: error,
    });
  }
  return new TransientFailure(`the connection to ${url.host} failed: ${message || code}`, { code: 'network', cause: error });
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
