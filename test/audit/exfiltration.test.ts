import * as fs from 'node:fs';
import { askEvidence, FINDINGS, LISTS, type Row } from '../support/audit/ask-evidence';
import { AUDIT_DOCUMENT, proofSection, withSections } from '../support/audit/audit-document';
import { honestMonth, plantedMonth } from '../support/audit/planted-month';
import { isOf, names, SCENARIOS } from '../support/audit/scenarios';

type Answers = ReadonlyMap<string, readonly Row[]>;

const findingsOf = (answers: Answers) => FINDINGS.flatMap(
  (question) => answers.get(question)!.map((row) => ({ question, ...row })),
);

describe('an ordinary month of 50 principals', () => {
  let answers: Answers;
  beforeAll(async () => {
    answers = await askEvidence(honestMonth());
  });

  // [C-12] in docs/compliance.md
  test('has no findings', () => {
    expect(findingsOf(answers)).toEqual([]);
  });

  test('has rows in every query that lists activity', () => {
    expect(LISTS.filter((name) => answers.get(name)!.length === 0)).toEqual([]);
    expect(answers.get('egress-by-principal')!.length).toBeGreaterThan(45);
    expect(answers.get('first-time-readers')!.map(({ principal }) => principal)).toEqual(
      expect.arrayContaining(['pia', 'rosa']),
    );
  });
});

describe('the same month with simulated exfiltration', () => {
  let answers: Answers;
  beforeAll(async () => {
    answers = await askEvidence(plantedMonth());
  });
  afterAll(() => {
    process.stdout.write(`${proofSection(SCENARIOS, answers).proof}\n`);
  });

  test.each(SCENARIOS.map(
    (scenario) => [scenario.name, scenario.question, scenario] as const,
  ))('%s: is found by %s', (_, question, scenario) => {
    expect(answers.get(question)!.filter((row) => names(scenario, row))).not.toEqual([]);
  });

  test('names who invoked a function directly in every query, and not the caller that the event named', () => {
    const bytesOf = (name: string) => answers.get('egress-by-principal')!.find(({ principal }) => principal === name)?.bytes_out;
    expect(bytesOf('mallory')).toBe(2 * 1024 ** 3);
    const steps = answers.get('custody')!.filter(
      ({ model, version, step }) => model === 'fraud-detector' && (version === '6.6.8' || step === 'promoted'),
    );
    expect(steps.map(({ step, principal, principal_source }) => [step, principal, principal_source]).sort()).toEqual([
      ['promoted', 'mallory', 'invoker'], ['published', 'mallory', 'invoker'], ['signed', 'mallory', 'invoker'],
    ]);
    expect(answers.get('first-time-readers')!.map(({ principal }) => principal)).toContain('mallory');
  });

  test('has no principal that was not checked', () => {
    expect(answers.get('egress-by-principal')!.filter(({ unchecked_reads }) => unchecked_reads !== 0)).toEqual([]);
  });

  // [C-12] in docs/compliance.md
  test('has only findings of the simulated exfiltration', () => {
    expect(findingsOf(answers).filter((row) => !SCENARIOS.some((scenario) => isOf(scenario, row)))).toEqual([]);
  });

  test('has a simulated case for every query with findings', () => {
    expect(FINDINGS.filter((name) => !SCENARIOS.some(({ question }) => question === name))).toEqual([]);
  });

  test('is up to date in the documentation (npx tsx scripts/audit-document.ts)', () => {
    const document = fs.readFileSync(AUDIT_DOCUMENT, 'utf8');
    expect(document).toBe(withSections(document, proofSection(SCENARIOS, answers)));
  });
});
