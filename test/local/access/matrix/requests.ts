import type { Caller } from './callers';
import { filled } from './values';
import type { Action, Answer, MatrixRequest } from '../../../access/matrix/matrix';
import type { HttpAnswer, LocalHttp } from '../../rig/local-http';
import { errorCode, StoreApi, type ReachableStore } from '../../rig/store-api';

/** An answer that is neither a denial nor one that only a permitted caller gets has no verdict. */
export interface Tried {
  readonly answer?: Answer;
  /** Status and error code. */
  readonly said: string;
}

/**
 * The codes of a denial, by AWS's services: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 * The last ones are of requests that are not authenticated.
 */
const DENIALS = new Set([
  'AccessDenied', 'AccessDeniedException', 'AuthorizationError', 'UnauthorizedOperation', 'forbidden',
  'MissingAuthenticationToken', 'MissingAuthenticationTokenException', 'IncompleteSignature', 'IncompleteSignatureException', 'unauthenticated',
]);

const RETRIES = 3;

/** Sends the requests of the matrix. */
export class Requests {
  private readonly api: StoreApi;

  constructor(private readonly store: ReachableStore, private readonly http: LocalHttp) {
    this.api = new StoreApi(store, http);
  }

  async send({ request, proof }: Action, caller: Caller): Promise<Tried> {
    const wanted = filled(request!, caller.values);
    let answer = await this.answerTo(wanted, caller);
    // The local AWS can answer 502 if several requests start a function at the same moment. It is never a verdict.
    for (let again = 1; answer.status >= 500 && again <= RETRIES; again++) {
      answer = await this.answerTo(wanted, caller);
    }
    const code = codeOf(answer);
    const said = [answer.status, code].filter(Boolean).join(' ');
    if (DENIALS.has(code) || (answer.status === 401 && request!.route !== undefined)) {
      return { answer: 'denied', said };
    }
    return proof.some((each) => said === each || (!each.includes(' ') && String(answer.status) === each)) ? { answer: 'allowed', said } : { said };
  }

  private async answerTo(request: MatrixRequest, { credentials, token }: Caller): Promise<HttpAnswer> {
    if (request.route !== undefined) {
      const headers: { [name: string]: string } = token === undefined ? {} : { authorization: token };
      return this.api.call(request.route, credentials, { parameters: request.parameters, body: request.json, headers });
    }
    const url = new URL(`${this.store.localAws.endpoint}${request.path ?? '/'}`);
    Object.entries(request.query ?? {}).forEach(([name, value]) => url.searchParams.set(name, value));
    const call = { method: request.method ?? 'POST', url: url.href, ...payloadOf(request) };
    return credentials === undefined ? this.http.send(call) : this.http.sendSigned(call, credentials, request.service!, this.store.localAws.region);
  }
}

function payloadOf({ target, json, form, body, headers }: MatrixRequest): { headers: { [name: string]: string }; body?: string } {
  if (target !== undefined) {
    return { headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target, ...headers }, body: JSON.stringify(json) };
  }
  if (form !== undefined) {
    return { headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body: new URLSearchParams(form).toString() };
  }
  if (json !== undefined) {
    return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(json) };
  }
  return { headers: { ...headers }, body };
}

/** The error code in a body of any of AWS's protocols, without its namespace. */
function codeOf(answer: HttpAnswer): string {
  const type = /"(?:__type|code|Code)"\s*:\s*"([^"]+)"/.exec(answer.text)?.[1];
  return (errorCode(answer) ?? type ?? '').split('#').at(-1)!;
}

