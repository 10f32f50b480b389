import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { cycles, fileOf, type Import, importsOf, ROOT, sourceFiles } from '../../scripts/measures/imports';

/**
 * The layers of the code, each above those that it may import. docs/architecture.md draws the same arrows. A layer that is
 * missing here fails the test, so that a new one gets its place.
 */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  'src/contract': [],
  'src/common': ['src/contract'],
  'src/storage': ['src/common', 'src/contract'],
  'src/access': ['src/storage', 'src/common', 'src/contract'],
  'src/audit': ['src/storage', 'src/common', 'src/contract'],
  'src/api': ['src/access', 'src/audit', 'src/storage', 'src/common', 'src/contract'],
  'src/monitoring': ['src/access', 'src/audit', 'src/storage', 'src/common', 'src/contract'],
  'src/compliance': ['src/common', 'src/contract'],
  'src/testing': [],
  'src/store': [
    'src/api', 'src/monitoring', 'src/compliance', 'src/access', 'src/audit', 'src/storage', 'src/common', 'src/contract',
  ],
  src: [
    'src/store', 'src/testing', 'src/api', 'src/monitoring', 'src/compliance', 'src/access', 'src/audit', 'src/storage', 'src/common',
  ],

  'src/handlers/common': ['src/contract'],
  'src/handlers/aws': ['src/handlers/common', 'src/contract'],
  'src/handlers/http': ['src/handlers/aws', 'src/handlers/common', 'src/contract'],
  'src/handlers/upload': ['src/handlers/http', 'src/handlers/aws', 'src/handlers/common', 'src/contract'],
  'src/handlers/download': ['src/handlers/http', 'src/handlers/aws', 'src/handlers/common', 'src/contract'],
  'src/handlers/registry': ['src/handlers/http', 'src/handlers/aws', 'src/handlers/common', 'src/contract'],
  'src/handlers/logging-role': ['src/handlers/common', 'src/contract'],
  'src/handlers': [
    'src/handlers/upload', 'src/handlers/download', 'src/handlers/registry', 'src/handlers/logging-role', 'src/handlers/http',
    'src/handlers/common', 'src/contract',
  ],

  'cli/src/runtime': ['src/contract'],
  'cli/src/aws': ['cli/src/runtime', 'src/contract'],
  'cli/src/folder': ['cli/src/runtime', 'src/contract'],
  'cli/src/store': ['cli/src/folder', 'cli/src/aws', 'cli/src/runtime', 'src/contract'],
  'cli/src/transfer': ['cli/src/store', 'cli/src/folder', 'cli/src/aws', 'cli/src/runtime', 'src/contract'],
  'cli/src/import': ['cli/src/transfer', 'cli/src/store', 'cli/src/folder', 'cli/src/aws', 'cli/src/runtime', 'src/contract'],
  'cli/src/audit': ['cli/src/store', 'cli/src/aws', 'cli/src/runtime', 'src/contract'],
  'cli/src/completion': ['cli/src/store', 'cli/src/aws', 'cli/src/runtime', 'src/contract'],
  'cli/src/commands': [
    'cli/src/audit', 'cli/src/completion', 'cli/src/import', 'cli/src/transfer', 'cli/src/store', 'cli/src/folder', 'cli/src/aws',
    'cli/src/runtime', 'src/contract',
  ],
  'cli/src': ['cli/src/commands', 'cli/src/import', 'cli/src/aws', 'cli/src/runtime'],
};

/** The construct library imports only its peers and Node; handlers and command line never import the CDK. */
const PEERS = ['aws-cdk-lib', 'constructs', 'cdk-nag'];
const isOf = (packages: readonly string[], target: string) => packages.some((name) => target === name || target.startsWith(`${name}/`));
const runsElsewhere = (file: string) => file.startsWith('src/handlers/') || file.startsWith('cli/');

/** The layer of a file: its folder, or the parent folder for a layer's subfolders. */
function layerOf(file: string): string {
  const layers = Object.keys(BELOW).filter((layer) => file.startsWith(`${layer}/`));
  const layer = layers.sort((a, b) => b.length - a.length)[0];
  const below = file.slice(layer.length + 1);
  if (['src', 'cli/src', 'src/handlers'].includes(layer) && below.includes('/')) {
    throw new Error(`${file} is in a layer without a place in this list`);
  }
  return layer;
}

const files = [...sourceFiles('src'), ...sourceFiles('cli/src')];
const imports = files.flatMap(importsOf);
const shown = ({ file, target }: Import) => `${file} imports ${target}`;

test('no file imports one that imports it, directly or through others, not even for a type', () => {
  expect(imports.length).toBeGreaterThan(1_000);
  expect(cycles(imports)).toEqual([]);
});

test('no file imports from a layer above its own or next to it', () => {
  const wrong = imports.filter((each) => {
    const target = fileOf(each);
    const from = layerOf(each.file);
    return target !== undefined && layerOf(target) !== from && !BELOW[from].includes(layerOf(target));
  });
  expect(wrong.map(shown)).toEqual([]);
});

test('every import of a file exists', () => {
  expect(imports.filter((each) => each.target.startsWith('.') && fileOf(each) === undefined).map(shown)).toEqual([]);
});

test('the construct library imports only its peer dependencies and Node.js', () => {
  const wrong = imports.filter(({ file, target }) =>
    !runsElsewhere(file) && !target.startsWith('.') && !target.startsWith('node:') && !isOf(PEERS, target));
  expect(wrong.map(shown)).toEqual([]);
});

test('functions and command line never import the CDK', () => {
  expect(imports.filter(({ file, target }) => runsElsewhere(file) && isOf(PEERS, target)).map(shown)).toEqual([]);
});

test('index.ts only exports, and is the only file at the root of src', () => {
  const source = ts.createSourceFile('index.ts', fs.readFileSync(path.join(ROOT, 'src', 'index.ts'), 'utf8'), ts.ScriptTarget.Latest);
  expect(source.statements.filter((statement) => !ts.isExportDeclaration(statement))).toEqual([]);
  expect(files.filter((file) => path.dirname(file) === 'src')).toEqual(['src/index.ts']);
});

test('no file of the source has more than 300 lines', () => {
  expect(files.filter((file) => fs.readFileSync(path.join(ROOT, file), 'utf8').split('\n').length > 301)).toEqual([]);
});
