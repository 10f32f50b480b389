import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import { assertionResults } from './assertion-results';
import { storeIntegration } from './store-integration';
import { matchesPattern } from '../support/filter-pattern';

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, any>;
  readonly DependsOn?: string[];
  readonly DeletionPolicy?: string;
}

const STACK = 'ModelStoreIntegration';
const WITH_CONTENT = ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::Logs::LogGroup'];

let assembly: string;
let stack: Record<string, Resource>;
let assertionStack: string;
let assertions: Record<string, Resource>;

beforeAll(() => {
  assembly = fs.mkdtempSync(path.join(os.tmpdir(), 'integ-assembly-'));
  const app = new App({ outdir: assembly });
  storeIntegration(app);
  app.synth();
  stack = resourcesOf(STACK);
  assertionStack = fs.readdirSync(assembly).find((file) => /DeployAssert.*\.template\.json$/.test(file))!.replace('.template.json', '');
  assertions = resourcesOf(assertionStack);
});
afterAll(() => fs.rmSync(assembly, { recursive: true, force: true }));

function resourcesOf(name: string): Record<string, Resource> {
  return (JSON.parse(fs.readFileSync(path.join(assembly, `${name}.template.json`), 'utf8')) as { Resources: Record<string, Resource> }).Resources;
}

const ofType = (resources: Record<string, Resource>, type: RegExp) => Object.entries(resources).filter(([, { Type }]) => type.test(Type));
const text = (value: unknown) => JSON.stringify(value);

/** The assertions, in their order. */
function chain(): [string, Resource][] {
  const calls = ofType(assertions, /^Custom::DeployAssert@SdkCall/);
  const after = (id?: string) => calls.filter(([, { DependsOn = [] }]) => {
    const before = calls.map(([other]) => other).filter((other) => DependsOn.includes(other));
    return id === undefined ? before.length === 0 : before.includes(id);
  });
  const order: [string, Resource][] = [];
  for (let next = after(); next.length === 1; next = after(next[0][0])) {
    order.push(next[0]);
  }
  return order;
}

test('the integration test deploys one stack and asserts from another', () => {
  const { testCases } = JSON.parse(fs.readFileSync(path.join(assembly, 'integ.json'), 'utf8'));
  expect(Object.values(testCases)).toEqual([expect.objectContaining({ stacks: [STACK], assertionStack: expect.stringContaining('DeployAssert') })]);
});

test('integ-runner finds it', () => {
  const runner = path.resolve(__dirname, '../../node_modules/@aws-cdk/integ-runner/bin/integ-runner');
  const found = execFileSync(process.execPath, [runner, '--directory', __dirname, '--language', 'typescript', '--list'], { encoding: 'utf8' });
  expect(found.trim()).toBe('integ.store.ts');
});

test('users push and pull, others are denied, and the trail and the audit query have the records', () => {
  const calls = chain().map(([, { Type, Properties }]) => [Type.replace(/.*SdkCall/, ''), text(Properties)]);
  expect(calls.map(([type]) => type)).toEqual([
    'Lambdainvoke', 'Lambdainvoke', 'Lambdainvoke', 'CloudWatchLogsfilterLogEvents', 'Lambdainvoke',
  ]);
  for (const [index, words] of [['push', 'pull', 'verify', 'promote'], ['promote', 'pull', 'push'], ['show', 'pull'], ['anna'], ['egress-by-principal']].entries()) {
    expect(words.filter((word) => !calls[index][1].includes(word))).toEqual([]);
  }
});

test('both queries are repeated for up to 45 minutes, to wait for late records', () => {
  expect(chain().map(([, { Properties }]) => 'stateMachineArn' in Properties)).toEqual([false, false, false, true, true]);
  const waiters = ofType(assertions, /^AWS::StepFunctions::StateMachine$/).map(([, { Properties }]) => text(Properties.DefinitionString));
  expect(waiters).toHaveLength(2);
  for (const definition of waiters) {
    const [, seconds, attempts] = /IntervalSeconds\D+(\d+).*MaxAttempts\D+(\d+)/.exec(definition)!.map(Number);
    expect(seconds * attempts).toBeGreaterThanOrEqual(44 * 60);
  }
});

test('every assertion has an exact expected value', () => {
  for (const [, { Properties }] of chain()) {
    expect(Properties.expected).toMatch(/ObjectLike|StringLike/);
    expect(text(Properties.expected)).toMatch(/exitCodes|GetObject/);
  }
});

