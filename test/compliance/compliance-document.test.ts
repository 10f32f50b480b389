import * as fs from 'node:fs';
import * as path from 'node:path';
import * as config from 'aws-cdk-lib/aws-config';
import * as library from '../../src';
import { auditQueries } from '../../src/audit/audit-queries';
import { problemWithCommand } from '../docs/support/known-commands';

const ROOT = path.join(__dirname, '../..');
const TEXT = fs.readFileSync(path.join(ROOT, 'docs/compliance.md'), 'utf8');
const INDEX = fs.readFileSync(path.join(ROOT, 'src/index.ts'), 'utf8');
/** Commands of `model-store audit` that are not queries. */
const OTHER_COMMANDS = ['verify-trail'];

function rowsBelow(heading: string): string[][] {
  const section = TEXT.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  return section.split('\n').filter((line) => line.startsWith('| ')).slice(2).map((line) => line.slice(2, -2).split(' | '));
}

const MECHANISMS = rowsBelow('Mechanisms').map(([id, name, metBy, provedBy]) => ({ id, name: name.replace(/\*\*/g, ''), metBy, provedBy: provedBy.split('; ') }));
const RESPONSIBILITIES = rowsBelow('Who does what').map(([id, ...parties]) => ({ id, parties }));
const EVIDENCE = rowsBelow('Evidence in your account').map(([id, artifact, configRules]) => ({ id, artifact, configRules }));
const FRAMEWORKS = [
  'CIS AWS Foundations Benchmark 5.0.0', 'NIST SP 800-53 revision 5', 'PCI DSS 4.0.1', 'HIPAA Security Rule', 'SOC 2', 'ISO/IEC 27001:2022', 'EU AI Act',
];
/** Claims that hold only under conditions. */
const CONDITIONAL = ['AU-10', 'CC6.3', 'A.5.3', 'A.5.28', 'AC-5', 'SC-12, SC-13'];

const TEST = /^`((?:cli\/)?test\/[\w/.-]+\.test\.ts)`$/;
/** The line above a test with the ids of the mechanisms that it proves. */
const TAG = /^ *\/\/ ((?:\[C-\d\d\] )+)in docs\/compliance\.md\n *(?:test|describe)[.(]/gm;

/** The test files with a test of each mechanism, by its id. */
const TESTS = ['test', 'cli/test'].flatMap((folder) => fs.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules')).map((file) => path.posix.join(folder, file.split(path.sep).join('/'))))
  .flatMap((file) => [...fs.readFileSync(path.join(ROOT, file), 'utf8').matchAll(TAG)]
    .flatMap(([, ids]) => ids.trim().split(' ').map((id) => ({ file, id: id.slice(1, -1) }))));

describe('docs/compliance.md', () => {
  test.each(MECHANISMS)('"$name" is met by constructs that exist', ({ metBy }) => {
    const named = [...metBy.matchAll(/`(\w+)`/g)].map(([, name]) => name);

    expect(named).not.toEqual([]);
    expect(named.filter((name) => !(name in library) && !new RegExp(`\\b${name}\\b`).test(INDEX))).toEqual([]);
  });

  test('numbers the mechanisms, each with its own id', () => {
    expect(MECHANISMS.map(({ id }) => id)).toEqual(MECHANISMS.map((_, index) => `C-${String(index + 1).padStart(2, '0')}`));
  });

  test.each(MECHANISMS)('$id "$name" names the files with the tests that are tagged with its id, and no others', ({ id, provedBy }) => {
    const named = provedBy.flatMap((proof) => TEST.exec(proof)?.[1] ?? []);
    const tagged = new Set(TESTS.filter((test) => test.id === id).map(({ file }) => file));

    expect([...tagged].sort()).toEqual([...named].sort());
    expect(named).not.toEqual([]);
  });

  test.each(MECHANISMS)('$id "$name" names audit queries that exist', ({ provedBy }) => {
    const commands = [...auditQueries().map(({ name }) => `query ${name}`), ...OTHER_COMMANDS];
    const other = provedBy.filter((proof) => !TEST.test(proof));

    expect(other.filter((proof) => !commands.includes(/^`model-store audit (.+)`$/.exec(proof)?.[1] ?? ''))).toEqual([]);
  });

  test.each(FRAMEWORKS)('every control of %s is met by mechanisms of the first table', (framework) => {
    const rows = rowsBelow(framework);
    const unknown = rows.flatMap(([control, , metBy]) => metBy.replace(/ \([^)]*\)/g, '').split(', ')
      .filter((mechanism) => !MECHANISMS.some(({ name }) => name === mechanism)).map((mechanism) => `${control}: ${mechanism}`));

    expect(rows.length).toBeGreaterThan(4);
    expect(unknown).toEqual([]);
  });

  test('says for each mechanism what the user, the store and AWS do', () => {
    expect(RESPONSIBILITIES.map(({ id }) => id)).toEqual(MECHANISMS.map(({ id }) => id));
    expect(RESPONSIBILITIES.filter(({ parties }) => parties.length !== 3 || parties[0] === '–' || parties[1] === '–')).toEqual([]);
  });

  test('names evidence in the account of the user for each mechanism', () => {
    expect(EVIDENCE.map(({ id }) => id)).toEqual(MECHANISMS.map(({ id }) => id));
    expect(EVIDENCE.filter(({ artifact }) => artifact.length < 20 || artifact.includes('.test.ts'))).toEqual([]);
  });

  test.each(EVIDENCE)('$id names commands that exist as evidence', ({ artifact }) => {
    const commands = [...artifact.matchAll(/`((?:aws|model-store) [^`]+)`/g)].map(([, command]) => command.split(' '));
    // An operation without its options is not a complete command.
    const problems = commands.flatMap((words) => problemWithCommand(words) ?? []).filter((problem) => !/required|missing/.test(problem));

    expect(problems).toEqual([]);
  });

  test.each(EVIDENCE)('$id names AWS Config rules that exist', ({ configRules }) => {
    const identifiers: string[] = Object.values(config.ManagedRuleIdentifiers);
    const named = [...configRules.matchAll(/`([a-z0-9-]+)`/g)].map(([, name]) => name);

    expect(named.filter((name) => !identifiers.includes(name.replace(/-/g, '_').toUpperCase()))).toEqual([]);
    expect(named.length > 0 || configRules === '–').toBe(true);
  });

  test.each(CONDITIONAL)('refers to the limits where it claims %s, and the limits name it', (control) => {
    const row = TEXT.split('\n').find((line) => line.startsWith(`| ${control} |`));

    expect(row).toContain('[limits]');
    expect(TEXT.split('## Limits')[1].split('\n## ')[0]).toContain(control.split(', ').at(-1));
  });
});
