import type { Guidance } from './finding';

/** The guidance for the checks for unusual behavior. */
export const UNUSUAL_GUIDANCE: { readonly [check: string]: Guidance } = {
  'repeated-denials': {
    nothing: 'No one was denied repeatedly',
    meaning: 'Someone probed what they can access, or a job lost its permissions.',
    action: 'Ask what they were looking for. Many different models or objects point to a search, one object to a '
      + 'broken job.',
    runbook: 'Access denied on the artifact bucket',
  },
  'unnamed-sessions': {
    nothing: 'No session with a generated name accessed models',
    meaning: 'The name of the session identifies no one, so its downloads cannot be attributed by name.',
    action: 'Look at opened_by in the result, and make the role\'s trust policy require a meaningful session name.',
  },
  'misnamed-sessions': {
    nothing: 'Every session of the roles that call the API has the name of the principal that opened it',
    meaning: 'Someone opened a session under the name of another person, so the store attributed their requests to '
      + 'that person.',
    action: 'Treat the requests of these sessions as those of the principal that opened them, and restrict the trust '
      + 'policy of the role.',
    runbook: 'Tampering with roles',
  },
  'two-places': {
    nothing: 'No one made requests from two places at the same time',
    meaning: 'One person is rarely in two networks within ten minutes. Shared or stolen credentials look like this; so '
      + 'does switching to or from a VPN.',
    action: 'Ask the person about both addresses. If one is not theirs, revoke their sessions.',
    runbook: 'Egress of one principal',
  },
  'object-enumeration': {
    nothing: 'No one listed or examined many objects without downloading them',
    meaning: 'Someone looked at what exists. This often precedes a theft; inventories and scanners do it, too.',
    action: 'Ask what the list is for, and see what the principal did next with "model-store audit person".',
    runbook: 'Unusual egress',
  },
  'off-hours-bulk-egress': {
    nothing: 'No one downloaded large volumes at night or on a day off',
    meaning: 'A large download at a time when few people work. Nightly pipelines look the same.',
    action: 'Ask the person. For pipelines with large models, raise the setting bulk_egress_bytes above their usual '
      + 'night.',
    runbook: 'Unusual egress',
  },
  'volume-anomalies': {
    nothing: 'No one downloaded far more than usual in one day',
    meaning: 'This day was far above the principal\'s usual volume. The usual reason is a new task; theft is another.',
    action: 'Ask the person. If such days are ordinary, raise the setting median_floor_bytes above the largest '
      + 'of them.',
    runbook: 'Unusual egress',
  },
  'file-count-anomalies': {
    nothing: 'No one downloaded far more files than usual in one day',
    meaning: 'Many distinct files in one day, even small ones, can be an attempt to copy everything.',
    action: 'Ask the person. If such days are ordinary, raise the setting median_floor_objects above the '
      + 'largest of them.',
    runbook: 'Unusual egress',
  },
  'weekly-volume-anomalies': {
    nothing: 'No one downloaded far more in one week than in the weeks before',
    meaning: 'Each day may look ordinary, but the week does not. Slow theft looks like this.',
    action: 'Ask the person, and see {egress-by-day} for the individual days.',
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
    meaning: 'The principal is downloading models that it never needed before. The usual reason is a new role.',
    action: 'Ask the person which task needs all of these models.',
    runbook: 'Unusual egress',
  },
  'reused-presigned-urls': {
    nothing: 'No presigned URL was used by several clients or more than once for a whole file',
    meaning: 'A presigned URL works for anyone who has it. Several clients, or repeated downloads, mean that it was '
      + 'shared or copied. A restarted download looks the same.',
    action: 'Ask the person who requested the URL. If they did not share it, treat the model as lost.',
    runbook: 'Egress of one principal',
  },
  'unused-presigned-urls': {
    nothing: 'No one requested presigned URLs without using any',
    meaning: 'Someone collected URLs, perhaps to see what they can get or to pass the URLs on. Interrupted downloads '
      + 'look the same.',
    action: 'Compare with the models that the person works on.',
  },
  'unusual-user-agents': {
    nothing: 'No one used a client that is new to them, or a known tool for copying data',
    meaning: 'A new client may be a new job, or someone else with the same credentials.',
    action: 'Ask the person whether they use this client.',
    runbook: 'Egress of one principal',
  },
  'alias-moves': {
    nothing: 'No alias was moved in an unusual way',
    meaning: 'Deployments use the version that an alias points to, so moving an alias changes which model runs.',
    action: 'Compare each move with an approved release, and pull the version with signature verification.',
  },
  'long-lived-presigned-urls': {
    nothing: 'No presigned URL was valid for longer than the store allows',
    meaning: 'The store did not sign these URLs. Someone signed them with other credentials, to use or share for days.',
    action: 'Find out which credentials signed them, and remove their permission to read models.',
    runbook: 'Egress of one principal',
  },
  'first-time-readers': {
    nothing: 'No one downloaded models for the first time',
    meaning: 'These principals are new. Most are new colleagues and new pipelines.',
    action: 'Compare the list with the people who were given access.',
  },
};
