import { Stack, App } from 'aws-cdk-lib';
import { SecureModelArtifactStore } from '../../src';
import { VARIANTS } from '../store/variants';
import { unacknowledgedFindings } from '../support/findings';

// [C-20] in docs/compliance.md
describe('no rule pack finds anything unacknowledged', () => {
  test.each(Object.entries(VARIANTS))('in a store %s', (_name, properties) => {
    const stack = new Stack(new App(), 'Test', { env: { account: '111122223333', region: 'eu-central-1' } });
    new SecureModelArtifactStore(stack, 'Models', properties(stack));
    expect(unacknowledgedFindings(stack)).toEqual([]);
  });

});
