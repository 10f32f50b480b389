import type { Guidance } from './finding';

/** The guidance for the checks for unusual behavior. */
export const UNUSUAL_GUIDANCE: { readonly [check: string]: Guidance } = {
  'repeated-denials': {
    nothing: 'No one was denied repeatedly',
    meaning: 'Someone tried out what they can reach, or a job lost its permissions.',
    action: 'Ask what they were looking for. Many different models or objects point to a search, one object to a '
      + 'broken job.',
    runbook: 'Access denied on the artifact bucket',
  },
  'unnamed-sessions': {
    nothing: 'No session with a generated name used models',
    meaning: 'The name of the session identifies no one, so its downloads cannot be attributed by name.',
    action: 'See opened_by in the result, and make the trust policy of the role require a name.',
  },
  'misnamed-sessions': {
    nothing: 'Every session of the roles that call the API has the name of the principal that opened it',
    meaning: 'Someone opened a session under the name of another person, so the store attributed their requests to '
      + 'that person.',
    action: 'Treat the requests of these sessions as those of the principal that opened them, and restrict the trust '
      + 'policy of the role.',
    runbook: 'Tampering with roles',
  },
  'off-hours-bulk-egress': {
    nothing: 'No one downloaded large volumes at night or on a day off',
    meaning: 'A large download when few people work. Nightly pipelines look the same.',
    action: 'Ask the person. For pipelines with large models, raise bulk_egress_bytes above their usual night.',
    runbook: 'Unusual egress',
  },
  'volume-anomalies': {
    nothing: 'No one downloaded far more than usual in one day',
    meaning: 'A day far above what is usual for this principal. A new task is the usual reason; theft is another.',
    action: 'Ask the person. If such days are ordinary, raise median_floor_bytes above the largest of them.',
    runbook: 'Unusual egress',
  },
  'file-count-anomalies': {
    nothing: 'No one downloaded far more files than usual in one day',
    meaning: 'Many different files in one day, even if they are small. It can be an attempt to copy everything.',
    action: 'Ask the person. If such days are ordinary, raise median_floor_objects above the largest of them.',
    runbook: 'Unusual egress',
  },
  'weekly-volume-anomalies': {
    nothing: 'No one downloaded far more in one week than in the weeks before',
    meaning: 'Each day may look ordinary, but the week does not. Slow theft looks like this.',
    action: 'Ask the person, and see egress-by-day for the days.',
    runbook: 'Unusual egress',
  },
  'new-networks': {
    nothing: 'No one downloaded models from a new network',
    meaning: 'The principal had never used this network, and it is outside the perimeter: a trip, a new connection, or '
      + 'stolen credentials.',
    action: 'Ask the person whether the address is theirs. If not, revoke their sessions and rotate their credentials.',
    runbook: 'Reads from outside the perimeter',
  },
  'many-new-models': {
    nothing: 'No one downloaded many models for the first time',
    meaning: 'A principal that collects models it never needed before. A new role is the usual reason.',
    action: 'Ask the person which task needs all of these models.',
    runbook: 'Unusual egress',
  },
  'long-lived-presigned-urls': {
    nothing: 'No presigned URL was valid for longer than the store allows',
    meaning: 'The store did not sign these URLs. Someone signed them with other credentials, to use or share for days.',
    action: 'Find out which credentials signed them, and remove their permission to read models.',
    runbook: 'Egress of one principal',
  },
  'first-time-readers': {
    nothing: 'No one downloaded models for the first time',
    meaning: 'New readers. Most are new colleagues and new pipelines.',
    action: 'Compare the list with the people who were given access.',
  },
};
