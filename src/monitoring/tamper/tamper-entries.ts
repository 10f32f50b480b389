/** The kinds of tampering. Each has an alarm and an entry in the runbook. */
export type TamperEntry =
  'Trail' | 'Evidence' | 'Key' | 'Bucket' | 'Role' | 'Function' | 'Invocation' | 'Monitoring' | 'Organization'
  | 'LargeRequest' | 'Canary' | 'RootUse';

/** The entries of docs/runbook.md on tampering. A test checks that every entry exists. */
export enum TamperRunbookEntry {
  TRAIL = 'tampering-with-the-trail',
  EVIDENCE = 'tampering-with-evidence',
  KEY = 'tampering-with-keys',
  BUCKET = 'tampering-with-buckets',
  ROLE = 'tampering-with-roles',
  FUNCTION = 'tampering-with-functions',
  INVOCATION = 'direct-invocations-of-functions',
  MONITORING = 'tampering-with-monitoring',
  ORGANIZATION = 'changes-to-the-organization',
  LARGE_REQUEST = 'changes-without-request-parameters',
  CANARY = 'reads-of-a-canary-model',
  ROOT_USE = 'root-user-activity',
  ACCOUNT = 'account-wide-checks',
}

interface Words {
  readonly runbook: TamperRunbookEntry;
  /** What happened, as the description of the alarm states it. */
  readonly sentence: string;
}

export const TAMPER_ENTRIES: { readonly [entry in TamperEntry]: Words } = {
  Trail: {
    runbook: TamperRunbookEntry.TRAIL,
    sentence: 'The trail of the model artifact store or its log group was stopped, deleted or changed, or an attempt '
      + 'was made.',
  },
  Evidence: {
    runbook: TamperRunbookEntry.EVIDENCE,
    sentence: 'Logs of the model artifact store were deleted, their Object Lock was changed, the retention of models '
      + 'was bypassed, or an attempt was made.',
  },
  Key: {
    runbook: TamperRunbookEntry.KEY,
    sentence: 'A KMS key of the model artifact store was disabled, scheduled for deletion, shared or changed, or an '
      + 'attempt was made.',
  },
  Bucket: {
    runbook: TamperRunbookEntry.BUCKET,
    sentence: 'A bucket setting of the model artifact store was changed, or a change was attempted, outside a '
      + 'deployment.',
  },
  Role: {
    runbook: TamperRunbookEntry.ROLE,
    sentence: 'A role with access to the model artifact store or its permissions were changed, or a change was '
      + 'attempted, outside a deployment.',
  },
  Function: {
    runbook: TamperRunbookEntry.FUNCTION,
    sentence: 'A function, the API or the user pool of the model artifact store was changed, or a change was '
      + 'attempted, outside a deployment.',
  },
  Invocation: {
    runbook: TamperRunbookEntry.INVOCATION,
    sentence: 'A function of the model artifact store was invoked without its API, in the name of any caller, or an '
      + 'attempt was made.',
  },
  Monitoring: {
    runbook: TamperRunbookEntry.MONITORING,
    sentence: 'The alarms, tamper rules, alarm topic, audit queries or SSM parameters of the model artifact store were '
      + 'changed, or a change was attempted.',
  },
  Organization: {
    runbook: TamperRunbookEntry.ORGANIZATION,
    sentence: 'The account of the model artifact store left its organization, or the organization or its policies were '
      + 'changed, or an attempt was made.',
  },
  LargeRequest: {
    runbook: TamperRunbookEntry.LARGE_REQUEST,
    sentence: 'A large request changed or tried to change a resource that its record does not name, which may be part '
      + 'of the model artifact store.',
  },
  Canary: {
    runbook: TamperRunbookEntry.CANARY,
    sentence: 'A canary model, which no one has a reason to read, was read or requested from the model artifact store.',
  },
  RootUse: {
    runbook: TamperRunbookEntry.ROOT_USE,
    sentence: 'The root user of the account of the model artifact store was used, or a sign-in was attempted.',
  },
};
