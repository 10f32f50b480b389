import { App, NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { LogArchive, SecureModelArtifactStore, type SecureModelArtifactStoreProps } from '../../src';

const env = { account: '111122223333', region: 'eu-central-1' };
const LEAN: SecureModelArtifactStoreProps = { monitoring: { enabled: false }, audit: { analytics: { enabled: false } } };

describe('a store in a nested stack', () => {
  const top = new Stack(new App(), 'Top', { env });
  const middle = new NestedStack(top, 'Platform');
  new SecureModelArtifactStore(new NestedStack(middle, 'First'), 'Models', LEAN);
  new SecureModelArtifactStore(new NestedStack(middle, 'Second'), 'Models', LEAN);
  const outputs = Object.entries(Template.fromStack(top).toJSON().Outputs as Record<string, { Description: string; Value: unknown }>);

  test('has its outputs in the stack that is deployed', () => {
    const descriptions = outputs.map(([, { Description }]) => Description);
    for (const description of ['URL of the API', 'Role that pushes and pulls models', 'Bucket that holds the models']) {
      expect(descriptions.filter((each) => each === description)).toHaveLength(2);
    }
  });

  test('has output names that distinguish two stores', () => {
    expect(outputs.filter(([id]) => id.startsWith('TopPlatformFirstModels'))).toHaveLength(outputs.length / 2);
  });
});

describe('two stores with one name', () => {
  const second = (one: Stack, other: Stack) => {
    new SecureModelArtifactStore(one, 'Models', { ...LEAN, storeName: 'models' });
    return () => new SecureModelArtifactStore(other, 'Others', { ...LEAN, storeName: 'models' });
  };

  test('in one account and Region are rejected', () => {
    const app = new App();
    expect(second(new Stack(app, 'One', { env }), new Stack(app, 'Two', { env }))).toThrow(
      'SecureModelArtifactStore at Two/Others:\n  - storeName is "models", which One/Models in the same '
        + 'account and Region already uses; rename one of them');
    const stack = new Stack(new App(), 'One');
    expect(second(stack, stack)).toThrow('storeName is "models", which One/Models');
  });

  test('in two Regions, or in unknown ones, are not', () => {
    const app = new App();
    expect(second(new Stack(app, 'One', { env }), new Stack(app, 'Two', { env: { ...env, region: 'us-east-1' } }))).not.toThrow();
    const agnostic = new App();
    expect(second(new Stack(agnostic, 'Dev'), new Stack(agnostic, 'Prod'))).not.toThrow();
  });
});

test('logs that are deleted with the stack cause a warning', () => {
  const stack = new Stack(new App(), 'Store', { env });
  new LogArchive(stack, 'Logs', { removalPolicy: RemovalPolicy.DESTROY });
  Annotations.fromStack(stack).hasWarning('/Store/Logs', Match.stringLikeRegexp('removalPolicy is DESTROY: the logs .* are deleted with the stack'));
});
