import type { Severity } from './check';
import { moreAbout } from './commands';
import { sha256 } from './evidence-files';
import type { Finding } from './finding';
import { runbookUrl } from './guidance';
import { bucketOf } from './page-words';
import { personOf } from './people';
import type { Report } from './report';

/**
 * The oldest version with Detection Finding, which Amazon Security Lake takes. Later versions only added attributes.
 * https://schema.ocsf.io/1.1.0/classes/detection_finding
 */
const OCSF_VERSION = '1.1.0';

const SEVERITIES: { readonly [severity in Severity]: { readonly severity_id: number; readonly severity: string } } = {
  high: { severity_id: 4, severity: 'High' },
  medium: { severity_id: 3, severity: 'Medium' },
  notice: { severity_id: 1, severity: 'Informational' },
};

const PRINCIPALS_LISTED = 100;

/** Each finding as a Detection Finding of the Open Cybersecurity Schema Framework, one JSON document a line. */
export function findingsAsOcsf(report: Report): string {
  return report.findings.filter(({ state }) => state === 'found')
    .map((finding) => `${JSON.stringify(eventOf(report, finding))}\n`).join('');
}

function eventOf(report: Report, finding: Finding): object {
  const { days, madeAt } = report;
  const { caveat, count, guidance, id, principals, sentence, severity } = finding;
  const bucket = bucketOf(report);
  return {
    activity_id: 1, activity_name: 'Create',
    category_uid: 2, category_name: 'Findings',
    class_uid: 2004, class_name: 'Detection Finding',
    type_uid: 200401, type_name: 'Detection Finding: Create',
    ...SEVERITIES[severity],
    status_id: 1, status: 'New',
    time: madeAt,
    start_time: Date.parse(`${days.from}T00:00:00Z`),
    end_time: Date.parse(`${days.to}T23:59:59.999Z`),
    count,
    message: sentence,
    metadata: {
      version: OCSF_VERSION,
      event_code: id,
      product: { name: 'model-store', vendor_name: 'Secure Model Artifact Store', version: report.version },
    },
    finding_info: {
      // The same for every report on the same days, so that a repeated report repeats no finding.
      uid: sha256(JSON.stringify([id, bucket ?? null, days.from, days.to, report.of ?? null])),
      title: sentence,
      ...(guidance && { desc: [guidance.meaning, ...(caveat === undefined ? [] : [caveat])].join(' ') }),
      created_time: madeAt,
      types: [id],
      analytic: { type_id: 1, type: 'Rule', uid: id, name: finding.title },
      data_sources: ['AWS CloudTrail', 'Amazon S3 server access logs'],
    },
    ...(bucket !== undefined && { resources: [{ type: 'AWS::S3::Bucket', name: bucket }] }),
    ...(principals.length > 0 && {
      evidences: principals.slice(0, PRINCIPALS_LISTED).map((principal) => (
        { actor: { user: { name: personOf(principal, report.settings).name, uid: principal } } }
      )),
    }),
    ...(guidance && {
      remediation: {
        desc: guidance.action, ...(guidance.runbook !== undefined && { references: [runbookUrl(guidance.runbook)] }),
      },
    }),
    unmapped: { command: moreAbout(report, finding), principals: principals.length },
  };
}
