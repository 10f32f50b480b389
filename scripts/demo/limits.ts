import type { Report } from './report';
import type { LeftOut } from '../../test/local/rig/template';

/** What the local AWS does otherwise than AWS, as far as the store is concerned. test/local/README.md has the details. */
const LIMITS = [
  'KMS: objects are marked as encrypted with the store\'s key, but they are not, and nobody is refused the key',
  'trail and access logs: there is no CloudTrail here, and S3 delivers no access logs',
  'alarms: metric filters and alarms are stored and never evaluated',
  'lifecycle, Object Lock by time, Intelligent-Tiering: stored, and nothing ages here',
  'the conditions on source identity, preconditions of writes, keys and age of links are evaluated with values that this '
    + 'project\'s rig adds (test/local/rig/aws_conditions.py)',
  'API Gateway and S3 answer on one address of this machine; latency, throttling and concurrency are not AWS\'s',
];

/** Prints what this run proved nothing about. */
export function tellLimits(report: Report, leftOut: readonly LeftOut[]): void {
  report.section('What the local AWS cannot stand in for');
  for (const limit of LIMITS) {
    report.line(`  - ${limit}`);
  }
  report.line(leftOut.length === 0
    ? '  - nothing of the template was left out'
    : '  - of the template this was left out, because the local AWS does not know it, and what refers to it:');
  for (const { kind, where, type, because } of leftOut) {
    report.line(`      ${kind} ${where}${type === undefined ? '' : ` (${type})`}: ${because}`);
  }
}
