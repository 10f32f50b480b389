import { DIGEST_PATTERN, SHA256_HEX_PATTERN } from './digest';
import { NAME_PATTERN } from './names';
import type { RouteName } from './routes';

/**
 * JSON schemas of the responses, for the OpenAPI document, the tests, and `model-store`, which checks each response;
 * `wire.ts` has the matching types. Only keywords that mean the same in draft 4 and 2020-12 are used.
 * `additionalProperties` is not false, because later versions may add fields, which clients must ignore.
 */

const name = { type: 'string', pattern: NAME_PATTERN } as const;
const digest = { type: 'string', pattern: DIGEST_PATTERN } as const;
const sha256 = { type: 'string', pattern: SHA256_HEX_PATTERN } as const;
const size = { type: 'integer', minimum: 0 } as const;
const text = { type: 'string' } as const;
const dateTime = { type: 'string', format: 'date-time' } as const;
const headers = { type: 'object', additionalProperties: { type: 'string' } } as const;
const nextPageToken = { type: 'string', minLength: 1 } as const;
const one = { type: 'integer', enum: [1] } as const;

export const BEGIN_UPLOAD_RESPONSE_SCHEMA = {
  type: 'object',
  required: ['files'],
  properties: {
    files: {
      type: 'array',
      items: {
        type: 'object',
        required: ['digest', 'size', 'state'],
        properties: {
          digest,
          size,
          state: { type: 'string', enum: ['have', 'need'] },
          uploadId: { type: 'string', minLength: 1 },
          partsPresent: {
            type: 'array',
            items: {
              type: 'object',
              required: ['partNumber', 'checksumSha256', 'size'],
              properties: { partNumber: { type: 'integer', minimum: 1 }, checksumSha256: text, size },
            },
          },
        },
      },
    },
  },
} as const;

export const UPLOAD_LINKS_RESPONSE_SCHEMA = {
  type: 'object',
  required: ['links'],
  properties: {
    links: {
      type: 'array',
      items: {
        type: 'object',
        required: ['method', 'url', 'headers', 'expiresAt'],
        properties: { method: { type: 'string', enum: ['PUT'] }, url: text, headers, expiresAt: dateTime },
      },
    },
  },
} as const;

export const COMPLETE_UPLOAD_RESPONSE_SCHEMA = {
  type: 'object',
  required: ['digest', 'state'],
  properties: { digest, state: { type: 'string', enum: ['have'] } },
} as const;

export const MANIFEST_SCHEMA = {
  type: 'object',
  required: ['schemaVersion', 'model', 'version', 'createdAt', 'createdBy', 'files', 'metadata'],
  properties: {
    schemaVersion: one,
    model: name,
    version: name,
    createdAt: dateTime,
    createdBy: text,
    files: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['path', 'size', 'sha256', 'digest', 'partSize'],
        properties: {
          path: { type: 'string', minLength: 1 }, size, sha256, digest, partSize: { type: 'integer', minimum: 1 },
        },
      },
    },
    metadata: { type: 'object', additionalProperties: { type: 'string' } },
    base: name,
  },
} as const;

const versionProperties = {
  manifest: MANIFEST_SCHEMA, manifestSha256: sha256, signature: { type: 'string', minLength: 1 },
} as const;

export const VERSION_RESPONSE_SCHEMA = {
  type: 'object',
  required: ['manifest', 'manifestSha256'],
  properties: versionProperties,
} as const;

export const PUBLISH_RESPONSE_SCHEMA = {
  type: 'object',
  required: ['manifest', 'manifestSha256', 'created'],
  properties: { ...versionProperties, created: { type: 'boolean' } },
} as const;

export const DOWNLOAD_LINKS_RESPONSE_SCHEMA = {
  type: 'object',
  required: ['links'],
  properties: {
    links: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'method', 'url', 'headers', 'expiresAt'],
        properties: { path: text, method: { type: 'string', enum: ['GET'] }, url: text, headers, expiresAt: dateTime },
      },
    },
  },
} as const;

export const SIGNING_KEYS_RESPONSE_SCHEMA = {
  type: 'object',
  required: ['keys'],
  properties: {
    keys: {
      type: 'array',
      items: {
        type: 'object',
        required: ['publicKeyPem', 'fingerprint'],
        properties: { publicKeyPem: { type: 'string', minLength: 1 }, fingerprint: sha256 },
      },
    },
  },
} as const;

export const MODELS_RESPONSE_SCHEMA = {
  type: 'object',
  required: ['models'],
  properties: { models: { type: 'array', items: name }, nextPageToken },
} as const;

export const VERSIONS_RESPONSE_SCHEMA = {
  type: 'object',
  required: ['versions'],
  properties: {
    versions: {
      type: 'array',
      items: {
        type: 'object', required: ['version', 'publishedAt'], properties: { version: name, publishedAt: dateTime },
      },
    },
    nextPageToken,
  },
} as const;

