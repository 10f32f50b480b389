import type { Report } from './report';
import type { LeftOut } from '../../test/local/rig/template';

export interface Limit {
  readonly subject: string;
  readonly limit: string;
}

/** Differences between the local AWS and AWS that matter for the store. See test/local/README.md for details. */
export const LIMITS: readonly Limit[] = [
  {
    subject: 'Bucket settings',
    limit: 'encryption, lifecycle, Object Lock, ownership and access logging are not deployed; objects never expire',
  },
  { subject: 'Encryption', limit: 'objects are stored unencrypted, and permissions on the key are not required' },
  {
    subject: 'Trail and access logs',
    limit: 'there is no CloudTrail and no S3 log delivery: a recording proxy of this project writes both kinds of logs '
      + 'in the formats and locations of AWS. It counts the bytes itself, attributes access keys with the responses to '
      + 'AssumeRole, and signs digest files with its own key',
  },
  { subject: 'Alarms', limit: 'metric filters and alarms are stored but never evaluated' },
  {
    subject: 'Condition keys',
    limit: 'source identity, write preconditions, encryption key and signature age are evaluated with values that this '
      + 'project adds',
  },
  { subject: 'API Gateway', limit: 'security policy, throttling and tracing are stored but have no effect' },
  { subject: 'Root user', limit: 'the root user is never refused, so every refusal is tested with another principal' },
  { subject: 'Speed', limit: 'latency, scaling and cold starts are those of this machine, not of AWS' },
];

/** Prints what a run on the local AWS does not prove. */
export function printLimits(report: Report, leftOut: readonly LeftOut[]): void {
  report.section('Limitations of the local AWS');
  for (const { subject, limit } of LIMITS) {
    report.line(`  - ${subject}: ${limit}`);
  }
  report.line(leftOut.length === 0
    ? '  - Template: all resources were deployed'
    : '  - Template: these were not deployed, nor what refers to them:');
  for (const line of leftOutLines(leftOut)) {
    report.line(`      ${line}`);
  }
}

/** Returns one line per resource type and reason. */
export function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { kind, where, type, because } of leftOut) {
    const group = JSON.stringify([kind === 'resource' ? type : kind, because]);
    groups.set(group, [...groups.get(group) ?? [], where]);
  }
  return [...groups].map(([group, all]) => {
    const [what, because] = JSON.parse(group) as [string, string];
    return `${what} ${all.length === 1 ? all[0] : `× ${all.length}`}: ${because}`;
  });
}
