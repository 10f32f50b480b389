import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SecureModelArtifactStore } from '../../src';

/** All findings of the CloudFormation validation rules for the stacks of an app, including warnings. */
function findingsIn(app: App): unknown[] {
  const { directory } = app.synth();
  return JSON.parse(fs.readFileSync(path.join(directory, 'validation-report.json'), 'utf8')).pluginReports;
}

const context = { '@aws-cdk/core:validationReportJson': true };

describe('the CloudFormation validation', () => {
  const before = process.env.CDK_VALIDATION;
  beforeAll(() => {
    process.env.CDK_VALIDATION = 'true';
  });
  afterAll(() => {
    process.env.CDK_VALIDATION = before;
  });

  test('has no findings in the reference stack', () => {
    const app = new App({ context });
    new SecureModelArtifactStore(new Stack(app, 'Test'), 'Models');
    expect(findingsIn(app)).toEqual([]);
  });

  test('would report a problem', () => {
    const app = new App({ context });
    new s3.CfnBucket(new Stack(app, 'Test'), 'Bucket').addPropertyOverride('VersioningConfiguration.Status', 'Sometimes');
    expect(JSON.stringify(findingsIn(app))).toContain('Sometimes');
  });
});
