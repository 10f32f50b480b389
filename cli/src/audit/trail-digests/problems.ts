/** The kinds of problems with the evidence. */
export const PROBLEMS = {
  log_missing: 'missing log file',
  log_changed: 'modified log file',
  log_unreadable: 'unreadable log file',
  log_unsigned: 'log file that is not in any digest file',
  log_twice: 'duplicate log file',
  digest_missing: 'missing digest file',
  digest_changed: 'modified digest file',
  digest_unreadable: 'unreadable digest file',
  digest_moved: 'digest file that is not at its original location',
  digest_signature: 'missing or invalid signature of a digest file',
  digest_unlinked: 'digest file that is not part of the chain',
  key_unknown: 'digest file signed with an unknown key',
  chain_restarted: 'restarted chain of digest files',
  gap: 'period without digest files',
  no_digests: 'no digest files',
} as const;

export type ProblemKind = keyof typeof PROBLEMS;

export interface Problem {
  readonly kind: ProblemKind;
  readonly account: string;
  readonly region: string;
  /** Undefined if no digest file identifies the trail. */
  readonly trail?: string;
  /** The path in the folder, or the S3 key. */
  readonly file?: string;
  readonly expected: string;
  readonly found: string;
  /** The affected period, as far as known. */
  readonly from?: string;
  readonly to?: string;
}

/** Information that is not a problem. */
export interface Note {
  readonly account: string;
  readonly region: string;
  readonly trail?: string;
  readonly message: string;
}

export interface Span {
  readonly from: string;
  readonly to: string;
}
