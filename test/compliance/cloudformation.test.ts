import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SecureModelArtifactStore } from '../../src';

/** Everything that CloudFormation's own rules have to say of the stacks of an app, warnings included. */
function remarksOn(app: App): unknown[] {
  const { directory } = app.synth();
  return JSON.parse(fs.readFileSync(path.join(directory, 'validation-report.json'), 'utf8')).pluginReports;
}

const context = { '@aws-cdk/core:validationReportJson': true };

describe('CloudFormation\'s own validation', () => {
  const before = process.env.CDK_VALIDATION;
  beforeAll(() => {
    process.env.CDK_VALIDATION = 'true';
  });
  afterAll(() => {
    process.env.CDK_VALIDATION = before;
  });

  test('has nothing to say of the reference stack', () => {
    const app = new App({ context });
    new SecureModelArtifactStore(new Stack(app, 'Test'), 'Models');
    expect(remarksOn(app)).toEqual([]);
  });

  test('would have something to say if there were something', () => {
    const app = new App({ context });
    new s3.CfnBucket(new Stack(app, 'Test'), 'Bucket').addPropertyOverride('VersioningConfiguration.Status', 'Sometimes');
    expect(JSON.stringify(remarksOn(app))).toContain('Sometimes');
  });
});
