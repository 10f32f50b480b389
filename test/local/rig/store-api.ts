import type { Credentials } from './environment';
import type { HttpAnswer, LocalHttp } from './local-http';
import { ROUTES, type RouteName } from '../../../src/contract/routes';

export interface ApiCall {
  /** Path parameters such as `{ model, version }`. */
  readonly parameters?: { readonly [name: string]: string };
  readonly query?: { readonly [name: string]: string };
  /** Sent as JSON; a string is sent unchanged. */
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
}

export interface ApiAnswer extends HttpAnswer {
  /** The response body, if it is JSON. */
  readonly json: any;
}

/** The endpoints of a store and its S3. */
export interface ReachableStore {
  readonly url: string;
  readonly bucketName: string;
  readonly localAws: { readonly endpoint: string; readonly region: string };
}

/** Calls the deployed store's API over raw HTTP, signed with Signature Version 4. */
export class StoreApi {
  constructor(readonly store: ReachableStore, readonly http: LocalHttp) {}

  async call(route: RouteName, credentials: Credentials | undefined, call: ApiCall = {}): Promise<ApiAnswer> {
    const { method, path } = ROUTES[route];
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(call.parameters?.[name] ?? ''));
    const url = new URL(`${this.store.url}${filled}`);
    for (const [name, value] of Object.entries(call.query ?? {})) {
      url.searchParams.set(name, value);
    }
    const body = call.body === undefined || typeof call.body === 'string' ? call.body : JSON.stringify(call.body);
    const headers = { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...call.headers };
    const request = { method, url: url.href, headers, body };
    const answer = credentials === undefined
      ? await this.http.send(request)
      : await this.http.sendSigned(request, credentials, 'execute-api', this.store.localAws.region);
    return { ...answer, json: parsed(answer.text) };
  }

  /** A call that must succeed. */
  async get<T>(route: RouteName, credentials: Credentials, call: ApiCall = {}): Promise<T> {
    const answer = await this.call(route, credentials, call);
    if (answer.status >= 300) {
      throw new Error(`${ROUTES[route].method} ${ROUTES[route].path} answered ${describe(answer)}`);
    }
    return answer.json as T;
  }
}

/** A response in one line: its status, and the code and message from the API (JSON) or S3 (XML). */
export function describe(answer: HttpAnswer): string {
  const body = parsed(answer.text) as { code?: string; message?: string; Message?: string } | undefined;
  const xml = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer.text)?.[1];
  const code = errorCode(answer);
  const message = body?.message ?? body?.Message ?? xml('Message') ?? (answer.text.length > 200 ? `${answer.text.slice(0, 200)}…` : answer.text);
  return [String(answer.status), code, message && `"${message}"`].filter(Boolean).join(' ');
}

/** The error code from the API, API Gateway or S3. */
export function errorCode(answer: HttpAnswer): string | undefined {
  const body = parsed(answer.text) as { code?: string } | undefined;
  return body?.code
    ?? /<Code>([^<]*)<\/Code>/.exec(answer.text)?.[1]
    ?? (answer.headers['x-amzn-errortype'] as string | undefined)?.split(':')[0];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
