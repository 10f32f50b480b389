import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Finding } from './finding';
import { runJson } from './run-json';
import type { ScannedResource, ScannedTemplate } from './templates';
import { PROJECT_ROOT } from '../../test/local/rig/paths';
import { ensureScanner } from '../../test/tools/scanners';

const SCRIPT = path.join(PROJECT_ROOT, 'test/tools/cloudsplaining_findings.py');
const IDENTITIES = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];

interface Policy {
  readonly where: string;
  readonly subject: string;
  readonly document: unknown;
}

interface Risk {
  readonly risk: string;
  readonly actions: readonly string[];
}

/** Runs Cloudsplaining on every identity policy. It does not read resource policies. */
export async function cloudsplaining(
  templates: readonly ScannedTemplate[], folder: string,
): Promise<{ readonly findings: Finding[]; readonly policies: number }> {
  const python = await ensureScanner('cloudsplaining');
  const policies = templates.flatMap(({ name: where, resources }) => [...resources].flatMap(([subject, resource]) =>
    documentsOf(resource).map((document): Policy => ({ where, subject, document: withoutIntrinsics(document) }))));
  const file = path.join(folder, 'policies');
  fs.writeFileSync(file, JSON.stringify(policies.map(({ document }) => document)));
  const answers = await runJson<Risk[][]>(python, [SCRIPT, file]);
  const findings = answers.flatMap((risks, index) => risks.map(({ risk, actions }) => ({
    scanner: 'Cloudsplaining', rule: risk, where: policies[index].where, subject: policies[index].subject,
    message: actions.join(', '),
  })));
  return { findings, policies: policies.length };
}

function documentsOf({ type, properties }: ScannedResource): unknown[] {
  switch (type) {
    case 'AWS::IAM::Policy':
    case 'AWS::IAM::ManagedPolicy':
      return [properties.PolicyDocument];
    default:
      return IDENTITIES.includes(type)
        ? ((properties.Policies ?? []) as { PolicyDocument: unknown }[]).map((inline) => inline.PolicyDocument)
        : [];
  }
}

/** Cloudsplaining reads policies, not templates: a reference becomes a word, and never a wildcard. */
function withoutIntrinsics(value: any): any {
  if (Array.isArray(value)) {
    return value.map(withoutIntrinsics);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const [[name, argument] = ['', undefined], ...more] = Object.entries<any>(value);
  if (more.length === 0 && name === 'Ref') {
    return String(argument);
  }
  if (more.length === 0 && name === 'Fn::GetAtt') {
    return argument.join('.');
  }
  if (more.length === 0 && name === 'Fn::Join') {
    return withoutIntrinsics(argument[1]).join(argument[0]);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutIntrinsics(inner)]));
}
