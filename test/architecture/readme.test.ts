import * as fs from 'node:fs';
import * as path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import manifest from '../../package.json';
import { repositoryOf, withRelativeLinks } from '../../scripts/release-files';
import { SecureModelArtifactStore } from '../../src';
import { auditQueries } from '../../src/audit/audit-queries';
import { templateOf } from '../support/app';
import { SCENARIOS } from '../support/audit/scenarios';

// While a release is made its links are absolute.
const README = withRelativeLinks(fs.readFileSync(path.join(__dirname, '../../README.md'), 'utf8'), '.', repositoryOf(manifest));

describe('the README', () => {
  const template = templateOf((stack: Stack) => new SecureModelArtifactStore(stack, 'Models'));
  const count = (type: string) => Object.keys(template.findResources(type)).length;

  test.each([
    ['questions', `${auditQueries().length} questions`],
    ['scenarios', `${SCENARIOS.length} ways to take models out`],
    ['alarms', `${count('AWS::CloudWatch::Alarm')} alarms`],
    ['tamper rules', `${count('AWS::Events::Rule')} tamper rules`],
    ['keys', `${['six', 'seven', 'eight', 'nine'][count('AWS::KMS::Key') - 6]} dollars`],
  ])('counts the %s right', (_, claim) => {
    expect(README).toContain(claim);
  });

  test('has fewer than 200 lines', () => {
    expect(README.split('\n').length).toBeLessThan(200);
  });

  test('leads to documents and folders that there are', () => {
    const links = [...README.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link]) => link);

    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !fs.existsSync(path.join(__dirname, '../..', link)))).toEqual([]);
  });
});
