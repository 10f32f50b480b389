/**
 * The entries of docs/runbook.md for the alarms. The description of each alarm links to its entry. A test checks that
 * every entry exists.
 */
export enum RunbookEntry {
  FUNCTION_ERRORS = 'function-errors',
  FAILED_REQUESTS = 'failed-requests',
  FUNCTION_THROTTLES = 'function-throttles',
  API_SERVER_ERRORS = 'api-server-errors',
  ACCESS_DENIED = 'access-denied-on-the-artifact-bucket',
  EGRESS_OF_ONE_PRINCIPAL = 'egress-of-one-principal',
  EGRESS_ANOMALY = 'unusual-egress',
  COPIES_OUT = 'copies-into-another-bucket',
  ACCESS_POINTS = 'reads-through-an-access-point',
  READS_OUTSIDE_PERIMETER = 'reads-from-outside-the-perimeter',
  FUNCTION_DURATION = 'slow-functions',
  CONCURRENCY = 'concurrency-near-its-limit',
  API_CLIENT_ERRORS = 'api-client-errors',
  API_LATENCY = 'api-latency',
  DEAD_LETTERS = 'dead-letters',
  EVIDENCE_STALLED = 'evidence-stalled',
}

export const DEFAULT_RUNBOOK_URL =
  'https://github.com/secure-model-artifact-store/secure-model-artifact-store/blob/main/docs/runbook.md';

/** The text that the person on call sees: one sentence, and the address of the runbook entry. */
export function alarmDescription(sentence: string, runbookUrl: string, entry: string): string {
  return `${sentence} Runbook: ${runbookUrl}#${entry}`;
}