export const ALIAS_RESPONSE_SCHEMA = {
  type: 'object',
  required: ['schemaVersion', 'model', 'alias', 'version', 'updatedAt', 'updatedBy', 'revision'],
  properties: {
    schemaVersion: one,
    model: name,
    alias: name,
    version: name,
    updatedAt: dateTime,
    updatedBy: text,
    reason: text,
    previousVersion: name,
    revision: { type: 'string', minLength: 1 },
  },
} as const;

export const REMOVED_ALIAS_RESPONSE_SCHEMA = {
  type: 'object',
  required: ['schemaVersion', 'model', 'alias', 'removed', 'updatedAt', 'updatedBy', 'previousVersion', 'revision'],
  properties: {
    schemaVersion: one,
    model: name,
    alias: name,
    removed: { type: 'boolean', enum: [true] },
    updatedAt: dateTime,
    updatedBy: text,
    reason: text,
    previousVersion: name,
    revision: { type: 'string', minLength: 1 },
  },
} as const;

export const ALIASES_RESPONSE_SCHEMA = {
  type: 'object',
  required: ['aliases'],
  properties: { aliases: { type: 'array', items: ALIAS_RESPONSE_SCHEMA }, nextPageToken },
} as const;

export const ALIAS_HISTORY_RESPONSE_SCHEMA = {
  type: 'object',
  required: ['history'],
  properties: {
    history: { type: 'array', items: { anyOf: [ALIAS_RESPONSE_SCHEMA, REMOVED_ALIAS_RESPONSE_SCHEMA] } }, nextPageToken,
  },
} as const;

export const REFERENCE_RESPONSE_SCHEMA = {
  type: 'object',
  required: ['kind', 'version'],
  properties: { kind: { type: 'string', enum: ['version', 'alias'] }, version: name, alias: ALIAS_RESPONSE_SCHEMA },
} as const;

export interface RouteResponse {
  readonly schema: object;
  /** Description of each success status. */
  readonly statuses: { readonly [status: string]: string };
}

const OK = { 200: 'Success.' };

/** Successful responses of each route. */
export const RESPONSES: { readonly [Name in RouteName]: RouteResponse } = {
  beginUpload: {
    schema: BEGIN_UPLOAD_RESPONSE_SCHEMA,
    statuses: { 200: 'The files that the store has and needs, in the requested order.' },
  },
  uploadLinks: {
    schema: UPLOAD_LINKS_RESPONSE_SCHEMA, statuses: { 200: 'The presigned URLs, in the requested order.' },
  },
  completeUpload: {
    schema: COMPLETE_UPLOAD_RESPONSE_SCHEMA, statuses: { 200: 'The file is stored, now or by an earlier request.' },
  },
  publish: {
    schema: PUBLISH_RESPONSE_SCHEMA,
    statuses: {
      200: 'The version already exists with the same files and the given metadata and base; it is unchanged.',
      201: 'The version was published.',
    },
  },
  downloadLinks: {
    schema: DOWNLOAD_LINKS_RESPONSE_SCHEMA, statuses: { 200: 'The presigned URLs, in the requested order.' },
  },
  listSigningKeys: {
    schema: SIGNING_KEYS_RESPONSE_SCHEMA,
    statuses: { 200: 'The current key, then former ones; none if the store does not sign.' },
  },
  listModels: { schema: MODELS_RESPONSE_SCHEMA, statuses: OK },
  listVersions: { schema: VERSIONS_RESPONSE_SCHEMA, statuses: OK },
  showVersion: { schema: VERSION_RESPONSE_SCHEMA, statuses: OK },
  resolveReference: { schema: REFERENCE_RESPONSE_SCHEMA, statuses: OK },
  listAliases: { schema: ALIASES_RESPONSE_SCHEMA, statuses: OK },
  showAlias: { schema: ALIAS_RESPONSE_SCHEMA, statuses: OK },
  moveAlias: { schema: ALIAS_RESPONSE_SCHEMA, statuses: { 200: 'The alias points to the version.' } },
  removeAlias: { schema: REMOVED_ALIAS_RESPONSE_SCHEMA, statuses: { 200: 'The alias does not exist any more.' } },
  aliasHistory: { schema: ALIAS_HISTORY_RESPONSE_SCHEMA, statuses: OK },
};

/** Body of every error response. */
export const ERROR_BODY_SCHEMA = {
  type: 'object',
  required: ['code', 'message', 'details', 'requestId'],
  properties: {
    code: text,
    message: text,
    details: {
      type: 'array',
      items: { type: 'object', required: ['field', 'message'], properties: { field: text, message: text } },
    },
    requestId: text,
  },
} as const;
