import * as path from 'node:path';
import type { Finding } from './finding';
import { runJson } from './run-json';
import type { ScannedTemplate } from './templates';
import { ensureScanner } from '../../test/tools/scanners';

interface Report {
  readonly results: {
    readonly failed_checks: readonly {
      readonly check_id: string;
      readonly check_name: string;
      readonly file_path: string;
      /** `AWS::Lambda::Function.LogicalId` */
      readonly resource: string;
    }[];
  };
  readonly summary: { readonly passed: number; readonly failed: number; readonly parsing_errors: number };
}

/** Runs Checkov's CloudFormation rules, without its online service. */
export async function checkov(
  templates: readonly ScannedTemplate[],
): Promise<{ readonly findings: Finding[]; readonly checks: number }> {
  const python = await ensureScanner('checkov');
  const { results, summary } = await runJson<Report>(python, [
    path.join(path.dirname(python), 'checkov'), '--framework', 'cloudformation', '--skip-download', '--quiet',
    '--compact', '--output', 'json', ...templates.flatMap(({ file }) => ['--file', file]),
  ]);
  if (summary.parsing_errors > 0) {
    throw new Error(`Checkov cannot read ${summary.parsing_errors} of ${templates.length} templates`);
  }
  const findings = results.failed_checks.map(({ check_id: rule, check_name: message, file_path: file, resource }) => ({
    scanner: 'Checkov',
    rule,
    where: templates.find((template) => path.basename(template.file) === path.basename(file))!.name,
    subject: resource.slice(resource.lastIndexOf('.') + 1),
    message,
  }));
  return { findings, checks: summary.passed + summary.failed };
}
