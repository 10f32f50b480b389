import type { Guidance } from './finding';

/** The guidance for the checks for theft and for covering it up. */
export const GRAVE_GUIDANCE: { readonly [check: string]: Guidance } = {
  reconciliation: {
    nothing: 'No request is missing from the trail or from the access logs',
    meaning: 'CloudTrail does not lose records. If only the access logs have a request, the trail was stopped or '
      + 'narrowed, or its files were removed. If only the trail has it, the line of the access logs is often just late '
      + 'or lost, because S3 does not guarantee delivery.',
    action: 'Verify the trail with "model-store audit verify-trail", and look for changes to it with the query '
      + '{protection-changes}. Treat the logs as incomplete for the period of the missing requests.',
    runbook: 'Tampering with the trail',
  },
  'conflicting-records': {
    nothing: 'No two trail records have the same ID but different content',
    meaning: 'CloudTrail never writes two different records with one ID. One of them was changed, or the tool that '
      + 'exported the logs corrupted the IDs.',
    action: 'Get the original files from the log archive, verify them with "model-store audit verify-trail", and run '
      + 'the report on them.',
    runbook: 'Tampering with evidence',
  },
  'contradicting-logs': {
    nothing: 'The trail and the access logs agree on every request that both describe',
    meaning: 'Both logs describe the same request, so a difference means that one of them was changed.',
    action: 'Verify the trail with "model-store audit verify-trail". If it is intact, compare the access logs with the '
      + 'originals in the log archive.',
    runbook: 'Tampering with evidence',
  },
  'direct-invocations': {
    nothing: 'No function of the store was invoked without its API',
    meaning: 'A function trusts the event that invokes it, so anyone who invokes it directly can act as any caller.',
    action: 'Treat everything that these principals did as suspect, and remove their permission to invoke functions.',
    runbook: 'Direct invocations of functions',
  },
  'canary-reads': {
    nothing: 'No one requested a canary model',
    meaning: 'No work requires reading a canary model, so the caller is probably looking for models to steal.',
    action: 'Revoke the sessions of these principals first. Then list everything that they did with '
      + '"model-store audit person".',
    runbook: 'Reads of a canary model',
  },
  'direct-reads': {
    nothing: 'No one read models directly from S3',
    meaning: 'These reads bypassed the store: its API did not check the caller and did not record the request.',
    action: 'Ask who allowed the role to read the bucket. Remove the permission, or add the role to '
      + 'the setting direct_role_arns if it is a job.',
    runbook: 'Egress of one principal',
  },
  'egress-outside-perimeter': {
    nothing: 'No model was downloaded from outside the perimeter',
    meaning: 'Model files went to an address that is neither in your networks nor behind your VPC endpoints. '
      + 'Stolen credentials and shared presigned URLs look like this; so does work without the VPN.',
    action: 'Ask each person whether the address is theirs. If not, revoke their sessions and rotate their '
      + 'credentials.',
    runbook: 'Reads from outside the perimeter',
  },
  'copies-to-other-buckets': {
    nothing: 'No model was copied',
    meaning: 'S3 copied models without a download. A copy in another account\'s bucket is outside your control.',
    action: 'Find out who owns the target bucket. If it is not yours, treat the model as lost.',
    runbook: 'Copies into another bucket',
  },
  'replication-changes': {
    nothing: 'No one changed the replication of the store\'s buckets outside of a deployment',
    meaning: 'A replication rule copies every new object, and a batch job can copy the existing ones, without further '
      + 'requests.',
    action: 'Compare the rule with the template, restore the stack, and check which objects were replicated.',
    runbook: 'Tampering with buckets',
  },
  'paths-out': {
    nothing: 'No request to another service could copy models or let others read them',
    meaning: 'Other services copy objects in their own name, so the trail shows no sign of a download by a person.',
    action: 'Ask what the service is for. If nobody knows, delete what the request created, and treat the models as '
      + 'copied.',
    runbook: 'Tampering with buckets',
  },
  'read-then-delete': {
    nothing: 'No one downloaded large volumes and then deleted from the store',
    meaning: 'Extortion often begins this way: an attacker copies data, then deletes the originals.',
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
    nothing: 'No presigned URL was used from an address other than the one that requested it',
    meaning: 'A presigned URL works for anyone who has it. It was probably shared or stolen. A change of network '
      + 'during a download looks the same.',
    action: 'Ask the person who requested the URL. If the address is not theirs, treat the model as lost.',
    runbook: 'Egress of one principal',
  },
  'unexpected-role-assumption': {
    nothing: 'No model was read in a session that neither the store nor an AWS service opened',
    meaning: 'Someone opened a session of a store role or a job role, and read models under a name that is not theirs.',
    action: 'Restore the trust policy of the role, and treat the reads as those of the principal that opened the '
      + 'session.',
    runbook: 'Tampering with roles',
  },
  'auditor-model-reads': {
    nothing: 'No auditor downloaded a model',
    meaning: 'The auditor role has an explicit deny on model files, so its policy was changed, or the auditor used '
      + 'another role.',
    action: 'Restore the policies of the role, and have another person continue the audit.',
    runbook: 'Tampering with roles',
  },
  'evidence-reads': {
    nothing: 'No one other than auditors read the log archive',
    meaning: 'Logs show who works on what and which detections exist. Intruders read them before they act.',
    action: 'Ask what they were looking for. Remove their access to the log archive, or add the role to '
      + 'the setting auditor_role_arns if it audits.',
    runbook: 'Tampering with evidence',
  },
  'direct-role-elsewhere': {
    nothing: 'No direct role was used from a new network',
    meaning: 'A job usually runs in the same networks. If its credentials appear elsewhere, they were probably stolen.',
    action: 'Ask the owner of the job whether it moved. If not, revoke the sessions of the role.',
    runbook: 'Egress of one principal',
  },
  'direct-writes': {
    nothing: 'No one bypassed the store to write to models',
    meaning: 'A model may contain bytes that the store never checked.',
    action: 'Stop using the version. Pull it with signature verification, and compare it with its source.',
    runbook: 'Tampering with buckets',
  },
  'unsigned-versions': {
    nothing: 'No version was published without a signature',
    meaning: 'The store signs every manifest. A version without a signature was not published by the store.',
    action: 'Stop using the version, and find out who wrote it: see the result of {direct-writes}.',
    runbook: 'Tampering with buckets',
  },
  'protection-changes': {
    nothing: 'No one changed the protection of models or evidence outside of a deployment',
    meaning: 'Someone changed a bucket, key, role, function, trail or alarm of the store by hand. From then on, '
      + 'the protection may be weaker, and the records may be incomplete.',
    action: 'Compare each change with approved work. Restore the stack, and treat later evidence with caution.',
    runbook: 'Tampering with monitoring',
  },
  'bulk-egress-by-new-principals': {
    nothing: 'No new principal downloaded large volumes in its first three days',
    meaning: 'Someone who had never read models downloaded a lot at once. New colleagues and pipelines do that, too.',
    action: 'Ask who they are and who gave them access. For an expected pipeline, raise the setting bulk_egress_bytes.',
    runbook: 'Egress of one principal',
  },
};
