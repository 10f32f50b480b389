import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type LinkedBucket, sha256 } from './linked-bucket';
import { bundleFor, fingerprintOf, pemOf, STORE_KEY } from './signing';
import { isRemoved, removalText } from '../../../src/contract/alias';
import { digestToS3Checksum, partCountOf, partRange } from '../../../src/contract/digest';
import { type ErrorCode, type ErrorDetail, ERRORS } from '../../../src/contract/errors';
import { contradictions, fileProblems, type Manifest, manifestFiles } from '../../../src/contract/manifest';
import { ROUTES, type RouteName } from '../../../src/contract/routes';
import type {
  AliasHistoryEntry, AliasResponse, BeginUploadRequest, CompleteUploadRequest, DownloadLinksRequest, MoveAliasRequest, PublishRequest,
  RemoveAliasRequest, RemovedAliasResponse, UploadLinksRequest,
} from '../../../src/contract/wire';

class Refusal extends Error {
  constructor(readonly code: ErrorCode, message: string, readonly details: readonly ErrorDetail[] = []) {
    super(message);
  }
}

export interface Matched {
  readonly route: RouteName;
  readonly parameters: { readonly [name: string]: string };
}

export function match(method: string, path: string): Matched | undefined {
  for (const [route, { method: routeMethod, path: routePath }] of Object.entries(ROUTES)) {
    const found = new RegExp(`^/live${routePath.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`).exec(path);
    if (found && method === routeMethod) {
      return { route: route as RouteName, parameters: { ...found.groups } };
    }
  }
  return undefined;
}

export interface Answer {
  readonly status: number;
  readonly value: object;
}

/** The routes of the contract over pushed models; files go through the bucket's presigned URLs. */
export class ApiRoutes {
  readonly manifests = new Map<string, Manifest>();
  readonly aliases = new Map<string, AliasHistoryEntry[]>();
  pageSize = 100;
  /** The keys that the store publishes, the one that it signs with first; none if it does not sign. */
  signingKeys = [STORE_KEY];
  /** Signatures other than those of the store, by `model@version`; undefined for none. */
  readonly signatures = new Map<string, string | undefined>();

  constructor(private readonly bucket: LinkedBucket) {}

  handle(request: IncomingMessage, url: URL, matched: Matched | undefined, body: Buffer): Answer {
    try {
      if (!request.headers.authorization) {
        throw new Refusal('unauthenticated', 'no credentials came with the request');
      }
      if (!matched) {
        throw new Refusal('unknown_route', `no ${request.method} ${url.pathname}`);
      }
      return this.answer(matched, url, body.length > 0 ? JSON.parse(body.toString('utf8')) as never : undefined as never);
    } catch (error) {
      const { code, message, details } = error instanceof Refusal ? error : new Refusal('internal_error', String((error as Error).stack));
      return { status: ERRORS[code].status, value: { code, message, details, requestId: 'request-7' } };
    }
  }

  private answer({ route, parameters }: Matched, url: URL, body: never): Answer {
    const { model, version, alias, reference } = parameters;
    switch (route) {
      case 'beginUpload': return { status: 200, value: { files: (body as BeginUploadRequest).files.map((file) => this.begin(model, file)) } };
      case 'uploadLinks': return { status: 200, value: { links: (body as UploadLinksRequest).links.map((link) => this.uploadLink(url.origin, model, link)) } };
      case 'completeUpload': return { status: 200, value: this.complete(model, body) };
      case 'publish': return this.publish(model, version, body);
      case 'downloadLinks': return { status: 200, value: { links: (body as DownloadLinksRequest).paths.map((path) => this.downloadLink(url.origin, model, version, path)) } };
      case 'listSigningKeys': return { status: 200, value: {
        keys: this.signingKeys.map((key) => ({ publicKeyPem: pemOf(key), fingerprint: fingerprintOf(key) })),
      } };
      case 'listModels': return this.page(url, 'models', [...new Set([...this.manifests.values()].map((manifest) => manifest.model))].sort());
      case 'listVersions': return this.page(url, 'versions', this.versionsOf(model)
        .map((manifest) => ({ version: manifest.version, publishedAt: manifest.createdAt })));
      case 'listAliases': return this.page(url, 'aliases', [...this.aliases.values()].map((moves) => moves[0]).filter((entry) => entry.model === model && !isRemoved(entry)));
      case 'showVersion': return { status: 200, value: this.version(model, version) };
      case 'resolveReference': return { status: 200, value: this.resolve(model, reference) };
      case 'showAlias': return { status: 200, value: this.pointer(model, alias) };
      case 'aliasHistory': return this.page(url, 'history', this.history(model, alias));
      case 'removeAlias': return { status: 200, value: this.remove(model, alias, body) };
      case 'moveAlias': return { status: 200, value: this.move(model, alias, body) };
    }
  }

  private page(url: URL, name: string, items: readonly unknown[]): Answer {
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
    return { manifest, manifestSha256: sha256(Buffer.from(JSON.stringify(manifest))).toString('hex'), signature: this.signatureOf(manifest) };
  }

  /** Signs whatever is there: a manifest that a test changed is as good as published. */
  private signatureOf(manifest: Manifest): string | undefined {
    const name = `${manifest.model}@${manifest.version}`;
    const [key] = this.signingKeys;
    return this.signatures.has(name) ? this.signatures.get(name)
      : key && Array.isArray(manifest.files) ? bundleFor(manifest, key) : undefined;
  }

  private pointer(model: string, alias: string): AliasResponse {
    const [latest] = this.history(model, alias);
    if (isRemoved(latest)) {
      throw new Refusal('unknown_alias', `${model} has no alias "${alias}": ${removalText(latest)}`);
    }
    return latest;
  }

