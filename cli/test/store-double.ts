import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LoopbackServer } from './loopback-server';
import { digestToS3Checksum, partCountOf, partRange } from '../../src/contract/digest';
import { type ErrorCode, type ErrorDetail, ERRORS } from '../../src/contract/errors';
import { fileProblems, type Manifest, manifestFiles, sameContent } from '../../src/contract/manifest';
import { ROUTES, type RouteName } from '../../src/contract/routes';
import type {
  AliasResponse, BeginUploadRequest, CompleteUploadRequest, DownloadLinksRequest, MoveAliasRequest, PublishRequest, UploadLinksRequest,
} from '../../src/contract/wire';

interface Upload {
  readonly model: string;
  readonly digest: string;
  readonly parts: Map<number, Buffer>;
}

interface SignedLink {
  readonly method: string;
  readonly key: string;
  readonly headers: { readonly [name: string]: string };
  readonly expiresAt: number;
  readonly uploadId?: string;
  readonly partNumber?: number;
}

export interface Seen {
  readonly route?: RouteName;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Refuse = (status: number, code: string, message: string) => void;

class Refusal extends Error {
  constructor(readonly code: ErrorCode, message: string, readonly details: readonly ErrorDetail[] = []) {
    super(message);
  }
}

/** A route's answer is replaced by what this gives, if it gives something. */
export type Interception = (call: InterceptedCall) =>
{ status: number; body: string | object; headers?: { [name: string]: string } } | 'handled' | undefined | void;

export interface InterceptedCall {
  readonly route?: RouteName;
  readonly method: string;
  readonly url: URL;
  readonly body: Buffer;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

/**
 * A server that speaks the contract, with an S3 behind its links that checks what S3 checks: signed headers, expiry,
 * checksums, lengths, write-once. It exists to make faults at will; the same command runs against the real functions on
 * a local AWS in test/local.
 */
export class StoreDouble extends LoopbackServer {
  readonly blobs = new Map<string, Buffer>();
  readonly uploads = new Map<string, Upload>();
  readonly manifests = new Map<string, Manifest>();
  readonly aliases = new Map<string, AliasResponse[]>();
  readonly seen: Seen[] = [];
  linkMilliseconds = 15 * 60_000;
  pageSize = 100;
  /** Largest number of transfers that S3 saw at once. */
  mostAtOnce = 0;
  intercept?: Interception;
  private readonly links = new Map<string, SignedLink>();
  private atOnce = 0;

  get url(): string {
    return `${this.origin}/live`;
  }

  calls(route: RouteName): Seen[] {
    return this.seen.filter((seen) => seen.route === route);
  }

  transfers(method: 'PUT' | 'GET'): Seen[] {
    return this.seen.filter((seen) => seen.route === undefined && seen.method === method);
  }

  forget(): void {
    this.seen.length = 0;
    this.mostAtOnce = 0;
  }

