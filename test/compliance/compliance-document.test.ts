import * as fs from 'node:fs';
import * as path from 'node:path';
import * as library from '../../src';
import { auditQueries } from '../../src/audit/audit-queries';

const ROOT = path.join(__dirname, '../..');
const TEXT = fs.readFileSync(path.join(ROOT, 'docs/compliance.md'), 'utf8');
const INDEX = fs.readFileSync(path.join(ROOT, 'src/index.ts'), 'utf8');
/** What `model-store audit` does besides asking questions. */
const OTHER_COMMANDS = ['verify-trail'];

function rowsBelow(heading: string): string[][] {
  const section = TEXT.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  return section.split('\n').filter((line) => line.startsWith('| ')).slice(2).map((line) => line.slice(2, -2).split(' | '));
}

const MECHANISMS = rowsBelow('Mechanisms').map(([name, metBy, provedBy]) => ({ name: name.replace(/\*\*/g, ''), metBy, provedBy }));
const FRAMEWORKS = ['CIS AWS Foundations Benchmark', 'NIST SP 800-53', 'PCI DSS', 'HIPAA Security Rule', 'SOC 2'];

/** The titles of a test file, as they stand in it. */
function titlesOf(file: string): string {
  return fs.readFileSync(path.join(ROOT, file), 'utf8').replace(/\\'/g, '\'');
}

describe('docs/compliance.md', () => {
  test.each(MECHANISMS)('"$name" is met by constructs that there are', ({ metBy }) => {
    const named = [...metBy.matchAll(/`(\w+)`/g)].map(([, name]) => name);

    expect(named).not.toEqual([]);
    expect(named.filter((name) => !(name in library) && !new RegExp(`\\b${name}\\b`).test(INDEX))).toEqual([]);
  });

  test.each(MECHANISMS)('"$name" is proved by tests and questions that there are', ({ provedBy }) => {
    const questions = [...auditQueries().map(({ name }) => name), ...OTHER_COMMANDS];
    const proofs = provedBy.split('; ').map((proof) => {
      const [, file, title] = /^`((?:cli\/)?test\/[\w/.-]+\.test\.ts)` "(.+)"$/.exec(proof) ?? [];
      const [, question] = /^`model-store audit ([\w-]+)`$/.exec(proof) ?? [];
      return { proof, there: file ? titlesOf(file).includes(`${title}'`) : questions.includes(question) };
    });

    expect(proofs.filter(({ there }) => !there)).toEqual([]);
  });

  test.each(FRAMEWORKS)('every control of %s is met by mechanisms of the first table', (framework) => {
    const rows = rowsBelow(framework);
    const unknown = rows.flatMap(([control, , metBy]) => metBy.replace(/ \([^)]*\)/g, '').split(', ')
      .filter((mechanism) => !MECHANISMS.some(({ name }) => name === mechanism)).map((mechanism) => `${control}: ${mechanism}`));

    expect(rows.length).toBeGreaterThan(5);
    expect(unknown).toEqual([]);
  });
});
