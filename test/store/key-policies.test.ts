import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecureModelArtifactStore } from '../../src';
import { deployed } from '../storage/support/policies';
import { denials, type Statement } from '../storage/support/policy-evaluator';

describe('the policy of every key of a store', () => {
  const stack = new Stack(new App(), 'Test');
  new SecureModelArtifactStore(stack, 'Models');
  const template = Template.fromStack(stack);
  const policies = Object.entries(template.findResources('AWS::KMS::Key'))
    .map(([id, { Properties }]) => [id, deployed(template, Properties.KeyPolicy.Statement) as Statement[]] as const);

  test.each(policies)('%s allows grants for AWS services only', (_id, statements) => {
    const create = (context: { [key: string]: string }) => denials(statements, { action: 'kms:CreateGrant', resource: '*', context });
    expect(create({ 'kms:GrantIsForAWSResource': 'true' })).toEqual([]);
    expect(create({ 'kms:GrantIsForAWSResource': 'false' })).toEqual(['DenyGrantsButByServices']);
    expect(create({})).toEqual(['DenyGrantsButByServices']);
  });

  test('seven of them are there', () => expect(policies).toHaveLength(7));
});
