import * as path from 'node:path';
import type { JudgedFinding } from './finding';
import { runJson } from './run-json';
import type { ScannedTemplate } from './templates';
import { ACCEPTED_FINDINGS } from '../../test/engines/cloudformation/accepted-findings';
import { ensureEmulator } from '../../test/engines/cloudformation/support/python';

interface Reported {
  readonly Filename: string;
  readonly Location: { readonly Path: readonly (string | number)[] };
  readonly Message: string;
  readonly Rule: { readonly Id: string };
}

/** Runs cfn-lint with AWS's resource schemas. Its accepted findings concern what the CDK writes, not one resource. */
export async function cfnLint(templates: readonly ScannedTemplate[], region: string): Promise<JudgedFinding[]> {
  const { python } = await ensureEmulator();
  const reported = await runJson<Reported[]>(path.join(path.dirname(python), 'cfn-lint'), [
    '--format', 'json', '--regions', region, '--', ...templates.map(({ file }) => file),
  ]);
  return reported.map(({ Filename: file, Location: { Path: at }, Message: message, Rule: { Id: rule } }) => {
    const template = templates.find((other) => path.basename(other.file) === path.basename(file))!;
    const subject = String(at[1] ?? '');
    return {
      scanner: 'cfn-lint', rule, where: template.name, subject, type: template.resources.get(subject)?.type, message,
      reason: ACCEPTED_FINDINGS.find((accepted) => accepted.rule === rule && accepted.message.test(message))?.because,
    };
  });
}
