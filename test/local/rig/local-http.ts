import * as fs from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials } from './environment';

export interface HttpCall {
  readonly method: string;
  readonly url: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Uint8Array;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

/** A server that rejects a request closes the connection. Its response is lost if the body is still being sent. */
const EXPECT_CONTINUE_BYTES = 1024 * 1024;

function isLarge({ body }: HttpCall): boolean {
  return Buffer.byteLength(body ?? '') >= EXPECT_CONTINUE_BYTES;
}

const LOST_CONNECTION = new Set(['ECONNRESET', 'EPIPE']);
const ATTEMPTS = 5;
/** By attempt, how long to wait for a rejection between the headers and the body. */
const patienceOf = (attempt: number) => (attempt - 1) * 100;

/** Plain HTTP without the retries of an SDK: the request is sent exactly as given. */
export class LocalHttp {
  readonly httpsAgent: https.Agent;

  constructor(authorityFile: string) {
    this.httpsAgent = new https.Agent({ ca: fs.readFileSync(authorityFile), keepAlive: true });
  }

  async send(call: HttpCall): Promise<HttpAnswer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.sendOnce(call, patienceOf(attempt));
      } catch (error) {
        // Some servers accept the headers first and reject the request then, so the response can still be lost.
        if (!isLarge(call) || !LOST_CONNECTION.has((error as NodeJS.ErrnoException).code ?? '') || attempt === ATTEMPTS) {
          throw error;
        }
      }
    }
  }

  private async sendOnce(call: HttpCall, patienceMilliseconds: number): Promise<HttpAnswer> {
    const url = new URL(call.url);
    return new Promise((resolve, reject) => {
      const answered = (response: http.IncomingMessage) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text: bytes.toString('utf8') });
        });
      };
      const options = { method: call.method, headers: { ...call.headers } as http.OutgoingHttpHeaders };
      const request = url.protocol === 'http:'
        ? http.request(url, options, answered)
        : https.request(url, { ...options, agent: this.httpsAgent }, answered);
      request.once('error', reject);
      const length = Buffer.byteLength(call.body ?? '');
      if (call.body !== undefined) {
        request.setHeader('content-length', length);
      }
      if (!isLarge(call)) {
        request.end(call.body);
        return;
      }
      request.setHeader('expect', '100-continue');
      let isAnswered = false;
      request.once('continue', () => setTimeout(() => {
        if (!isAnswered) {
          request.end(call.body);
        }
      }, patienceMilliseconds));
      request.once('response', () => { isAnswered = true; });
      request.once('response', (response) => response.once('end', () => {
        if (!request.writableEnded) {
          request.destroy();
        }
      }));
      request.flushHeaders();
    });
  }

  /** Signs a call with Signature Version 4, in its headers, and sends it. */
  async sendSigned(call: HttpCall, credentials: Credentials, service: string, region: string): Promise<HttpAnswer> {
    return this.send(await signed(call, credentials, service, region));
  }

  close(): void {
    this.httpsAgent.destroy();
  }
}

/** The call with Signature Version 4 headers. */
export async function signed(call: HttpCall, credentials: Credentials, service: string, region: string): Promise<HttpCall> {
  const url = new URL(call.url);
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name);
    query[name] = values.length === 1 ? values[0] : values;
  }
  const signer = new SignatureV4({ credentials, service, region, sha256: Sha256, uriEscapePath: service !== 's3' });
  const request = await signer.sign(new HttpRequest({
    method: call.method,
    protocol: url.protocol,
    hostname: url.hostname,
    port: url.port === '' ? undefined : Number(url.port),
    path: url.pathname,
    query,
    headers: { ...call.headers, host: url.host },
    body: call.body,
  }));
  return { ...call, headers: request.headers };
}
