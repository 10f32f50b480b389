import type { AliasPointer } from './alias';
import type { FileEntry, Manifest, Metadata } from './manifest';

/** What goes over the wire. The JSON schemas in `schemas.ts` say the same; a test holds the two together. */

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
  /** One entry for each file asked about, in the same order. */
  readonly files: readonly BeginUploadAnswer[];
}

export interface BeginUploadAnswer {
  readonly digest: string;
  readonly size: number;
  /** `have`: the blob is stored already, send nothing. `need`: send it. */
  readonly state: 'have' | 'need';
  /** For a file of several parts that is needed: the multipart upload, which may have been begun earlier. */
  readonly uploadId?: string;
  /** The parts of `uploadId` that S3 has already, so that an interrupted push resumes. */
  readonly partsPresent?: readonly PresentPart[];
}

export interface PresentPart {
  readonly partNumber: number;
  /** base64, as S3 gives it. */
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
  /** For a part: the upload it belongs to, and its number from 1. Absent for a file that is a single part. */
  readonly uploadId?: string;
  readonly partNumber?: number;
  /** For a part: base64 SHA-256 of its bytes. A single part's follows from its digest. */
  readonly checksumSha256?: string;
}

export interface UploadLinksResponse {
  /** One for each link asked for, in the same order. */
  readonly links: readonly UploadLink[];
}

export interface UploadLink {
  readonly method: 'PUT';
  readonly url: string;
  /** Signed: the client must send every one of them exactly so. */
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
}

export interface VersionResponse {
  readonly manifest: Manifest;
  /** SHA-256 over the bytes of `manifest.json` as stored, hexadecimal. */
  readonly manifestSha256: string;
  /** The OpenSSF signature bundle as stored in `model.sig`; absent if the store does not sign. */
  readonly signature?: string;
}

/**
 * 201 when the version was published, 200 when it existed with the same files, and the metadata and base that were
 * given.
 */
export interface PublishResponse extends VersionResponse {
  readonly created: boolean;
}

/** POST /models/{model}/versions/{version}/links */
export interface DownloadLinksRequest {
  readonly paths: readonly string[];
}

export interface DownloadLinksResponse {
  /** One for each path asked for, in the same order. */
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

/** GET /models, GET /models/{model}/versions, GET /models/{model}/aliases, GET …/history: a page and where it goes on. */
export interface ModelsResponse {
  readonly models: readonly string[];
  readonly nextPageToken?: string;
}

export interface VersionSummary {
  readonly version: string;
  /** ISO 8601, UTC: when the manifest was committed. */
  readonly publishedAt: string;
}

export interface VersionsResponse {
  readonly versions: readonly VersionSummary[];
  readonly nextPageToken?: string;
}

export interface AliasResponse extends AliasPointer {
  /** Opaque; hand it back as `ifRevision` to move the alias only if nobody else did. */
  readonly revision: string;
}

export interface AliasesResponse {
  readonly aliases: readonly AliasResponse[];
  readonly nextPageToken?: string;
}

/** PUT /models/{model}/aliases/{alias} */
export interface MoveAliasRequest {
  readonly version: string;
  /**
   * The revision the caller saw; null: only if the alias does not exist yet; absent: whatever it is now (two callers at
   * once still never overwrite each other unseen).
   */
  readonly ifRevision?: string | null;
  readonly reason?: string;
}

export interface AliasHistoryResponse {
  /** Newest first. */
  readonly history: readonly AliasResponse[];
  readonly nextPageToken?: string;
}

/** GET /models/{model}/references/{reference}: what a name stands for, be it a version's or an alias's. */
export interface ReferenceResponse {
  readonly kind: 'version' | 'alias';
  readonly version: string;
  readonly alias?: AliasResponse;
}

/** What a client needs to find the store; the value of the SSM parameter, as JSON. */
export interface StoreDescription {
  readonly schemaVersion: 1;
  readonly storeName: string;
  readonly region: string;
  /** Absent if the store has no API. */
  readonly url?: string;
  readonly authentication: 'iam' | 'cognito' | 'none';
  readonly bucketName: string;
  readonly userPoolId?: string;
  readonly userPoolClientId?: string;
  /** Of the tokens of `userPoolId`: what `model-store login` signs in at. */
  readonly issuer?: string;
}

/** An SSM parameter of this name holds the `StoreDescription`. */
export function storeParameterName(storeName: string): string {
  return `/secure-model-artifact-store/${storeName}`;
}
