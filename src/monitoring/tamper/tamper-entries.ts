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
    sentence: 'Somebody stopped, deleted or changed the trail of the model artifact store or its log group, or tried to.',
  },
  Evidence: {
    runbook: TamperRunbookEntry.EVIDENCE,
    sentence: 'Somebody deleted logs, changed their locks or bypassed the retention of models, or tried to.',
  },
  Key: {
    runbook: TamperRunbookEntry.KEY,
    sentence: 'Somebody disabled, scheduled for deletion, shared or opened a key of the model artifact store, or tried to.',
  },
  Bucket: {
    runbook: TamperRunbookEntry.BUCKET,
    sentence: 'Somebody changed the settings of a bucket of the model artifact store past its deployments, or tried to.',
  },
  Role: {
    runbook: TamperRunbookEntry.ROLE,
    sentence: 'Somebody changed a role of the model artifact store or its permissions past its deployments, or tried to.',
  },
  Function: {
    runbook: TamperRunbookEntry.FUNCTION,
    sentence: 'Somebody changed a function or the API of the model artifact store past its deployments, or tried to.',
  },
  Monitoring: {
    runbook: TamperRunbookEntry.MONITORING,
    sentence: 'Somebody changed the alarms, the tamper rules, the topic or the questions of the model artifact store, or tried to.',
  },
  RootUse: {
    runbook: TamperRunbookEntry.ROOT_USE,
    sentence: 'Somebody used the root user of the account that the model artifact store is in, or tried to.',
  },
};
