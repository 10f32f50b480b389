import * as fs from 'node:fs';
import * as path from 'node:path';
import { CONFIGURATIONS, templateOf, type Template } from './support/configurations';
import { lastRelease } from './support/recorded-release';
import { obstaclesToRelease, type ReleaseCandidate } from './support/release-gate';
import { releasedVersions } from './support/versions';

const NOTES = fs.readFileSync(path.resolve(__dirname, '..', '..', 'docs', 'upgrading.md'), 'utf8');

test('the next release is possible', () => {
  const templates = Object.fromEntries(Object.keys(CONFIGURATIONS).map((name) => [name, templateOf(name)]));
  expect(obstaclesToRelease(lastRelease(), { templates, notes: NOTES, releasedVersions: releasedVersions() })).toEqual([]);
});

describe('a release', () => {
  const bucket = (Properties: object): Template => ({ Resources: { Models: { Type: 'AWS::S3::Bucket', Properties } } });
  const last = { version: '0.9.0', templates: { default: bucket({}) } };
  const candidate: ReleaseCandidate = { templates: last.templates, notes: '### 0.9.0\n', releasedVersions: ['0.8.0', '0.9.0'] };
  const changed = { ...candidate, templates: { default: bucket({ VersioningConfiguration: { Status: 'Enabled' } }) } };

  test('is blocked unless the last one was recorded', () => {
    expect(obstaclesToRelease(last, { ...candidate, releasedVersions: ['0.9.0', '0.10.0'] }))
      .toEqual(['0.10.0 was released after 0.9.0: record it with `npm run record-release -- 0.10.0`']);
  });

  test('is blocked if it changes a stack and has no notes', () => {
    expect(obstaclesToRelease(last, changed)).toEqual([
      'the stack changed since 0.9.0 (default): say in docs/upgrading.md, under the version that brings it, what people will see',
    ]);
    expect(obstaclesToRelease(last, { ...changed, notes: '### 0.10.0\n\nVersions of objects are kept.\n\n### 0.9.0\n' })).toEqual([]);
  });

  test('is possible without notes if it changes no stack', () => {
    expect(obstaclesToRelease(last, candidate)).toEqual([]);
  });

  test('is possible as the first one', () => {
    expect(obstaclesToRelease(last, { ...changed, releasedVersions: [] })).toEqual([]);
    expect(obstaclesToRelease(last, { ...changed, releasedVersions: ['0.8.0'] })).toEqual([]);
  });
});
