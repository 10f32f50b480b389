import type { Guidance } from './finding';

/** The guidance for the checks for theft and for covering it up. */
export const GRAVE_GUIDANCE: { readonly [check: string]: Guidance } = {
  reconciliation: {
    nothing: 'No request is missing from the trail or from the access logs',
    meaning: 'CloudTrail does not lose records. A request that only the access logs have means that the trail was '
      + 'stopped or narrowed, or that its files were removed. One that only the trail has is often late or lost, '
      + 'because S3 does not guarantee access logs.',
    action: 'Verify the trail with "model-store audit verify-trail", and look for changes to it in protection-changes. '
      + 'Treat everything that happened in the same period as unproven.',
    runbook: 'Tampering with the trail',
  },
  'conflicting-records': {
    nothing: 'No two records of the trail have one ID and different content',
    meaning: 'CloudTrail never writes two different records with one ID. One of them was changed, or the tool that '
      + 'exported the logs broke the IDs.',
    action: 'Get the original files from the log archive, verify them with "model-store audit verify-trail", and run '
      + 'the report on them.',
    runbook: 'Tampering with evidence',
  },
  'contradicting-logs': {
    nothing: 'The trail and the access logs describe no request differently',
    meaning: 'Both logs describe the same request, so a difference means that one of them was changed.',
    action: 'Verify the trail with "model-store audit verify-trail". If it is intact, compare the access logs with the '
      + 'originals in the log archive.',
    runbook: 'Tampering with evidence',
  },
  'direct-invocations': {
    nothing: 'No function of the store was invoked without its API',
    meaning: 'A function believes the event that invokes it. Whoever invokes it directly can act in the name of any '
      + 'caller.',
    action: 'Treat everything that these principals did as suspect, and remove their permission to invoke functions.',
    runbook: 'Direct invocations of functions',
  },
  'canary-reads': {
    nothing: 'No one requested a canary model',
    meaning: 'No one has a reason to read a canary model, so whoever did is searching for models to take.',
    action: 'Revoke the sessions of these principals first. Then see everything that they did with '
      + '"model-store audit person".',
    runbook: 'Reads of a canary model',
  },
  'direct-reads': {
    nothing: 'No model was read without a session of the store',
    meaning: 'These reads bypassed the store: its API did not check the caller and did not record the request.',
    action: 'Ask who allowed the role to read the bucket. Remove the permission, or add the role to '
      + 'direct_role_arns if it is a job.',
    runbook: 'Egress of one principal',
  },
  'egress-outside-perimeter': {
    nothing: 'No model was downloaded from outside the perimeter',
    meaning: 'Bytes of models went to an address that is not in your networks and not behind your VPC endpoints. '
      + 'Stolen credentials and shared presigned URLs look like this; so does work without the VPN.',
    action: 'Ask each person whether the address is theirs. If not, revoke their sessions and rotate their '
      + 'credentials.',
    runbook: 'Reads from outside the perimeter',
  },
  'copies-to-other-buckets': {
    nothing: 'No model was copied',
    meaning: 'S3 copied models without a download. A copy in the bucket of another account is out of your control.',
    action: 'Find out who owns the target bucket. If it is not yours, treat the model as lost.',
    runbook: 'Copies into another bucket',
  },
  'replication-changes': {
    nothing: 'No one changed the replication of the buckets of the store outside of a deployment',
    meaning: 'A replication rule copies every new object, and a batch job the existing ones, without further requests.',
    action: 'Compare the rule with the template, restore the stack, and check which objects were replicated.',
    runbook: 'Tampering with buckets',
  },
  'paths-out': {
    nothing: 'No request to another service could copy models or let others read them',
    meaning: 'Other services copy objects under their own name, and then no download of a person is recorded.',
    action: 'Ask what the service is for. If nobody knows, delete what the request created, and treat the models as '
      + 'copied.',
    runbook: 'Tampering with buckets',
  },
  'read-then-delete': {
    nothing: 'No one downloaded large volumes and then deleted',
    meaning: 'Taking data and deleting the original is how extortion begins.',
    action: 'Revoke the sessions of these principals, and restore what was deleted from its versions or the backup.',
    runbook: 'Tampering with evidence',
  },
  deletions: {
    nothing: 'No one deleted models or evidence, or changed their retention',
    meaning: 'Models or evidence were removed, or can be removed earlier than planned.',
    action: 'Restore deleted objects from their versions or the backup. Compare the requests with approved work.',
    runbook: 'Tampering with evidence',
  },
  'presigned-url-from-other-address': {
    nothing: 'No presigned URL was used from another address than the one that requested it',
    meaning: 'A presigned URL works for anyone who has it. It was probably shared or stolen. A change of network '
      + 'during a download looks the same.',
    action: 'Ask the person who requested the URL. If the address is not theirs, treat the model as lost.',
    runbook: 'Egress of one principal',
  },
  'unexpected-role-assumption': {
    nothing: 'No model was read in a session that neither the store nor a service opened',
    meaning: 'Someone opened a session of a role of the store or of a job, and read models under a name that is not '
      + 'theirs.',
    action: 'Restore the trust policy of the role, and treat the reads as those of the principal that opened the '
      + 'session.',
    runbook: 'Tampering with roles',
  },
  'auditor-model-reads': {
    nothing: 'No auditor downloaded a model',
    meaning: 'The auditor role has an explicit deny on files of models, so its policy was changed, or another role of '
      + 'the auditor was used.',
    action: 'Restore the policies of the role, and have another person continue the audit.',
    runbook: 'Tampering with roles',
  },
  'evidence-reads': {
    nothing: 'No one other than auditors read the log archive',
    meaning: 'Logs show who works on what and which detections exist. Intruders read them before they act.',
    action: 'Ask what they were looking for. Remove their access to the log archive, or add the role to '
      + 'auditor_role_arns if it audits.',
    runbook: 'Tampering with evidence',
  },
  'direct-role-elsewhere': {
    nothing: 'No direct role was used from a new network',
    meaning: 'Jobs run in the same networks. Credentials of a job that appear elsewhere were probably stolen from it.',
    action: 'Ask the owner of the job whether it moved. If not, revoke the sessions of the role.',
    runbook: 'Egress of one principal',
  },
  'direct-writes': {
    nothing: 'No one wrote to models without a session of the store',
    meaning: 'A model may contain bytes that the store never checked.',
    action: 'Stop using the version. Pull it with signature verification, and compare it with its source.',
    runbook: 'Tampering with buckets',
  },
  'unsigned-versions': {
    nothing: 'No version was published without a signature',
    meaning: 'The store signs every manifest. A version without a signature was not published by the store.',
    action: 'Stop using the version, and find out who wrote it in direct-writes.',
    runbook: 'Tampering with buckets',
  },
  'protection-changes': {
    nothing: 'No one changed the protection of models or evidence outside of a deployment',
    meaning: 'Someone changed a bucket, key, role, function, trail or alarm of the store by hand. What they protect is '
      + 'weaker, or what they record is incomplete, from that time on.',
    action: 'Compare each change with approved work. Restore the stack, and treat later evidence with care.',
    runbook: 'Tampering with monitoring',
  },
  'bulk-egress-by-new-principals': {
    nothing: 'No new principal downloaded large volumes in its first days',
    meaning: 'Someone who had never read models took a lot at once. New colleagues and new pipelines do, too.',
    action: 'Ask who they are and who gave them access. For an expected pipeline, raise bulk_egress_bytes.',
    runbook: 'Egress of one principal',
  },
};
