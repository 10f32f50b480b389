import { App, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SecureModelArtifactStore } from '../../src';

// Findings are errors only with this feature flag; without it they are printed as warnings.
const context = { '@aws-cdk/core:validateAgainstDefaultRules': true };

describe('CloudFormation\'s own validation', () => {
  const before = process.env.CDK_VALIDATION;
  beforeAll(() => {
    process.env.CDK_VALIDATION = 'true';
  });
  afterAll(() => {
    process.env.CDK_VALIDATION = before;
  });

  test('finds nothing in the reference stack', () => {
    const app = new App({ context });
    new SecureModelArtifactStore(new Stack(app, 'Test'), 'Models');
    expect(() => app.synth()).not.toThrow();
  });

  test('would find something if it were there', () => {
    const app = new App({ context });
    const bucket = new s3.CfnBucket(new Stack(app, 'Test'), 'Bucket');
    bucket.addPropertyOverride('VersioningConfiguration.Status', 'Sometimes');
    expect(() => app.synth()).toThrow(/VersioningConfiguration|Sometimes/);
  });
});
