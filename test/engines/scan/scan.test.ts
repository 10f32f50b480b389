import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { COMPLIANCE_FILE, withAcceptedFindings } from '../../../scripts/scan/document';
import { type ScanResult, unexplained } from '../../../scripts/scan/finding';
import { licenses } from '../../../scripts/scan/licenses';
import { describe as inOneLine } from '../../../scripts/scan/report';
import { type Scanned, SCANNERS } from '../../../scripts/scan/scan';
import { writeStacks, writeTemplates } from '../../../scripts/scan/templates';

/** A registry may not answer the search for advisories, and ../cloudformation/lint.test.ts runs cfn-lint. */
const NAMES = Object.keys(SCANNERS).filter((name) => !['advisories', 'cfn-lint'].includes(name));

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'scan-'));
const results: { [name: string]: ScanResult } = {};

beforeAll(async () => {
  const scanned: Scanned = { templates: writeTemplates(folder), folder };
  for (const name of NAMES) {
    results[name] = await SCANNERS[name](scanned);
  }
}, 1_800_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test.each(NAMES)('%s has no finding without a reason in the default store, in any example, or with every option', (name) => {
  expect(unexplained(results[name]).map(inOneLine)).toEqual([]);
  expect(results[name].checked).toMatch(/^[1-9]/);
});

test('docs/compliance.md lists every accepted finding, with its reason', () => {
  const text = fs.readFileSync(COMPLIANCE_FILE, 'utf8');

  // After a change: npm run scan -- --update
  expect(text).toBe(withAcceptedFindings(text, Object.values(results).flatMap(({ findings }) => findings)));
});

describe('a template with weaknesses', () => {
  const app = new App();
  const stack = new Stack(app, 'Weak');
  new s3.CfnBucket(stack, 'Bucket', { accessControl: 'PublicRead' });
  new iam.ManagedPolicy(stack, 'Policy', { statements: [new iam.PolicyStatement({ actions: ['s3:*', 'iam:*'], resources: ['*'] })] });
  new lambda.CfnPermission(stack, 'Permission', { action: 'lambda:InvokeFunction', functionName: 'f', principal: '*' });

  test.each([['Checkov', 'Bucket'], ['cfn-guard', 'Permission'], ['Cloudsplaining', 'Policy']])('has findings of %s without a reason', async (name, resource) => {
    const weak = path.join(folder, name);
    fs.mkdirSync(weak);
    const result = await SCANNERS[name]({ templates: writeStacks(weak, 'weak', app), folder: weak });

    expect(unexplained(result).map(({ subject }) => subject).filter((subject) => subject.startsWith(resource))).not.toEqual([]);
  });

  test.each(['GPL-3.0-only', 'MIT AND GPL-3.0-only', 'See LICENSE', undefined])('the license %s is not allowed', (license) => {
    const file = path.join(folder, 'package-lock.json');
    fs.writeFileSync(file, JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '1.0.0', license } } }));

    expect(licenses(file).findings).toEqual([expect.objectContaining({ subject: 'a' })]);
  });
});
