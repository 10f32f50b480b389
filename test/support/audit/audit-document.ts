import * as path from 'node:path';
import { LISTS, type Row } from './ask-evidence';
import { ACCESS_LOG_FORMS, TRAIL_FORMS } from './log-forms';
import { names, type Scenario } from './scenarios';
import { namedQueries } from '../../../cli/src/audit/queries/queries';
import { refusals } from '../../../cli/src/audit/reader/skip-reasons';
import { AUDIT_SETTINGS } from '../../../src/contract/audit-settings';

export const AUDIT_DOCUMENT = path.join(__dirname, '..', '..', '..', 'docs', 'audit.md');

/** What of the document is made of the code, by the names of its marks. */
export interface Sections {
  readonly [name: string]: string;
}

/** The document with its sections as they should be. */
export function withSections(text: string, sections: Sections): string {
  return Object.entries(sections).reduce((document, [name, content]) => {
    const section = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!section.test(document)) {
      throw new Error(`${AUDIT_DOCUMENT} has no section between <!-- ${name} --> and <!-- /${name} -->`);
    }
    return document.replace(section, (_, begin: string, end: string) => `${begin}\n${content}\n\n${end}`);
  }, text);
}

/** What follows from the SQL and the settings alone. */
export function sectionsOfCode(): Sections {
  const asked = (isList: boolean) => namedQueries().filter(({ name }) => LISTS.includes(name) === isList).map(({ name, title: asks }) => [`\`${name}\``, asks]);
  return {
    findings: table(['query', 'answers'], asked(false)),
    lists: table(['query', 'answers'], asked(true)),
    forms: table(['written by', 'read as'], formsByWriter()),
    refused: table(['refused', 'instead'], refusals().map(({ form, instead }) => [form, instead])),
    settings: table(['setting', 'default', 'limits', 'meaning'], AUDIT_SETTINGS.map((setting) => {
      const { name, byDefault, unit, from, above, to, form, description } = setting;
      const most = to === Number.MAX_SAFE_INTEGER ? undefined : to;
      const limits = from === undefined ? form : `${above ? 'above' : most === undefined ? 'from' : ''} ${number(from)}${most === undefined ? '' : ` to ${number(most)}`}`.trim();
      return [`\`${name}\``, byDefault === undefined ? 'unknown' : `${typeof byDefault === 'number' ? number(byDefault) : byDefault}${unit === undefined ? '' : ` ${unit}`}`, limits, description];
    })),
  };
}

function formsByWriter(): string[][] {
  const forms = [...TRAIL_FORMS, ...ACCESS_LOG_FORMS];
  const writers = new Set(forms.flatMap(({ by }) => by ?? []));
  return [...writers].map((writer) => [writer, forms.filter(({ by }) => by === writer).map(({ form }) => form).join('; ')]);
}

/** What was planted, and what found it. */
export function proofSection(scenarios: readonly Scenario[], answers: ReadonlyMap<string, readonly Row[]>): Sections {
  return {
    proof: table(['scenario', 'found by', 'rows', 'names', 'verdict'], scenarios.map((scenario) => {
      const rows = answers.get(scenario.question)!.filter((row) => names(scenario, row)).length;
      return [
        scenario.name, `\`${scenario.question}\``, String(rows), `${scenario.principal}${scenario.model === undefined ? '' : `, ${scenario.model}`}`,
        rows > 0 ? 'found' : '**missed**',
      ];
    })),
  };
}

const GIB = 1024 ** 3;

function number(value: number): string {
  return value !== 0 && value % GIB === 0 ? `${value / GIB} × 1024³` : value.toLocaleString('en-US');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
