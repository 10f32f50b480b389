/** What can be wrong with the evidence. */
export const PROBLEMS = {
  log_missing: 'a log file is missing',
  log_changed: 'a log file was changed',
  log_unreadable: 'a log file cannot be read',
  log_unsigned: 'a log file that no digest file signs for',
  log_twice: 'a log file lies here twice',
  digest_missing: 'a digest file is missing',
  digest_changed: 'a digest file was changed',
  digest_unreadable: 'a digest file cannot be read',
  digest_moved: 'a digest file is not where it was delivered',
  digest_signature: 'the signature of a digest file is not good',
  digest_unlinked: 'a digest file that the chain passes by',
  key_unknown: 'a digest file is signed with a key that is not known',
  chain_restarted: 'the chain was broken off and begun anew',
  gap: 'nothing signs for a time',
  no_digests: 'there are no digest files',
} as const;

export type ProblemKind = keyof typeof PROBLEMS;

export interface Problem {
  readonly kind: ProblemKind;
  readonly account: string;
  readonly region: string;
  /** Absent where no digest file says which trail it is. */
  readonly trail?: string;
  /** A path below the folder, or a key. */
  readonly file?: string;
  readonly expected: string;
  readonly found: string;
  /** The time that is in doubt, as far as it is known. */
  readonly from?: string;
  readonly to?: string;
}

/** What is not wrong, and still to be known. */
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
