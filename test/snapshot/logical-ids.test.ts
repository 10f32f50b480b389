import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecureModelArtifactStore } from '../../src';
import { withoutAssetHashes } from './normalise';

describe('the golden store', () => {
  const stack = new Stack(new App(), 'Golden');
  new SecureModelArtifactStore(stack, 'Models');
  const template = Template.fromStack(stack).toJSON();

  // A changed id replaces the resource in every account that has one: a bucket, a key, a trail.
  test('keeps its logical ids', () => {
    const ids = Object.entries<{ Type: string }>(template.Resources)
      .filter(([, { Type }]) => Type !== 'AWS::ApiGateway::Deployment')
      .map(([id, { Type }]) => `${Type} ${id}`).sort();
    expect(ids).toMatchSnapshot();
  });

  test('keeps the policy of the artifact bucket', () => {
    const policies = Object.entries<{ Type: string }>(template.Resources).filter(([id, { Type }]) => Type === 'AWS::S3::BucketPolicy' && id.includes('Artifacts'));
    expect(policies).toHaveLength(1);
    expect(withoutAssetHashes(policies)).toMatchSnapshot();
  });

  test('keeps what each role may do', () => {
    const permissions = Object.entries<{ Type: string; Properties: { PolicyDocument: unknown } }>(template.Resources)
      .filter(([, { Type }]) => ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy'].includes(Type))
      .map(([id, { Properties }]) => [id, Properties.PolicyDocument]);
    expect(permissions).toMatchSnapshot();
  });
});
