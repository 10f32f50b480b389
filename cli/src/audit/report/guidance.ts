import type { Guidance } from './finding';
import { GRAVE_GUIDANCE } from './grave-guidance';
import { withQueriesInWords } from './query-words';
import { UNUSUAL_GUIDANCE } from './unusual-guidance';

/** The guidance for checks of the evidence itself. */
const EVIDENCE_GUIDANCE: { readonly [check: string]: Guidance } = {
  'incomplete-logs': {
    nothing: 'All log files were read completely',
    meaning: 'Some records in these files are not included in this report. Any of them could be a finding.',
    action: 'Get the files again from the log archive, verify them with "model-store audit verify-trail", and run the '
      + 'report again. The files are listed under Evidence.',
  },
  'missing-days': {
    nothing: 'There are trail records for every day',
    meaning: 'Nothing is known about these days: the trail was stopped, its files were not copied or were removed, or '
      + 'the account was idle.',
    action: 'Compare with the log archive. If the files are missing there, too, look for StopLogging and deletions.',
    runbook: 'Evidence stalled',
  },
  'other-buckets': {
    nothing: 'All requests for objects are about the artifact bucket',
    meaning: 'The trail also records buckets that are not part of this store, or the settings name the wrong bucket.',
    action: 'Compare artifact_bucket in the settings with the name of the store\'s bucket.',
  },
  'unknown-sizes': {
    nothing: 'The sizes of all reads are known',
    meaning: 'These reads have no recorded size and are not in the totals, so every total of bytes is a minimum.',
    action: 'Read the access logs as well: they contain the sizes of copies.',
  },
  'unchecked-principals': {
    nothing: 'The principals of all reads are checked',
    meaning: 'These reads are listed under the name that the session claims. No record shows who opened it.',
    action: 'Make the trail record read management events and invocations of functions. Until then, treat these names '
      + 'as claims.',
  },
};

const GUIDANCE: { readonly [check: string]: Guidance } = {
  ...EVIDENCE_GUIDANCE, ...GRAVE_GUIDANCE, ...UNUSUAL_GUIDANCE,
};

/** The guidance for a check, by the name of its query or the ID of a check of the evidence. */
export function guidanceFor(check: string): Guidance | undefined {
  if (!Object.hasOwn(GUIDANCE, check)) {
    return undefined;
  }
  const guidance = GUIDANCE[check];
  return { ...guidance, action: withQueriesInWords(guidance.action) };
}

const RUNBOOK =
  'https://github.com/secure-model-artifact-store/secure-model-artifact-store/blob/main/docs/runbook.md';

/** The address of an entry of the runbook. */
export function runbookUrl(heading: string): string {
  return `${RUNBOOK}#${heading.toLowerCase().replace(/ /g, '-')}`;
}
