/** Kinds of tampering: each has an alarm and an entry in the runbook. */
export type TamperEntry = 'Trail' | 'Evidence' | 'Key' | 'Bucket' | 'Role' | 'Function' | 'Monitoring' | 'RootUse';

/** The entries of docs/runbook.md on tampering; a test holds the two together. */
export enum TamperRunbookEntry {
  TRAIL = 'tampering-with-the-trail',
  EVIDENCE = 'tampering-with-evidence',
  KEY = 'tampering-with-keys',
  BUCKET = 'tampering-with-buckets',
  ROLE = 'tampering-with-roles',
  FUNCTION = 'tampering-with-functions',
  MONITORING = 'tampering-with-monitoring',
  ROOT_USE = 'root-use',
  ACCOUNT = 'checks-of-the-account',
}

interface Words {
  readonly runbook: TamperRunbookEntry;
  /** What the alarm says happened. */
  readonly sentence: string;
}

export const TAMPER_ENTRIES: { readonly [entry in TamperEntry]: Words } = {
  Trail: {
    runbook: TamperRunbookEntry.TRAIL,
    sentence: 'The trail of the model artifact store or its log group was stopped, deleted or changed, or a change was attempted.',
  },
  Evidence: {
    runbook: TamperRunbookEntry.EVIDENCE,
    sentence: 'Logs were deleted, their locks were changed or the retention of models was bypassed, or this was attempted.',
  },
  Key: {
    runbook: TamperRunbookEntry.KEY,
    sentence: 'A key of the model artifact store was disabled, scheduled for deletion, shared or made accessible, or this was attempted.',
  },
  Bucket: {
    runbook: TamperRunbookEntry.BUCKET,
    sentence: 'A bucket setting of the model artifact store was changed outside a deployment, or a change was attempted.',
  },
  Role: {
    runbook: TamperRunbookEntry.ROLE,
    sentence: 'A role of the model artifact store or its permissions were changed outside a deployment, or a change was attempted.',
  },
  Function: {
    runbook: TamperRunbookEntry.FUNCTION,
    sentence: 'A function or the API of the model artifact store was changed outside a deployment, or a change was attempted.',
  },
  Monitoring: {
    runbook: TamperRunbookEntry.MONITORING,
    sentence: 'The alarms, tamper rules, topic or named queries of the model artifact store were changed, or a change was attempted.',
  },
  RootUse: {
    runbook: TamperRunbookEntry.ROOT_USE,
    sentence: 'The root user of the account of the model artifact store was used, or a use was attempted.',
  },
};
