import type { AssertionResult } from './assertion-results';
import type { AssertionOutputs } from './store-integration';
import { BEHAVIOURS, type Behaviour, type IntegAssertion } from '../fidelity/behaviours';
import { enginesOf } from '../fidelity/page';
import type { Proof } from '../fidelity/proofs';

/** How each assertion ended; one that did not run has none. */
export type Outcomes = { readonly [assertion in IntegAssertion]?: boolean };

/** The results of a deployment by the names that behaviours know the assertions by. */
export function outcomes(outputs: AssertionOutputs, results: readonly AssertionResult[]): Outcomes {
  return Object.fromEntries((Object.entries(outputs) as [IntegAssertion, string][]).flatMap(([assertion, output]) => {
    const result = results.find(({ name }) => name === output.replace(/[@/-]/g, ''));
    return result === undefined ? [] : [[assertion, result.passed]];
  }));
}

/** The entries of the list: behaviours that no engine proves, and others that the deployment shows. */
export function checklist(proofs: readonly Proof[]): Behaviour[] {
  return BEHAVIOURS.filter(({ id, integ }) => integ !== undefined || enginesOf(id, proofs).length === 0);
}

/** The list as a table: id, statement and what this deployment showed of it. */
export function renderChecklist(proofs: readonly Proof[], ended: Outcomes): string {
  return [
    'Behaviours of AWS that the store relies on (docs/fidelity.md), and what this run showed of them:',
    '',
    '| behaviour | statement | result |',
    '| --- | --- | --- |',
    ...checklist(proofs).map((behaviour) => `| ${behaviour.id} | ${behaviour.statement} | ${resultOf(behaviour, ended)} |`),
  ].join('\n');
}

function resultOf({ integ }: Behaviour, ended: Outcomes): string {
  if (integ === undefined) {
    return 'not run: look at it by hand';
  }
  const failed = integ.filter((assertion) => ended[assertion] === false);
  if (failed.length > 0) {
    return `not shown: ${failed.join(', ')} failed`;
  }
  return integ.every((assertion) => ended[assertion]) ? 'shown' : 'not run';
}