  /** Every link given so far is dead from now on. */
  expireLinks(): void {
    for (const [id, link] of this.links) {
      this.links.set(id, { ...link, expiresAt: 0 });
    }
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.url);
    const transfer = url.pathname.startsWith('/bucket/');
    if (transfer) {
      this.atOnce++;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    }
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) {
        chunks.push(chunk as Buffer);
      }
      const body = Buffer.concat(chunks);
      const matched = transfer ? undefined : match(request.method!, url.pathname);
      this.seen.push({
        route: matched?.route, method: request.method!, url: url.href, headers: request.headers, body: transfer ? '' : body.toString('utf8'),
      });
      const replaced = this.intercept?.({ route: matched?.route, method: request.method!, url, body, request, response });
      if (replaced === 'handled') {
        return;
      }
      if (replaced) {
        response.writeHead(replaced.status, { 'x-amzn-requestid': 'request-7', ...replaced.headers });
        response.end(typeof replaced.body === 'string' ? replaced.body : JSON.stringify(replaced.body));
      } else if (transfer) {
        this.transfer(request, response, url, body);
      } else {
        this.api(request, response, url, matched, body);
      }
    } catch {
      // The client went away: nobody is left to answer.
      response.destroy();
    } finally {
      if (transfer) {
        this.atOnce--;
      }
    }
  }

  private api(request: IncomingMessage, response: ServerResponse, url: URL, matched: Matched | undefined, body: Buffer): void {
    const answer = (status: number, value: object) => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': 'request-7' });
      response.end(JSON.stringify(value));
    };
    try {
      if (!request.headers.authorization) {
        throw new Refusal('unauthenticated', 'no credentials came with the request');
      }
      if (!matched) {
        throw new Refusal('unknown_route', `no ${request.method} ${url.pathname}`);
      }
      const { status, value } = this.answer(matched, url, body.length > 0 ? JSON.parse(body.toString('utf8')) as never : undefined as never);
      answer(status, value);
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal('internal_error', String((error as Error).stack));
      answer(ERRORS[refusal.code].status, { code: refusal.code, message: refusal.message, details: refusal.details, requestId: 'request-7' });
    }
  }

  private answer({ route, parameters }: Matched, url: URL, body: never): { status: number; value: object } {
    const { model, version, alias, reference } = parameters;
    switch (route) {
      case 'beginUpload': return { status: 200, value: { files: (body as BeginUploadRequest).files.map((file) => this.begin(model, file)) } };
      case 'uploadLinks': return { status: 200, value: { links: (body as UploadLinksRequest).links.map((link) => this.uploadLink(model, link)) } };
      case 'completeUpload': return { status: 200, value: this.complete(model, body) };
      case 'publish': return this.publish(model, version, body);
      case 'downloadLinks': return { status: 200, value: { links: (body as DownloadLinksRequest).paths.map((path) => this.downloadLink(model, version, path)) } };
      case 'listModels': return this.page(url, 'models', [...new Set([...this.manifests.values()].map((manifest) => manifest.model))].sort());
      case 'listVersions': return this.page(url, 'versions', this.versionsOf(model)
        .map((manifest) => ({ version: manifest.version, publishedAt: manifest.createdAt })));
      case 'listAliases': return this.page(url, 'aliases', [...this.aliases.values()].map((moves) => moves[0]).filter((pointer) => pointer.model === model));
      case 'showVersion': return { status: 200, value: this.version(model, version) };
      case 'resolveReference': return { status: 200, value: this.resolve(model, reference) };
      case 'showAlias': return { status: 200, value: this.history(model, alias)[0] };
      case 'aliasHistory': return this.page(url, 'history', this.history(model, alias));
      case 'moveAlias': return { status: 200, value: this.move(model, alias, body) };
    }
  }

  private page(url: URL, name: string, items: readonly unknown[]): { status: number; value: object } {
    const start = Number(url.searchParams.get('pageToken')?.replace('from ', '') ?? 0);
    const end = start + this.pageSize;
    return { status: 200, value: { [name]: items.slice(start, end), ...(end < items.length && { nextPageToken: `from ${end}` }) } };
  }

  private versionsOf(model: string): Manifest[] {
    const found = [...this.manifests.values()].filter((manifest) => manifest.model === model);
    if (found.length === 0) {
      throw new Refusal('unknown_model', `no version of "${model}" was ever published`);
    }
    return found.sort((a, b) => (a.version < b.version ? -1 : 1));
  }

  private version(model: string, version: string) {
    this.versionsOf(model);
    const manifest = this.manifests.get(`${model}@${version}`);
    if (!manifest) {
      throw new Refusal('unknown_version', `${model} has no version "${version}"`);
    }
    return { manifest, manifestSha256: sha256(Buffer.from(JSON.stringify(manifest))).toString('hex'), signature: '{"signed":true}' };
  }

  private history(model: string, alias: string): AliasResponse[] {
    const moves = this.aliases.get(`${model}@${alias}`);
    if (!moves) {
      throw new Refusal('unknown_alias', `${model} has no alias "${alias}"`);
    }
    return moves;
  }

  private resolve(model: string, reference: string) {
    if (this.manifests.has(`${model}@${reference}`)) {
      return { kind: 'version', version: reference };
    }
    this.versionsOf(model);
    const alias = this.history(model, reference)[0];
    return { kind: 'alias', version: alias.version, alias };
  }

  private move(model: string, alias: string, request: MoveAliasRequest): AliasResponse {
    this.version(model, request.version);
    const moves = this.aliases.get(`${model}@${alias}`) ?? [];
    if (request.ifRevision !== undefined && request.ifRevision !== (moves[0]?.revision ?? null)) {
      throw new Refusal('stale_alias', `${model}@${alias} moved since it was read`);
    }
    const moved: AliasResponse = {
      schemaVersion: 1,
      model,
      alias,
      version: request.version,
      updatedAt: new Date().toISOString(),
      updatedBy: 'arn:aws:iam::111122223333:user/ada',
      ...(request.reason && { reason: request.reason }),
      ...(moves[0] && { previousVersion: moves[0].version }),
      revision: randomBytes(4).toString('hex'),
    };
    this.aliases.set(`${model}@${alias}`, [moved, ...moves]);
    return moved;
  }

  private begin(model: string, { digest, size }: { digest: string; size: number }) {
    if (this.blobs.has(`${model}/${digest}`)) {
      return { digest, size, state: 'have' };
    }
    if (partCountOf(size) === 1) {
      return { digest, size, state: 'need' };
    }
    const begun = [...this.uploads].find(([, upload]) => upload.model === model && upload.digest === digest);
    const [uploadId, { parts }] = begun ?? [randomBytes(6).toString('hex'), { model, digest, parts: new Map<number, Buffer>() }];
    this.uploads.set(uploadId, { model, digest, parts });
    const partsPresent = [...parts].map(([partNumber, bytes]) => ({ partNumber, size: bytes.length, checksumSha256: sha256(bytes).toString('base64') }));
    return { digest, size, state: 'need', uploadId, partsPresent };
  }

  private uploadLink(model: string, request: UploadLinksRequest['links'][number]) {
    if (request.uploadId !== undefined && !this.uploads.has(request.uploadId)) {
      throw new Refusal('expired_upload', 'the upload was finished or aborted');
    }
    const headers: { [name: string]: string } = {
      'x-amz-checksum-sha256': request.checksumSha256 ?? digestToS3Checksum(request.digest),
      ...(request.uploadId === undefined && { 'if-none-match': '*' }),
    };
    const { start, end } = partRange(request.size, request.partNumber ?? 1);
    return this.sign('PUT', `${model}/${request.digest}`, { ...headers, 'content-length': `${end - start}` }, headers, request);
  }

  private downloadLink(model: string, version: string, path: string) {
    const file = this.version(model, version).manifest.files.find((known) => known.path === path);
    if (!file) {
      throw new Refusal('unknown_file', 'no such file', [{ field: path, message: 'is not in the version' }]);
    }
    return { path, ...this.sign('GET', `${model}/${file.digest}`, {}, {}, {}) };
  }

  private sign(method: string, key: string, signed: SignedLink['headers'], headers: SignedLink['headers'], part: { uploadId?: string; partNumber?: number }) {
    const id = randomBytes(8).toString('hex');
    const expiresAt = Date.now() + this.linkMilliseconds;
    this.links.set(id, { method, key, headers: signed, expiresAt, ...part });
    return { method, url: `${new URL('/bucket/', this.url).href}${key}?X-Amz-Signature=${id}`, headers, expiresAt: new Date(expiresAt).toISOString() };
  }

  private complete(model: string, { digest, size, uploadId }: CompleteUploadRequest) {
    const upload = this.uploads.get(uploadId);
    if (!upload) {
      if (this.blobs.has(`${model}/${digest}`)) {
        return { digest, state: 'have' };
      }
      throw new Refusal('expired_upload', 'the upload was finished or aborted');
    }
    const parts = Array.from({ length: partCountOf(size) }, (_, index) => upload.parts.get(index + 1));
    const missing = parts.flatMap((part, index) => part ? [] : [index + 1]);
    if (missing.length > 0) {
      throw new Refusal('blobs_missing', 'parts are missing', missing.map((part) => ({ field: `part ${part}`, message: 'was not uploaded' })));
    }
    const composite = sha256(Buffer.concat(parts.map((part) => sha256(part!)))).toString('hex');
    if (`${composite}-${parts.length}` !== digest) {
      throw new Refusal('wrong_digest', 'the parts make another digest');
    }
    this.blobs.set(`${model}/${digest}`, Buffer.concat(parts as Buffer[]));
    this.uploads.delete(uploadId);
    return { digest, state: 'have' };
  }

  private publish(model: string, version: string, request: PublishRequest) {
    const problems = fileProblems(request.files);
    if (problems.length > 0) {
      throw new Refusal('invalid_manifest', 'the files break a rule', problems);
    }
    if (this.aliases.has(`${model}@${version}`)) {
      throw new Refusal('name_taken', `"${version}" is an alias`);
    }
    const missing = request.files.filter(({ digest, size }) => this.blobs.get(`${model}/${digest}`)?.length !== size);
    if (missing.length > 0) {
      throw new Refusal('blobs_missing', 'files were not uploaded', missing.map(({ path }) => ({ field: path, message: 'was not uploaded' })));
    }
    const manifest: Manifest = {
      schemaVersion: 1,
      model,
      version,
      createdAt: new Date().toISOString(),
      createdBy: 'arn:aws:iam::111122223333:user/ada',
      files: manifestFiles(request.files),
      metadata: request.metadata ?? {},
      ...(request.base && { base: request.base }),
    };
    const known = this.manifests.get(`${model}@${version}`);
    if (known && !sameContent(known, manifest)) {
      throw new Refusal('version_exists', 'the version was published with other content');
    }
    this.manifests.set(`${model}@${version}`, known ?? manifest);
    return { status: known ? 200 : 201, value: { ...this.version(model, version), created: !known } };
  }

  private transfer(request: IncomingMessage, response: ServerResponse, url: URL, body: Buffer): void {
    const refuse = (status: number, code: string, message: string) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message><RequestId>S3REQUEST</RequestId></Error>`);
    };
    const link = this.links.get(url.searchParams.get('X-Amz-Signature') ?? '');
    const key = url.pathname.replace('/bucket/', '');
    if (!link || link.method !== request.method || link.key !== key) {
      return refuse(403, 'SignatureDoesNotMatch', 'The request signature does not match');
    }
    for (const [name, value] of Object.entries(link.headers)) {
      if (request.headers[name] !== value) {
        return refuse(403, 'SignatureDoesNotMatch', `The header ${name} is ${request.headers[name]}, signed was ${value}`);
      }
    }
    if (link.expiresAt < Date.now()) {
      return refuse(403, 'AccessDenied', 'Request has expired');
    }
    return request.method === 'PUT' ? this.put(link, body, request, response, refuse) : this.get(link, request, response, refuse);
  }

  private put(link: SignedLink, body: Buffer, request: IncomingMessage, response: ServerResponse, refuse: Refuse): void {
    if (sha256(body).toString('base64') !== request.headers['x-amz-checksum-sha256']) {
      return refuse(400, 'BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
    }
    if (link.uploadId === undefined) {
      if (this.blobs.has(link.key)) {
        return refuse(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
      }
      this.blobs.set(link.key, body);
    } else {
      const upload = this.uploads.get(link.uploadId);
      if (!upload) {
        return refuse(404, 'NoSuchUpload', 'The specified multipart upload does not exist.');
      }
      upload.parts.set(link.partNumber!, body);
    }
    response.writeHead(200, { etag: '"etag"' });
    response.end();
    return undefined;
  }

  private get(link: SignedLink, request: IncomingMessage, response: ServerResponse, refuse: Refuse): void {
    const bytes = this.blobs.get(link.key);
    if (!bytes) {
      return refuse(404, 'NoSuchKey', 'The specified key does not exist.');
    }
    const etag = `"${sha256(bytes).toString('hex').slice(0, 32)}"`;
    if (request.headers['if-match'] !== undefined && request.headers['if-match'] !== etag) {
      return refuse(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
    }
    const start = Number(/^bytes=([0-9]+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (start > 0 && start >= bytes.length) {
      return refuse(416, 'InvalidRange', 'The requested range is not satisfiable');
    }
    const headers = { etag, 'content-length': `${bytes.length - start}` };
    if (request.headers.range) {
      response.writeHead(206, { ...headers, 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` });
    } else {
      response.writeHead(200, headers);
    }
    response.end(bytes.subarray(start));
    return undefined;
  }
}

interface Matched {
  readonly route: RouteName;
  readonly parameters: { readonly [name: string]: string };
}

function match(method: string, path: string): Matched | undefined {
  for (const [route, { method: routeMethod, path: routePath }] of Object.entries(ROUTES)) {
    const found = new RegExp(`^/live${routePath.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`).exec(path);
    if (found && method === routeMethod) {
      return { route: route as RouteName, parameters: { ...found.groups } };
    }
  }
  return undefined;
}
