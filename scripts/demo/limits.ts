import type { Report } from './report';
import type { LeftOut } from '../../test/local/rig/template';

export interface Limit {
  readonly subject: string;
  readonly limit: string;
}

/** How the local AWS differs from AWS, as far as the store is concerned. test/local/README.md has the details. */
export const LIMITS: readonly Limit[] = [
  { subject: 'Bucket settings', limit: 'encryption, lifecycle, Object Lock, ownership and access logging are not deployed, and nothing ages' },
  { subject: 'Encryption', limit: 'objects lie in the clear, and nobody needs a permission on the key' },
  {
    subject: 'Trail and access logs',
    limit: 'there is no CloudTrail, and S3 delivers nothing: this project\'s recorder, a proxy in front, writes both in their formats and places. '
      + 'It counts the bytes itself, knows who has which access key from AssumeRole\'s answers, and signs digest files with a key of its own',
  },
  { subject: 'Alarms', limit: 'metric filters and alarms are stored and never evaluated' },
  {
    subject: 'Condition keys',
    limit: 'source identity, preconditions of writes, encryption key and age of a link are evaluated with values that this project adds',
  },
  { subject: 'API Gateway', limit: 'security policy, throttling and tracing are stored and have no effect' },
  { subject: 'Root user', limit: 'the account\'s root user is refused nothing, so every refusal is tried as somebody else' },
  { subject: 'Speed', limit: 'latency, scaling and cold starts are this machine\'s, not AWS\'s' },
];

/** Prints what this run does not prove. */
export function printLimits(report: Report, leftOut: readonly LeftOut[]): void {
  report.section('What the local AWS cannot stand in for');
  for (const { subject, limit } of LIMITS) {
    report.line(`  - ${subject}: ${limit}`);
  }
  report.line(leftOut.length === 0
    ? '  - Template: nothing was left out'
    : '  - Template: this was left out, with what refers to it:');
  for (const line of leftOutLines(leftOut)) {
    report.line(`      ${line}`);
  }
}

/** One line for all that are left out for the same reason and are of the same type. */
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
