import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Finding } from './finding';
import { runJson } from './run-json';
import type { ScannedTemplate } from './templates';
import { PROJECT_ROOT } from '../../test/local/rig/paths';

const PACKAGE = path.join(PROJECT_ROOT, 'node_modules/@cdklabs/cdk-validator-cfnguard');
const RULES = path.join(PACKAGE, 'rules/control-tower/cfn-guard');
const SYSTEMS: { readonly [platform: string]: string } = { linux: 'ubuntu', darwin: 'macos' };
const ARCHITECTURES: { readonly [architecture: string]: string } = { x64: 'x86_64', arm64: 'aarch64' };

interface Report {
  /** The file. */
  readonly name: string;
  readonly compliant: readonly string[];
  readonly not_compliant: readonly { readonly Rule: { readonly name: string; readonly checks: readonly unknown[] } }[];
}

/**
 * Runs cfn-guard with the proactive controls of AWS Control Tower. The program is run directly, because the validation
 * plugin of the CDK in the same package fails on templates of this size.
 */
export async function cfnGuard(
  templates: readonly ScannedTemplate[], folder: string,
): Promise<{ readonly findings: Finding[]; readonly checks: number }> {
  const rules = rulesFor(templates);
  const types = new Set(rules.flatMap(({ types: named }) => named));
  const reports = await runJson<Report[]>(program(), [
    'validate', ...rules.flatMap(({ file }) => ['--rules', file]),
    ...templates.flatMap((template) => ['--data', shortened(template, types, folder)]),
    '--output-format', 'json', '--show-summary', 'none', '--structured',
  ]);
  const findings = reports.flatMap(({ name, not_compliant: failed }) => {
    const { name: where } = templates.find(({ file }) => `guard-${path.basename(file)}` === path.basename(name))!;
    return failed.flatMap(({ Rule: rule }) => findingsOf(rule, where));
  });
  const checks = reports.reduce(
    (sum, { compliant, not_compliant: failed }) => sum + compliant.length + failed.length, 0);
  return { findings, checks };
}

interface Rule {
  readonly file: string;
  /** The types of resources that it names. */
  readonly types: readonly string[];
}

/** The rules that name a type in the templates. Evaluating the others takes minutes, and they skip every template. */
function rulesFor(templates: readonly ScannedTemplate[]): Rule[] {
  const present = new Set(templates.flatMap(({ resources }) => [...resources.values()].map(({ type }) => type)));
  return fs.readdirSync(RULES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.guard')).sort()
    .map((name) => path.join(RULES, name))
    .map((file) => {
      const named = fs.readFileSync(file, 'utf8').matchAll(/"(AWS::[A-Za-z0-9:]+)"/g);
      return { file, types: [...named].map(([, type]) => type) };
    })
    .filter(({ types }) => types.length === 0 || types.some((type) => present.has(type)));
}

/** Writes the template without the properties of resources that no rule names, which halves the time. */
function shortened({ file, resources }: ScannedTemplate, types: ReadonlySet<string>, folder: string): string {
  const copy = path.join(folder, `guard-${path.basename(file)}`);
  fs.writeFileSync(copy, JSON.stringify({
    Resources: Object.fromEntries([...resources].map(([id, { type, properties }]) =>
      [id, { Type: type, Properties: types.has(type) ? properties : {} }])),
  }));
  return copy;
}

function program(): string {
  const [system, architecture] = [SYSTEMS[process.platform], ARCHITECTURES[process.arch]];
  if (system === undefined || architecture === undefined) {
    throw new Error(`cfn-guard is not available for ${process.platform} on ${process.arch}; use Linux or macOS`);
  }
  return path.join(PACKAGE, 'bin', system, architecture, 'cfn-guard');
}

/** The report nests checks in a way that depends on how the rule is written, but each has the path of what it read. */
function findingsOf({ name, checks }: { readonly name: string; readonly checks: unknown }, where: string): Finding[] {
  const text = JSON.stringify(checks);
  const [, rule = name, message = ''] = /\[(CT\.[A-Z0-9.]+)\]: ([^\\"]+)/.exec(text) ?? [];
  const subjects = new Set([...text.matchAll(/"path":"\/Resources\/(\w+)/g)].map(([, id]) => id));
  if (subjects.size === 0) {
    throw new Error(`cfn-guard reports ${name} in ${where}, but no resource: ${text.slice(0, 2_000)}`);
  }
  return [...subjects].map((subject) => ({ scanner: 'cfn-guard', rule, where, subject, message: message.trim() }));
}
