/**
 * Every error of the API: its code, its HTTP status and when it is returned. Clients must use `code`; the message is
 * for people. A 5xx is a bug in the store or a failure of AWS, never an error of the caller.
 */
export const ERRORS = {
  invalid_request: { status: 400, when: 'The request does not match its schema; `details` lists every invalid field.' },
  invalid_name: { status: 400, when: 'Invalid name of a model, version or alias.' },
  invalid_manifest: { status: 400, when: 'Invalid files (path, duplicate, size or digest); `details` lists them.' },
  invalid_page_token: { status: 400, when: 'Invalid page token.' },
  unauthenticated: { status: 401, when: 'The request has no valid credentials.' },
  forbidden: { status: 403, when: 'The caller is not permitted to do this, or not with this model.' },
  unnamed_session: {
    status: 403,
    when: 'The session name of the caller\'s role is an AWS SDK default, which does not identify the caller.',
  },
  unknown_route: { status: 404, when: 'No such method and path.' },
  unknown_model: { status: 404, when: 'The model does not exist: no version of it has been published.' },
  unknown_version: { status: 404, when: 'The model has no such version.' },
  unknown_alias: { status: 404, when: 'The model has no such alias, or no longer.' },
  unknown_file: { status: 404, when: 'The version has no file with that path; `details` lists the paths.' },
  version_exists: {
    status: 409,
    when: 'The version exists with different files, metadata or base, listed in `details`; versions never change.',
  },
  unsigned_version: {
    status: 409,
    when: 'The version exists without a signature, and the store signs only what it publishes itself.',
  },
  name_taken: {
    status: 409, when: 'A version and an alias of a model cannot have the same name, even if the alias was removed.',
  },
  stale_alias: {
    status: 412,
    when: 'The alias does not have the expected revision, because it was moved, created, removed or never existed.',
  },
  blobs_missing: { status: 409, when: 'Files of the version were not uploaded completely; `details` lists them.' },
  wrong_size: { status: 409, when: 'The size of a stored file differs from the declared size.' },
  wrong_digest: { status: 409, when: 'The checksum of a stored file differs from the declared checksum.' },
  damaged_object: {
    status: 409,
    when: 'A stored manifest or alias is damaged, see `details`; only the operators of the store can repair it.',
  },
  expired_upload: { status: 410, when: 'The multipart upload was completed, aborted or expired; begin again.' },
  payload_too_large: { status: 413, when: 'The request or the version exceeds a limit.' },
  too_many_requests: { status: 429, when: 'Throttled; try again later.' },
  internal_error: { status: 500, when: 'Internal error; search the logs for the request ID.' },
  unavailable: { status: 503, when: 'AWS did not respond or is busy; try again.' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorDetail {
  /** A JSON path in the request, such as `files[3].path`, or the path of a file. */
  readonly field: string;
  /** What is wrong and what is expected. */
  readonly message: string;
}

export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: readonly ErrorDetail[];
  readonly requestId: string;
}
