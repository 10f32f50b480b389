import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecureModelArtifactStore } from '../../src';
import { ROOT } from './support/documents';
import { SCENARIOS } from '../support/audit/scenarios';

const stack = new Stack(new App(), 'Quickstart', { env: { account: '111122223333', region: 'us-east-1' } });
new SecureModelArtifactStore(stack, 'Models');
const template = Template.fromStack(stack).toJSON() as { Resources: { [id: string]: { Type: string; Properties?: Record<string, unknown> } } };
const count = (type: string) => Object.values(template.Resources).filter(({ Type }) => Type === type).length;

const RESOURCES = Math.round(Object.keys(template.Resources).length / 10) * 10;
/** As the CDK writes it, with an indentation of one blank. */
const MEGABYTES = JSON.stringify(template, undefined, 1).length / 1_000_000;
const RULES = count('AWS::Events::Rule');
const ALARMS = count('AWS::CloudWatch::Alarm');
const QUERIES = count('AWS::Athena::NamedQuery');

/** The managed policies of the role that has the most of them. */
const MOST_POLICIES = (() => {
  const policies = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy');
  const perRole = new Map<string, number>();
  for (const role of policies.flatMap(({ Properties }) => Properties!.Roles as { Ref: string }[])) {
    perRole.set(role.Ref, (perRole.get(role.Ref) ?? 0) + 1);
  }
  return Math.max(...perRole.values());
})();

/** A sentence of a document, with the number in it that the template of the default store gives. */
const SENTENCES: ReadonlyArray<[document: string, sentence: string]> = [
  ['README.md', `about ${RESOURCES} of the 500 that a stack can have`],
  ['README.md', `${ALARMS} alarms and ${RULES} tamper rules`],
  ['README.md', `${QUERIES} named queries, the same SQL on Athena and on a laptop`],
  ['README.md', `${SCENARIOS.length} ways to exfiltrate models`],
  ['docs/scale.md', `about ${RESOURCES} of CloudFormation's 500`],
  ['docs/scale.md', `300 rules on a bus | ${RULES} in us-east-1, fewer elsewhere, and yours`],
  ['docs/cost.md', `${ALARMS} alarms watch`],
  ['examples/egress-only/README.md', `${QUERIES} named queries for auditors`],
  ['examples/quickstart/README.md', `About ${RESOURCES} resources`],
  ['examples/quickstart/README.md', `${QUERIES} named queries for auditors on Athena`],
];

test.each(SENTENCES)('%s matches the template of the default store: %s', (document, sentence) => {
  expect(fs.readFileSync(path.join(ROOT, document), 'utf8').replace(/\s+/g, ' ')).toContain(sentence);
});

test('docs/scale.md says how many managed policies a role has at most', () => {
  expect(MOST_POLICIES).toBe(2);
  expect(fs.readFileSync(path.join(ROOT, 'docs/scale.md'), 'utf8')).toContain('6,144 characters on a role | at most two');
});

test('docs/scale.md says that the template uses two thirds of CloudFormation\'s limits', () => {
  expect(MEGABYTES).toBeGreaterThan(0.6);
  expect(MEGABYTES).toBeLessThan(0.75);
  expect(fs.readFileSync(path.join(ROOT, 'docs/scale.md'), 'utf8')).toContain('two thirds of the resources, two thirds of the size');
});
