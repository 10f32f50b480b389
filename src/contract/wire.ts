import type { AliasPointer, RemovedAlias } from './alias';
import type { FileEntry, Manifest, Metadata } from './manifest';

/** Types of requests and responses. A test checks that they match the JSON schemas in `schemas.ts`. */

/** POST /models/{model}/uploads */
export interface BeginUploadRequest {
  readonly files: readonly BeginUploadFile[];
}

export interface BeginUploadFile {
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
}

export interface BeginUploadResponse {
  /** One entry per requested file, in the same order. */
  readonly files: readonly BeginUploadAnswer[];
}

export interface BeginUploadAnswer {
  readonly digest: string;
  readonly size: number;
  /** `have`: the blob is already stored and need not be uploaded. `need`: upload it. */
  readonly state: 'have' | 'need';
  /** For a needed file with several parts: ID of the multipart upload, which may have begun in an earlier push. */
  readonly uploadId?: string;
  /** Parts of `uploadId` that S3 already has, so that an interrupted push can resume. */
  readonly partsPresent?: readonly PresentPart[];
}

export interface PresentPart {
  readonly partNumber: number;
  /** Base64, as returned by S3. */
  readonly checksumSha256: string;
  readonly size: number;
}

/** POST /models/{model}/uploads/links */
export interface UploadLinksRequest {
  readonly links: readonly UploadLinkRequest[];
}

export interface UploadLinkRequest {
  readonly digest: string;
  readonly size: number;
  /** For a part: the ID of its upload. Absent for a single-part file. */
  readonly uploadId?: string;
  /** For a part: its number, starting at 1. Absent for a single-part file. */
  readonly partNumber?: number;
  /** For a part: SHA-256 of its bytes, base64. Absent for a single-part file, whose digest determines it. */
  readonly checksumSha256?: string;
}

export interface UploadLinksResponse {
  /** One per requested file or part, in the same order. */
  readonly links: readonly UploadLink[];
}

export interface UploadLink {
  readonly method: 'PUT';
  readonly url: string;
  /** Signed headers; the client must send all of them unchanged. */
  readonly headers: { readonly [name: string]: string };
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
}

/** POST /models/{model}/uploads/complete */
export interface CompleteUploadRequest {
  readonly digest: string;
  readonly size: number;
  readonly uploadId: string;
}

export interface CompleteUploadResponse {
  readonly digest: string;
  readonly state: 'have';
}

/** PUT /models/{model}/versions/{version} */
export interface PublishRequest {
  readonly files: readonly FileEntry[];
  readonly metadata?: Metadata;
  readonly base?: string;
  /** Whether to accept names that some tools or systems treat in a special way. */
  readonly allowUnsafeNames?: boolean;
}

export interface VersionResponse {
  readonly manifest: Manifest;
  /** SHA-256 of the stored bytes of `manifest.json`, hexadecimal. */
  readonly manifestSha256: string;
  /** The OpenSSF signature bundle, as stored in `model.sig`; absent if the store does not sign manifests. */
  readonly signature?: string;
}

/**
 * Status 201: the version was published. Status 200: it already existed with the same files and the given metadata and
 * base.
 */
export interface PublishResponse extends VersionResponse {
  readonly created: boolean;
}

/** POST /models/{model}/versions/{version}/links */
export interface DownloadLinksRequest {
  readonly paths: readonly string[];
}

export interface DownloadLinksResponse {
  /** One per requested path, in the same order. */
  readonly links: readonly DownloadLink[];
}

export interface DownloadLink {
  readonly path: string;
  readonly method: 'GET';
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
}

/** GET /models */
export interface ModelsResponse {
  readonly models: readonly string[];
  readonly nextPageToken?: string;
}

export interface VersionSummary {
  readonly version: string;
  /** Time at which the manifest was committed: ISO 8601, UTC. */
  readonly publishedAt: string;
}

/** GET /models/{model}/versions */
export interface VersionsResponse {
  readonly versions: readonly VersionSummary[];
  readonly nextPageToken?: string;
}

export interface AliasResponse extends AliasPointer {
  /** Opaque; pass it as `ifRevision` to move the alias only if it has not changed. */
  readonly revision: string;
}

/** GET /models/{model}/aliases */
export interface AliasesResponse {
  readonly aliases: readonly AliasResponse[];
  readonly nextPageToken?: string;
}

/** PUT /models/{model}/aliases/{alias} */
export interface MoveAliasRequest {
  readonly version: string;
  /**
   * Moves the alias only if it has this revision or, if null, only if it does not exist or was removed. If absent, the
   * alias is moved regardless of its revision; of two concurrent callers, one still gets an error.
   */
  readonly ifRevision?: string | null;
  readonly reason?: string;
}

/** POST /models/{model}/aliases/{alias}/removal */
export interface RemoveAliasRequest {
  /**
   * Removes the alias only if it has this revision. If absent, the alias is removed regardless of its revision; of two
   * concurrent callers, one still gets an error.
   */
  readonly ifRevision?: string;
  readonly reason?: string;
}

export interface RemovedAliasResponse extends RemovedAlias {
  /** Opaque; pass it as `ifRevision` to create the alias again only if nothing has changed. */
  readonly revision: string;
}

/** An entry in the history of an alias. */
export type AliasHistoryEntry = AliasResponse | RemovedAliasResponse;

/** GET /models/{model}/aliases/{alias}/history */
export interface AliasHistoryResponse {
  /** Newest first. */
  readonly history: readonly AliasHistoryEntry[];
  readonly nextPageToken?: string;
}

/** GET /models/{model}/references/{reference}: resolves the name of a version or alias. */
export interface ReferenceResponse {
  readonly kind: 'version' | 'alias';
  readonly version: string;
  readonly alias?: AliasResponse;
}

export interface SigningKeyResponse {
  /** The public key: SubjectPublicKeyInfo, PEM. */
  readonly publicKeyPem: string;
  /** SHA-256 of `publicKeyPem`, hexadecimal; the `hint` in the signatures of this key. */
  readonly fingerprint: string;
}

/** GET /signing-keys */
export interface SigningKeysResponse {
  /**
   * The keys whose signatures are valid: first the key that signs new versions, then its predecessors. Empty if the
   * store does not sign.
   */
  readonly keys: readonly SigningKeyResponse[];
}

/** Client configuration of a store; stored as JSON in an SSM parameter. */
export interface StoreDescription {
  readonly schemaVersion: 1;
  readonly storeName: string;
  readonly region: string;
  /** Absent if the store has no API. */
  readonly url?: string;
  readonly authentication: 'iam' | 'cognito' | 'none';
  readonly bucketName: string;
  /** Whether the store signs manifests. */
  readonly signing: boolean;
  readonly userPoolId?: string;
  readonly userPoolClientId?: string;
  /** Issuer of the tokens of `userPoolId`, with which `model-store login` signs in. */
  readonly issuer?: string;
}

/** Name of the SSM parameter that contains the `StoreDescription`. */
export function storeParameterName(storeName: string): string {
  return `/secure-model-artifact-store/${storeName}`;
}
