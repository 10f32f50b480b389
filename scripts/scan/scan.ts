import { advisories } from './advisories';
import { cfnGuard } from './cfn-guard';
import { cfnLint } from './cfn-lint';
import { checkov } from './checkov';
import { cloudsplaining } from './cloudsplaining';
import type { ScanResult } from './finding';
import { licenses } from './licenses';
import { judge } from './reasons';
import type { ScannedTemplate } from './templates';

const REGION = 'eu-central-1';
const count = (number: number, what: string) => `${number.toLocaleString('en')} ${what}`;

/** What the scanners of templates need. */
export interface Scanned {
  readonly templates: readonly ScannedTemplate[];
  /** For the input files of scanners. */
  readonly folder: string;
}

/** The scanners, by name, in the order of the report. */
export const SCANNERS: { readonly [name: string]: (scanned: Scanned) => Promise<ScanResult> } = {
  'cfn-lint': async ({ templates }) => ({
    scanner: 'cfn-lint', checked: count(templates.length, 'templates'), findings: await cfnLint(templates, REGION),
  }),
  Checkov: async ({ templates }) => {
    const { findings, checks } = await checkov(templates);
    return { scanner: 'Checkov', checked: count(checks, 'checks'), findings: judge(findings, templates) };
  },
  'cfn-guard': async ({ templates, folder }) => {
    const { findings, checks } = await cfnGuard(templates, folder);
    return { scanner: 'cfn-guard', checked: count(checks, 'rules'), findings: judge(findings, templates) };
  },
  Cloudsplaining: async ({ templates, folder }) => {
    const { findings, policies } = await cloudsplaining(templates, folder);
    return { scanner: 'Cloudsplaining', checked: count(policies, 'policies'), findings: judge(findings, templates) };
  },
  licenses: async () => {
    const { findings, packages } = licenses();
    return { scanner: 'licenses', checked: count(packages, 'packages'), findings };
  },
  advisories: async () => {
    const answer = await advisories();
    return 'notChecked' in answer
      ? { scanner: 'advisories', checked: 'nothing', findings: [], notChecked: answer.notChecked }
      : { scanner: 'advisories', checked: count(answer.packages, 'packages'), findings: answer.findings };
  },
};
