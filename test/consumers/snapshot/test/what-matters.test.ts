import { App, type CfnResource } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ModelsStack } from '../lib/models-stack';

const stack = new ModelsStack(new App(), 'Models');
const template = Template.fromStack(stack);

test('models and what encrypts them outlive the stack', () => {
  template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  template.allResources('AWS::KMS::Key', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
});

test('no upgrade gives the models another bucket', () => {
  const bucket = stack.store.artifactBucket.bucket.node.defaultChild as CfnResource;
  expect(stack.getLogicalId(bucket)).toBe('StoreArtifactsBucket2F232110');
});

test('every read of a model is recorded', () => {
  template.hasResourceProperties('AWS::CloudTrail::Trail', {
    AdvancedEventSelectors: Match.arrayWith([Match.objectLike({
      FieldSelectors: Match.arrayWith([{ Field: 'resources.type', Equals: ['AWS::S3::Object'] }]),
    })]),
  });
});
