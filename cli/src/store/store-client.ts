import { answerProblems } from './answer-shape';
import { badAnswer } from './bad-answer';
import { StoreClock } from './clock';
import { explainForbidden } from './forbidden';
import { checkedLink, type GivenLink } from './link-check';
import { isOwnEndpoint, type LocatedStore } from './locate';
import { failureOfAnswer } from './refused-answer';
import { isRemoved, storedAliasProblems } from '../../../src/contract/alias';
import { PAGE_SIZE_PARAMETER, PAGE_TOKEN_PARAMETER, type RouteName, ROUTES } from '../../../src/contract/routes';
import type {
  AliasesResponse, AliasHistoryResponse, AliasResponse, BeginUploadRequest, BeginUploadResponse, CompleteUploadRequest,
  CompleteUploadResponse, DownloadLinksRequest, DownloadLinksResponse, ModelsResponse, MoveAliasRequest, PublishRequest,
  PublishResponse, ReferenceResponse, RemoveAliasRequest, RemovedAliasResponse, SigningKeysResponse, UploadLinksRequest,
  UploadLinksResponse, VersionResponse, VersionsResponse,
} from '../../../src/contract/wire';
import { isSignatureFault } from '../aws/unknown-credentials';
import type { Environment } from '../runtime/environment';
import { Failure } from '../runtime/failure';
import { formatBytes } from '../runtime/format';
import { type HttpResponse, readBody } from '../runtime/http-client';
import { withRetries } from '../runtime/retry';

/** Publishing checks thousands of files in one call. */
const LONGEST_ANSWER_MILLISECONDS = 120_000;
const LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;

interface ApiCall {
  readonly route: RouteName;
  readonly path: { readonly [parameter: string]: string };
  readonly query?: { readonly [parameter: string]: string | undefined };
  readonly body?: object;
  readonly onAttempt?: () => void;
}

export interface Page {
  readonly pageSize?: number;
  readonly pageToken?: string;
}

/** Client of the store's API, with one method per route of the contract. */
export class StoreClient {
  private readonly clock: StoreClock;

  constructor(
    private readonly environment: Environment,
    readonly store: LocatedStore,
    private readonly signal: AbortSignal = environment.signal,
  ) {
    this.clock = new StoreClock(() => environment.now());
  }

  /** Milliseconds since 1970 by the store's clock, which determines when presigned URLs expire. */
  now(): number {
    return this.clock.now();
  }

  /** Checks a presigned URL before it is used, and parses it. */
  linkUrl(link: GivenLink, method: 'GET' | 'PUT'): URL {
    const { url: storeUrl, identity, known, region } = this.store;
    return checkedLink(link, method, {
      storeUrl,
      bucketName: known?.bucketName ?? identity.bucketName,
      region: known?.region ?? region,
      isOwnEndpoint: (url) => isOwnEndpoint(url, storeUrl, this.environment.variables),
    });
  }

  async beginUpload(model: string, body: BeginUploadRequest): Promise<BeginUploadResponse> {
    return this.call({ route: 'beginUpload', path: { model }, body });
  }

  async uploadLinks(model: string, body: UploadLinksRequest): Promise<UploadLinksResponse> {
    return this.call({ route: 'uploadLinks', path: { model }, body });
  }

  async completeUpload(model: string, body: CompleteUploadRequest): Promise<CompleteUploadResponse> {
    return this.call({ route: 'completeUpload', path: { model }, body });
  }

  async publish(model: string, version: string, body: PublishRequest): Promise<PublishResponse> {
    return this.call({ route: 'publish', path: { model, version }, body });
  }

  async downloadLinks(model: string, version: string, body: DownloadLinksRequest): Promise<DownloadLinksResponse> {
    return this.call({ route: 'downloadLinks', path: { model, version }, body });
  }

  async listSigningKeys(): Promise<SigningKeysResponse> {
    return this.call({ route: 'listSigningKeys', path: {} });
  }

  async listModels(page: Page): Promise<ModelsResponse> {
    return this.call({ route: 'listModels', path: {}, query: pageQuery(page) });
  }

  async listVersions(model: string, page: Page): Promise<VersionsResponse> {
    return this.call({ route: 'listVersions', path: { model }, query: pageQuery(page) });
  }

  async showVersion(model: string, version: string): Promise<VersionResponse> {
    return this.call({ route: 'showVersion', path: { model, version } });
  }

  async resolveReference(model: string, reference: string): Promise<ReferenceResponse> {
    return this.call({ route: 'resolveReference', path: { model, reference } });
  }

  async listAliases(model: string, page: Page): Promise<AliasesResponse> {
    return this.call({ route: 'listAliases', path: { model }, query: pageQuery(page) });
  }

  async showAlias(model: string, alias: string): Promise<AliasResponse> {
    return this.call({ route: 'showAlias', path: { model, alias } });
  }

  async moveAlias(model: string, alias: string, body: MoveAliasRequest): Promise<AliasResponse> {
    let attempts = 0;
    try {
      return await this.call({ route: 'moveAlias', path: { model, alias }, body, onAttempt: () => { attempts++; } });
    } catch (error) {
      // If the response to an earlier attempt was lost, that attempt may have moved the alias.
      if (attempts > 1 && error instanceof Failure && error.code === 'stale_alias') {
        const now = await this.showAlias(model, alias);
        if (now.version === body.version && now.reason === body.reason) {
          return now;
        }
      }
      throw error;
    }
  }

