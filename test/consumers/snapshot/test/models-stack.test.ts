import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { testing } from 'secure-model-artifact-store';
import { ModelsStack } from '../lib/models-stack';

const stack = new ModelsStack(new App(), 'Models');

// Quiet when a release of the library, or of any other construct here, only brings new code for its functions.
test('the stack matches the reviewed snapshot', () => {
  expect(testing.SnapshotTemplate.fromStack(stack)).toMatchSnapshot();
});

// Fails as soon as a single byte of what is deployed changes. Few repositories want that; a rebuild does not disturb it.
test('the stack and the code of its functions match the reviewed snapshot', () => {
  expect(Template.fromStack(stack).toJSON()).toMatchSnapshot();
});
