import { DIGEST_PATTERN, SHA256_HEX_PATTERN } from './digest';
import {
  MAX_FILES_PER_BEGIN, MAX_FILES_PER_VERSION, MAX_LINKS_PER_PAGE, MAX_METADATA_ENTRIES, MAX_METADATA_KEY_LENGTH,
  MAX_METADATA_VALUE_LENGTH, MAX_PATH_BYTES, S3_MAX_OBJECT_BYTES, S3_MAX_PARTS,
} from './limits';
import { NAME_PATTERN } from './names';

/**
 * JSON schemas of the request bodies, used by API Gateway (draft 4), the functions and the OpenAPI document (2020-12).
 * Only keywords that mean the same in both drafts are used.
 */

const name = { type: 'string', pattern: NAME_PATTERN } as const;
const digest = { type: 'string', pattern: DIGEST_PATTERN } as const;
const size = { type: 'integer', minimum: 0, maximum: S3_MAX_OBJECT_BYTES } as const;
const uploadId = { type: 'string', minLength: 1, maxLength: 1024, pattern: '^[A-Za-z0-9._~+/=-]+$' } as const;
const checksumSha256 = { type: 'string', pattern: '^[A-Za-z0-9+/]{43}=$' } as const;

export const BEGIN_UPLOAD_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['files'],
  properties: {
    files: {
      type: 'array',
      minItems: 1,
      maxItems: MAX_FILES_PER_BEGIN,
      items: {
        type: 'object', additionalProperties: false, required: ['digest', 'size'], properties: { digest, size },
      },
    },
  },
} as const;

export const UPLOAD_LINKS_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['links'],
  properties: {
    links: {
      type: 'array',
      minItems: 1,
      maxItems: MAX_LINKS_PER_PAGE,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['digest', 'size'],
        properties: {
          digest, size, uploadId, partNumber: { type: 'integer', minimum: 1, maximum: S3_MAX_PARTS }, checksumSha256,
        },
      },
    },
  },
} as const;

export const COMPLETE_UPLOAD_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['digest', 'size', 'uploadId'],
  properties: { digest, size, uploadId },
} as const;

export const PUBLISH_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['files'],
  properties: {
    files: {
      type: 'array',
      minItems: 1,
      maxItems: MAX_FILES_PER_VERSION,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['path', 'size', 'sha256', 'digest'],
        properties: {
          path: { type: 'string', minLength: 1, maxLength: MAX_PATH_BYTES },
          size,
          sha256: { type: 'string', pattern: SHA256_HEX_PATTERN },
          digest,
        },
      },
    },
    metadata: {
      type: 'object',
      maxProperties: MAX_METADATA_ENTRIES,
      additionalProperties: { type: 'string', maxLength: MAX_METADATA_VALUE_LENGTH },
    },
    base: name,
    allowUnsafeNames: { type: 'boolean' },
  },
} as const;

/** Checked by the functions, because draft 4 cannot express a rule for property names. */
export const METADATA_KEY_PATTERN = `^[A-Za-z0-9][A-Za-z0-9._:/-]{0,${MAX_METADATA_KEY_LENGTH - 1}}$`;

export const DOWNLOAD_LINKS_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['paths'],
  properties: {
    paths: {
      type: 'array',
      minItems: 1,
      maxItems: MAX_LINKS_PER_PAGE,
      items: { type: 'string', minLength: 1, maxLength: MAX_PATH_BYTES },
    },
  },
} as const;

const reason = { type: 'string', minLength: 1, maxLength: 1024 } as const;

export const MOVE_ALIAS_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['version'],
  properties: {
    version: name,
    ifRevision: { type: ['string', 'null'], minLength: 1, maxLength: 256 },
    reason,
  },
} as const;

export const REMOVE_ALIAS_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: { ifRevision: { type: 'string', minLength: 1, maxLength: 256 }, reason },
} as const;
