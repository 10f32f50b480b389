import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { bodyProblem, matchRoute, proxyEvent, STAGE } from './api';
import { gatewayAnswer, type GatewayAnswerType } from './gateway-answers';
import type { HostedFunction } from './hosted-function';
import { verifySignature, type SignedRequest } from './signature-v4';
import type { FunctionName, Permission } from '../../../src/contract/routes';
import type { Credentials } from '../../local/rig/environment';

/** A principal known to IAM, with its permissions on the API. */
export interface Person {
  readonly arn: string;
  readonly credentials: Credentials;
  readonly may: readonly Permission[];
}

export interface HostOptions {
  readonly functions: { readonly [name in FunctionName]: HostedFunction };
  readonly people: readonly Person[];
  readonly account: string;
  readonly region: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

export interface Host {
  /** Includes the stage, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

const MAX_REQUEST_BYTES = 10 * 1024 * 1024;
/**
 * API Gateway waits 29 seconds. A machine that runs engine, functions, client and other tests concurrently is slower
 * than Lambda, which must not fail tests; docs/scale.md has the durations on AWS.
 */
const INTEGRATION_TIMEOUT_MS = 115_000;
/** Longer than any client here keeps idle connections; the default of Node.js, 5 seconds, would close some in use. */
const IDLE_CONNECTION_MS = 350_000;

/** Serves the functions like API Gateway: route, signature, permission, body, function, in this order. */
export async function startHost(options: HostOptions): Promise<Host> {
  const server = https.createServer({
    cert: fs.readFileSync(options.certificateFile),
    key: fs.readFileSync(options.keyFile),
  });
  server.keepAliveTimeout = IDLE_CONNECTION_MS;
  server.on('request', (incoming, response) => {
    answer(incoming, response, options).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/${STAGE}`,
    close: async () => {
      Object.values(options.functions).forEach((each) => each.close());
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  incoming: http.IncomingMessage,
  response: http.ServerResponse,
  options: HostOptions,
): Promise<void> {
  const requestId = crypto.randomUUID();
  const { status, headers, body } = await decide(incoming, requestId, options);
  response.writeHead(status, {
    ...headers,
    'x-amzn-requestid': requestId,
    'x-amz-apigw-id': requestId.slice(0, 12),
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

interface Decision {
  readonly status: number;
  readonly headers: http.OutgoingHttpHeaders;
  readonly body: string;
}

async function decide(incoming: http.IncomingMessage, requestId: string, options: HostOptions): Promise<Decision> {
  const refuse = (type: GatewayAnswerType, detail?: string): Decision => ({
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    ...gatewayAnswer(type, requestId, detail),
  });
  const body = await read(incoming);
  if (body === undefined) {
    return refuse('REQUEST_TOO_LARGE');
  }
  const request: SignedRequest = { method: incoming.method!, target: incoming.url!, headers: incoming.headers, body };
  const matched = matchRoute(request.method, request.target.split('?')[0]);
  if (matched === undefined) {
    return refuse('MISSING_AUTHENTICATION_TOKEN');
  }
  const verdict = verifySignature(request, 'execute-api', options.region, options.people);
  if ('refused' in verdict) {
    return refuse(verdict.refused === 'missing' ? 'MISSING_AUTHENTICATION_TOKEN' : 'INVALID_SIGNATURE');
  }
  const { arn, credentials, may } = verdict.signer;
  if (!may.includes(matched.route.permission)) {
    return refuse('ACCESS_DENIED');
  }
  const problem = bodyProblem(matched, incoming.headers['content-type'], body);
  if (problem !== undefined) {
    return refuse('BAD_REQUEST_BODY', problem);
  }
  const requester = { arn, accessKeyId: credentials.accessKeyId, account: options.account };
  const event = proxyEvent(request, matched, requester, requestId, incoming.socket.remoteAddress ?? '127.0.0.1');
  const outcome = await options.functions[matched.route.function].invoke(event, INTEGRATION_TIMEOUT_MS);
  if ('failed' in outcome) {
    return refuse(
      outcome.failed === 'payload-too-large'
        ? 'REQUEST_TOO_LARGE'
        : outcome.failed === 'timed-out'
          ? 'INTEGRATION_TIMEOUT'
          : 'INTEGRATION_FAILURE',
    );
  }
  const { statusCode, headers = {}, body: text } = outcome.result as Partial<APIGatewayProxyResult>;
  return typeof statusCode === 'number' && typeof text === 'string'
    ? { status: statusCode, headers: headers as http.OutgoingHttpHeaders, body: text }
    : refuse('DEFAULT_5XX');
}

/** The complete body; undefined if it is larger than API Gateway accepts. */
async function read(incoming: http.IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += (chunk as Buffer).length;
    if (bytes <= MAX_REQUEST_BYTES) {
      chunks.push(chunk as Buffer);
    }
  }
  return bytes > MAX_REQUEST_BYTES ? undefined : Buffer.concat(chunks);
}