  async removeAlias(model: string, alias: string, body: RemoveAliasRequest): Promise<RemovedAliasResponse> {
    let attempts = 0;
    try {
      return await this.call({ route: 'removeAlias', path: { model, alias }, body, onAttempt: () => { attempts++; } });
    } catch (error) {
      // If the response to an earlier attempt was lost, that attempt may have removed the alias.
      if (attempts > 1 && error instanceof Failure && error.code === 'unknown_alias') {
        const { history: [latest] } = await this.aliasHistory(model, alias, { pageSize: 1 });
        const isValid = storedAliasProblems(latest, model, alias).length === 0;
        if (isValid && isRemoved(latest) && latest.reason === body.reason) {
          return latest;
        }
      }
      throw error;
    }
  }

  async aliasHistory(model: string, alias: string, page: Page): Promise<AliasHistoryResponse> {
    return this.call({ route: 'aliasHistory', path: { model, alias }, query: pageQuery(page) });
  }

  private async call<Answer>(call: ApiCall): Promise<Answer> {
    return withRetries({ environment: this.environment, signal: this.signal }, async () => this.attempt<Answer>(call));
  }

  private async attempt<Answer>(call: ApiCall): Promise<Answer> {
    call.onAttempt?.();
    const route = ROUTES[call.route];
    const url = this.urlOf(call);
    let { response, clockDiffers } = await this.send(call, url);
    let text = await this.textOf(response, url);
    if (clockDiffers && this.mayBeTheClock(response)) {
      // Retry once with the time of the response: the first signature used a clock that is now known to be wrong.
      this.environment.warn?.(`${this.clock.difference()}; requests are signed with the time of the store`);
      ({ response } = await this.send(call, url));
      text = await this.textOf(response, url);
    }
    const answer = parseJson(text);
    if (response.status >= 200 && response.status < 300 && answer !== undefined) {
      requireShape(call.route, answer);
      return answer as Answer;
    }
    const retryAfterSeconds = Number(response.headers['retry-after']);
    const failure = failureOfAnswer({
      status: response.status,
      body: answer,
      text: text.slice(0, 200),
      errorType: errorTypeOf(response),
      requestId: header(response.headers['x-amzn-requestid']) ?? header(response.headers['x-amz-apigw-id']),
      retryAfterMilliseconds: Number.isFinite(retryAfterSeconds) ? retryAfterSeconds * 1000 : undefined,
    });
    if (failure.code === 'forbidden') {
      throw await explainForbidden(failure, { route, url, authentication: this.store.authentication });
    }
    throw failure.code === 'unauthenticated' ? withClock(failure, this.clock.difference()) : failure;
  }

  private urlOf(call: ApiCall): URL {
    const url = new URL(this.store.url);
    // The URL of a store with a custom domain ends with "/", which is its whole path.
    url.pathname = url.pathname.replace(/\/+$/, '')
      + ROUTES[call.route].path
        .replace(/\{(\w+)\}/g, (_, parameter: string) => encodeURIComponent(call.path[parameter]));
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) {
        url.searchParams.set(name, value);
      }
    }
    // SigV4 encodes a space as %20, URLSearchParams as "+".
    url.search = url.search.replace(/\+/g, '%20');
    return url;
  }

  private async send(
    call: ApiCall, url: URL,
  ): Promise<{ readonly response: HttpResponse; readonly clockDiffers: boolean }> {
    const { method } = ROUTES[call.route];
    const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
    const headers = {
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json', 'content-length': `${body.length}` }),
    };
    const date = new Date(this.now());
    const authorized = await this.store.authentication.authorize({ method, url, headers, body, date });
    const response = await this.environment.http.send({
      method, url, headers: authorized, body, signal: this.signal, idleTimeoutMilliseconds: LONGEST_ANSWER_MILLISECONDS,
    });
    return { response, clockDiffers: this.clock.learn(response.headers.date) };
  }

  private async textOf(response: HttpResponse, url: URL): Promise<string> {
    const bytes = await readBody(response, url, LARGEST_ANSWER_BYTES, this.signal);
    if (bytes.length > LARGEST_ANSWER_BYTES) {
      throw badAnswer(`it is larger than ${formatBytes(LARGEST_ANSWER_BYTES)}`);
    }
    return bytes.toString('utf8');
  }

  /**
   * Whether a wrong clock may explain the rejection. A token, unlike a signature, does not depend on the local clock.
   */
  private mayBeTheClock(response: HttpResponse): boolean {
    const errorType = errorTypeOf(response);
    return (response.status === 401 || response.status === 403) && this.store.authentication.region !== undefined
      && (errorType === undefined || isSignatureFault(errorType));
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
function errorTypeOf({ headers }: HttpResponse): string | undefined {
  return header(headers['x-amzn-errortype'])?.replace(/[:;,].*$/, '') || undefined;
}

function withClock(failure: Failure, difference: string | undefined): Failure {
  const { message, code, exitCode, details, requestId, hint, cause } = failure;
  return difference === undefined ? failure : new Failure(message, {
    code,
    exitCode,
    requestId,
    cause,
    details: [...details, { field: 'clock', message: difference }],
    hint: `Correct the clock of this machine. ${hint ?? ''}`.trim(),
  });
}

function pageQuery(page: Page): { readonly [parameter: string]: string | undefined } {
  return { [PAGE_SIZE_PARAMETER]: page.pageSize?.toString(), [PAGE_TOKEN_PARAMETER]: page.pageToken };
}

function requireShape(route: RouteName, answer: unknown): void {
  const problems = answerProblems(route, answer);
  if (problems.length > 0) {
    const { method, path } = ROUTES[route];
    throw badAnswer(`it does not match the contract of ${method} ${path}`, problems);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
