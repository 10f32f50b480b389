import { App } from 'aws-cdk-lib';
import { assertionResults } from './assertion-results';
import { checklist, outcomes, renderChecklist } from './checklist';
import { storeIntegration } from './store-integration';
import { BEHAVIOURS } from '../fidelity/behaviours';
import { unproved } from '../fidelity/page';
import { readProofs } from '../fidelity/proofs';

const proofs = readProofs();
const app = new App();
const outputs = storeIntegration(app);
const templates = app.synth().stacks.map(({ template }) => template as { Outputs?: object });
const names = templates.flatMap(({ Outputs: all = {} }) => Object.keys(all)).filter((name) => name.startsWith('AssertionResults'));
const deployed = (status: (name: string) => string) =>
  assertionResults({ Assertions: Object.fromEntries(names.map((name) => [name, JSON.stringify({ status: status(name) })])) });

test('every assertion of the integration test has a name, by which its output is found', () => {
  expect(Object.keys(outcomes(outputs, deployed(() => 'success'))).sort()).toEqual(Object.keys(outputs).sort());
  expect(names).toHaveLength(Object.keys(outputs).length);
});

test('every assertion proves a behaviour, and every behaviour names existing assertions', () => {
  const used = new Set(BEHAVIOURS.flatMap(({ integ = [] }) => integ));

  expect([...used].sort()).toEqual(Object.keys(outputs).sort());
});

test('the list contains every behaviour that no engine proves', () => {
  expect(checklist(proofs)).toEqual(expect.arrayContaining(unproved(proofs)));
});

describe('a behaviour of the list', () => {
  const line = (table: string, id: string) => table.split('\n').find((row) => row.startsWith(`| ${id} |`));

  test('is not run before a deployment', () => {
    const table = renderChecklist(proofs, {});

    expect(line(table, 'cloudtrail.delivery')).toMatch(/\| not run \|$/);
    expect(table).not.toMatch(/\| (shown|not shown.*) \|$/m);
  });

  test('is proved if its assertions passed', () => {
    expect(line(renderChecklist(proofs, outcomes(outputs, deployed(() => 'success'))), 'cloudtrail.delivery')).toMatch(/\| shown \|$/);
  });

  test('is not proved if one of its assertions failed, which is named', () => {
    const ended = outcomes(outputs, deployed((name) => (name.includes('filterLogEvents') ? 'fail' : 'success')));

    expect(line(renderChecklist(proofs, ended), 'cloudtrail.data-events.bytes')).toMatch(/\| not shown: trail-record failed \|$/);
    expect(line(renderChecklist(proofs, ended), 'cloudtrail.delivery')).toMatch(/\| shown \|$/);
  });

  test('must be checked by hand if no assertion proves it', () => {
    expect(line(renderChecklist(proofs, outcomes(outputs, deployed(() => 'success'))), 's3.object-lock')).toMatch(/by hand \|$/);
  });
});