  private history(model: string, alias: string): AliasHistoryEntry[] {
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
    if (!this.aliases.has(`${model}@${reference}`)) {
      throw new Refusal('unknown_version', `${model} has neither a version nor an alias "${reference}"`);
    }
    const [alias] = this.history(model, reference);
    if (isRemoved(alias)) {
      throw new Refusal('unknown_version', `${model} has neither a version nor an alias "${reference}": ${removalText(alias)}`);
    }
    return { kind: 'alias', version: alias.version, alias };
  }

  private move(model: string, alias: string, request: MoveAliasRequest): AliasResponse {
    this.version(model, request.version);
    const moves = this.aliases.get(`${model}@${alias}`) ?? [];
    const [latest] = moves;
    const current = latest === undefined || isRemoved(latest) ? undefined : latest;
    const { ifRevision } = request;
    if (ifRevision !== undefined && ifRevision !== latest?.revision && (ifRevision !== null || current !== undefined)) {
      throw new Refusal('stale_alias', `${model}@${alias} moved since it was read`);
    }
    if (current?.version === request.version) {
      return current;
    }
    const moved: AliasResponse = {
      schemaVersion: 1,
      model,
      alias,
      version: request.version,
      updatedAt: new Date().toISOString(),
      updatedBy: 'arn:aws:iam::111122223333:user/ada',
      ...(request.reason && { reason: request.reason }),
      ...(current && { previousVersion: current.version }),
      revision: randomBytes(4).toString('hex'),
    };
    this.aliases.set(`${model}@${alias}`, [moved, ...moves]);
    return moved;
  }

  private remove(model: string, alias: string, { ifRevision, reason }: RemoveAliasRequest): RemovedAliasResponse {
    const { version: previousVersion, revision } = this.pointer(model, alias);
    if (ifRevision !== undefined && ifRevision !== revision) {
      throw new Refusal('stale_alias', `${model}@${alias} moved since it was read`);
    }
    const removed: RemovedAliasResponse = {
      schemaVersion: 1,
      model,
      alias,
      removed: true,
      updatedAt: new Date().toISOString(),
      updatedBy: 'arn:aws:iam::111122223333:user/ada',
      ...(reason && { reason }),
      previousVersion,
      revision: randomBytes(4).toString('hex'),
    };
    this.aliases.set(`${model}@${alias}`, [removed, ...this.history(model, alias)]);
    return removed;
  }

  private begin(model: string, { digest, size }: { digest: string; size: number }) {
    if (this.bucket.blobs.has(`${model}/${digest}`)) {
      return { digest, size, state: 'have' };
    }
    if (partCountOf(size) === 1) {
      return { digest, size, state: 'need' };
    }
    const begun = [...this.bucket.uploads].find(([, upload]) => upload.model === model && upload.digest === digest);
    const [uploadId, { parts }] = begun ?? [randomBytes(6).toString('hex'), { model, digest, parts: new Map<number, Buffer>() }];
    this.bucket.uploads.set(uploadId, { model, digest, parts });
    const partsPresent = [...parts].map(([partNumber, bytes]) => ({ partNumber, size: bytes.length, checksumSha256: sha256(bytes).toString('base64') }));
    return { digest, size, state: 'need', uploadId, partsPresent };
  }

  private uploadLink(origin: string, model: string, request: UploadLinksRequest['links'][number]) {
    const { uploadId, partNumber } = request;
    if (uploadId !== undefined && !this.bucket.uploads.has(uploadId)) {
      throw new Refusal('expired_upload', 'the upload was finished or aborted');
    }
    const headers: { [name: string]: string } = {
      'x-amz-checksum-sha256': request.checksumSha256 ?? digestToS3Checksum(request.digest),
      ...(uploadId === undefined && { 'if-none-match': '*' }),
    };
    const { start, end } = partRange(request.size, partNumber ?? 1);
    const signed = { ...headers, 'content-length': `${end - start}` };
    return { ...this.bucket.sign(origin, { method: 'PUT', key: `${model}/${request.digest}`, headers: signed, uploadId, partNumber }), headers };
  }

  private downloadLink(origin: string, model: string, version: string, path: string) {
    const file = this.version(model, version).manifest.files.find((known) => known.path === path);
    if (!file) {
      throw new Refusal('unknown_file', 'no such file', [{ field: path, message: 'is not in the version' }]);
    }
    return { path, ...this.bucket.sign(origin, { method: 'GET', key: `${model}/${file.digest}`, headers: {} }), headers: {} };
  }

  private complete(model: string, { digest, size, uploadId }: CompleteUploadRequest) {
    const upload = this.bucket.uploads.get(uploadId);
    if (!upload) {
      if (this.bucket.blobs.has(`${model}/${digest}`)) {
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
    this.bucket.blobs.set(`${model}/${digest}`, Buffer.concat(parts as Buffer[]));
    this.bucket.uploads.delete(uploadId);
    return { digest, state: 'have' };
  }

  private publish(model: string, version: string, request: PublishRequest) {
    const problems = fileProblems(request.files, request);
    if (problems.length > 0) {
      throw new Refusal('invalid_manifest', 'the files break a rule', problems);
    }
    if (this.aliases.has(`${model}@${version}`)) {
      throw new Refusal('name_taken', `"${version}" is an alias`);
    }
    const missing = request.files.filter(({ digest, size }) => this.bucket.blobs.get(`${model}/${digest}`)?.length !== size);
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
    if (known && contradictions(known, request).length > 0) {
      throw new Refusal('version_exists', 'the version was published with other content');
    }
    this.manifests.set(`${model}@${version}`, known ?? manifest);
    return { status: known ? 200 : 201, value: { ...this.version(model, version), created: !known } };
  }
}