test('the result of each assertion is an output, and a failed one is reported with the difference', () => {
  const template = JSON.parse(fs.readFileSync(path.join(assembly, `${assertionStack}.template.json`), 'utf8')) as { Outputs: object };
  const names = Object.keys(template.Outputs).filter((name) => name.startsWith('AssertionResults'));
  expect(names).toHaveLength(chain().length);

  const outputs = Object.fromEntries(names.map((name, index) =>
    [name, text(index === 1 ? { status: 'fail', message: 'Expected 0 but received 1' } : { status: 'success' })]));

  const results = assertionResults({ [STACK]: { ModelsUrl: 'https://example.com' }, [assertionStack]: outputs });
  expect(results).toHaveLength(names.length);
  expect(results.filter(({ passed }) => !passed)).toEqual([expect.objectContaining({ message: 'Expected 0 but received 1' })]);
});

test('the filter finds the record of a pull, and no other record', () => {
  const filter = JSON.parse(chain()[3][1].Properties.parameters.filterPattern) as string;
  const record = (different: object = {}) => text({
    eventName: 'GetObject',
    requestParameters: { bucketName: 'models', key: 'models/integration/blobs/sha256/ab12' },
    userIdentity: { sessionContext: { sourceIdentity: 'ModelStoreIntegration-ModelsRolesDataScientist=anna' } },
    additionalEventData: { bytesTransferredOut: 512 },
    ...different,
  });
  expect(matchesPattern(filter, record())).toBe(true);
  expect(matchesPattern(filter, record({ userIdentity: { sessionContext: { sourceIdentity: 'ModelStoreIntegr=anna+0123456789abcdef' } } }))).toBe(true);
  for (const different of [
    { eventName: 'HeadObject' },
    { requestParameters: { key: 'models/other/blobs/sha256/ab12' } },
    { userIdentity: { sessionContext: { sourceIdentity: 'Pipeline=deployment' } } },
    { additionalEventData: { bytesTransferredOut: 0 } },
  ]) {
    expect(matchesPattern(filter, record(different))).toBe(false);
  }
});

describe('afterwards nothing remains', () => {
  test('every bucket, key and log group is deleted with the stack, and nothing is locked', () => {
    const lasting = Object.entries(stack).filter(([, { Type }]) => WITH_CONTENT.includes(Type));
    expect(lasting.length).toBeGreaterThan(8);
    expect(lasting.filter(([, { DeletionPolicy }]) => DeletionPolicy !== 'Delete').map(([id]) => id)).toEqual([]);
    // What API Gateway may write the logs of every API of the account and Region with by then.
    const retained = Object.values(stack).filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith('Retain'));
    expect(retained.map(({ Type }) => Type).sort()).toEqual(['AWS::IAM::Role']);
    expect(ofType(stack, /^AWS::S3::Bucket$/).filter(([, { Properties }]) => Properties.ObjectLockEnabled)).toEqual([]);
  });

  test('every function writes to a log group that is deleted with the stack', () => {
    const functions = ofType(stack, /^AWS::Lambda::Function$/);
    expect(functions.length).toBeGreaterThan(5);
    expect(functions.filter(([, { Properties }]) => !(Properties.LoggingConfig?.LogGroup?.Ref in stack)).map(([id]) => id)).toEqual([]);
  });

  test('every bucket is emptied after the trail is deleted and before the buckets are', () => {
    const [[sweepId, sweep]] = ofType(stack, /^AWS::CloudFormation::CustomResource$/);
    const swept = [...sweep.Properties.bucketNames, ...sweep.Properties.logBucketNames].map(({ Ref }) => Ref);
    expect(swept.sort()).toEqual(ofType(stack, /^AWS::S3::Bucket$/).map(([id]) => id).sort());
    const [[, trail]] = ofType(stack, /^AWS::CloudTrail::Trail$/);
    expect(trail.DependsOn).toContain(sweepId);
  });

  test('only the function that empties buckets can delete, and only in the buckets of the test', () => {
    const deleting = ofType(stack, /^AWS::IAM::Policy$/).filter(([, { Properties }]) =>
      Properties.PolicyDocument.Statement.some(({ Effect, Action }: { Effect: string; Action: string | string[] }) => Effect === 'Allow' && text(Action).includes('s3:Delete')));
    expect(deleting.map(([id]) => id)).toEqual([expect.stringMatching(/^SweeperRole/)]);
    for (const { Action, Resource: resource } of deleting[0][1].Properties.PolicyDocument.Statement) {
      expect(Action).not.toContain('*');
      expect(text(resource)).toMatch(/^\{"Fn::(GetAtt|Join)".*Bucket/);
    }
  });
});

test('the function that acts as users can only assume their roles', () => {
  const [[, policy]] = ofType(stack, /^AWS::IAM::Policy$/).filter(([id]) => id.startsWith('PeopleRole'));
  const statements = policy.Properties.PolicyDocument.Statement as { Action: string; Resource: unknown }[];
  expect(statements.map(({ Action }) => Action)).toEqual(['sts:AssumeRole', 'sts:AssumeRole', 'sts:AssumeRole']);
  expect(text(statements.map(({ Resource: resource }) => resource))).toMatch(/DataScientist.*Pipeline.*Auditor/);
});
