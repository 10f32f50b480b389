import * as fs from 'node:fs';
import * as path from 'node:path';
import { CONFIGURATIONS } from './support/configurations';
import { LASTING } from './support/lasting-resources';
import { lastRelease } from './support/recorded-release';

const DOCUMENT = path.resolve(__dirname, '..', '..', 'docs', 'upgrading.md');
const text = fs.readFileSync(DOCUMENT, 'utf8');

describe('docs/upgrading.md', () => {
  test('lists every stateful resource, and what would be lost with it', () => {
    const table = ['| type | what would be lost |', '| --- | --- |', ...Object.entries(LASTING).map(([type, lost]) => `| \`${type}\` | ${lost} |`)];
    expect(text.split('<!-- lasting -->\n')[1].split('\n<!-- /lasting -->')[0].trim()).toBe(table.join('\n'));
  });

  test('has notes on the last release', () => {
    expect(text).toContain(`\n### ${lastRelease().version}\n`);
  });

  test('says how many configurations are compared', () => {
    expect(Object.keys(CONFIGURATIONS)).toHaveLength(8);
    expect(text).toContain('in eight configurations');
  });
});
