import type { ErrorCode } from './errors';
import type { RouteName } from './routes';

/** Errors that every route can return. */
const ANY: readonly ErrorCode[] = [
  'invalid_request', 'invalid_name', 'unauthenticated', 'forbidden', 'unnamed_session', 'unknown_route',
  'payload_too_large', 'too_many_requests',
  'internal_error', 'unavailable',
];

const OWN: { readonly [Name in RouteName]: readonly ErrorCode[] } = {
  beginUpload: ['invalid_manifest', 'wrong_size', 'wrong_digest'],
  uploadLinks: ['invalid_manifest'],
  completeUpload: ['invalid_manifest', 'blobs_missing', 'wrong_size', 'wrong_digest', 'expired_upload'],
  publish: [
    'invalid_manifest', 'unknown_version', 'version_exists', 'unsigned_version', 'name_taken', 'damaged_object',
    'blobs_missing', 'wrong_size', 'wrong_digest',
  ],
  downloadLinks: ['unknown_model', 'unknown_version', 'unknown_file', 'damaged_object'],
  listSigningKeys: [],
  listModels: ['invalid_page_token'],
  listVersions: ['invalid_page_token', 'unknown_model'],
  showVersion: ['unknown_model', 'unknown_version', 'damaged_object'],
  resolveReference: ['unknown_model', 'unknown_version', 'name_taken', 'damaged_object'],
  listAliases: ['invalid_page_token', 'unknown_model', 'damaged_object'],
  showAlias: ['unknown_model', 'unknown_alias', 'damaged_object'],
  moveAlias: ['unknown_model', 'unknown_version', 'name_taken', 'damaged_object', 'stale_alias'],
  removeAlias: ['unknown_model', 'unknown_alias', 'damaged_object', 'stale_alias'],
  aliasHistory: ['invalid_page_token', 'unknown_model', 'unknown_alias', 'damaged_object'],
};

/** Returns the errors of a route; those specific to it come last. */
export function errorsOf(route: RouteName): ErrorCode[] {
  return [...ANY, ...OWN[route]];
}
