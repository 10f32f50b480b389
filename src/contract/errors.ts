/**
 * Every error the API answers with: its code, its HTTP status and when it is given. Clients decide by `code`; the text
 * is for people. A 5xx is a bug of the store or a fault of AWS, never the caller's doing.
 */
export const ERRORS = {
  invalid_request: { status: 400, when: 'The request does not fit its schema; `details` names every offending field.' },
  invalid_name: { status: 400, when: 'A model, version or alias name breaks the rule for names.' },
  invalid_manifest: { status: 400, when: 'The files of a version break a rule (path, duplicate, size, digest); `details` names every one.' },
  invalid_page_token: { status: 400, when: 'A page token was not given out by this endpoint.' },
  unauthenticated: { status: 401, when: 'No valid credentials came with the request.' },
  forbidden: { status: 403, when: 'The caller may not do this, or not with this model.' },
  unnamed_session: { status: 403, when: 'The session of the caller\'s role has a name that an AWS SDK made up, which says nothing of who called.' },
  unknown_route: { status: 404, when: 'No such method and path.' },
  unknown_model: { status: 404, when: 'No version of this model was ever published.' },
  unknown_version: { status: 404, when: 'The model has no such version.' },
  unknown_alias: { status: 404, when: 'The model has no such alias.' },
  unknown_file: { status: 404, when: 'The version has no file of that path; `details` names every one.' },
  version_exists: {
    status: 409,
    when: 'The version was published with other files, metadata or base, which `details` names; versions never change.',
  },
  name_taken: { status: 409, when: 'A version and an alias of one model may not share a name.' },
  stale_alias: { status: 412, when: 'The alias moved since it was read, or exists where it was expected not to.' },
  blobs_missing: { status: 409, when: 'Files of the version were not, or not wholly, uploaded; `details` names every one.' },
  wrong_size: { status: 409, when: 'A stored file has another size than the manifest says.' },
  wrong_digest: { status: 409, when: 'A stored file has another checksum than the manifest says.' },
  damaged_object: {
    status: 409,
    when: 'A stored manifest or alias is not well-formed, as `details` says; only the operators of the store can mend it.',
  },
  expired_upload: { status: 410, when: 'The multipart upload was finished, aborted or expired; begin again.' },
  payload_too_large: { status: 413, when: 'The request, or the version, is larger than a limit.' },
  too_many_requests: { status: 429, when: 'Throttled; try again later.' },
  internal_error: { status: 500, when: 'A bug of the store; the request id finds it in the logs.' },
  unavailable: { status: 503, when: 'AWS did not answer, or is busy; try again.' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorDetail {
  /** Where: a JSON path into the request such as `files[3].path`, or a file's path. */
  readonly field: string;
  /** What is wrong and what would be right. */
  readonly message: string;
}

export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: readonly ErrorDetail[];
  readonly requestId: string;
}
