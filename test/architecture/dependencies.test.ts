import * as fs from 'node:fs';
import * as path from 'node:path';

const ROOT = path.join(__dirname, '..', '..');
const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  dependencies?: { [name: string]: string };
  devDependencies: { [name: string]: string };
  peerDependencies: { [name: string]: string };
};
const document = fs.readFileSync(path.join(ROOT, 'docs', 'dependencies.md'), 'utf8');
/** `@types/x` provides the types of x and needs no explanation. */
const named = (name: string) => name.startsWith('@types/') || document.includes(`\`${name}\``)
  || (name.startsWith('@aws-sdk/client-') && document.includes('other `@aws-sdk/client-*`'));

describe('docs/dependencies.md', () => {
  test('names every package that the project depends on', () => {
    expect(Object.keys({ ...manifest.devDependencies, ...manifest.peerDependencies }).filter((name) => !named(name))).toEqual([]);
  });
});

test('the construct library has no runtime dependencies except its peers', () => {
  expect(Object.keys(manifest.dependencies ?? {})).toEqual([]);
});
