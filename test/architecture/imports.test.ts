import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

const ROOT = path.join(__dirname, '..', '..');

/** Which folder of src may import which; docs/architecture.md draws the same arrows. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  contract: [],
  testing: [],
  storage: ['contract'],
  access: ['storage', 'contract'],
  audit: ['storage', 'contract'],
  api: ['access', 'audit', 'storage', 'contract'],
  monitoring: ['access', 'audit', 'storage', 'contract'],
  scanning: ['access', 'audit', 'storage', 'contract'],
  compliance: ['access', 'audit', 'storage', 'contract'],
  root: ['api', 'monitoring', 'scanning', 'compliance', 'access', 'audit', 'storage', 'contract'],
  index: ['root', 'testing', 'api', 'monitoring', 'scanning', 'compliance', 'access', 'audit', 'storage', 'contract'],
  handlers: ['contract'],
  cli: ['contract'],
};

/** Packages a folder may import: the construct library has its peers alone, what runs elsewhere never sees the CDK. */
const PEERS = ['aws-cdk-lib', 'constructs', 'cdk-nag'];

function layerOf(file: string): string {
  const relative = path.relative(ROOT, file).split(path.sep);
  if (relative[0] === 'cli') {
    return 'cli';
  }
  if (relative[0] !== 'src') {
    throw new Error(`${file} belongs to no layer`);
  }
  if (relative.length > 2) {
    return relative[1];
  }
  return relative[1] === 'index.ts' ? 'index' : 'root';
}

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      const typeOnly = ts.isImportDeclaration(node) ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword : node.isTypeOnly;
      found.push({ file, target: node.moduleSpecifier.text, typeOnly });
    }
    if (ts.isCallExpression(node) && node.arguments.length === 1 && ts.isStringLiteral(node.arguments[0])) {
      const callee = node.expression;
      if (callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')) {
        found.push({ file, target: node.arguments[0].text, typeOnly: false });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function sourceFiles(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    return entry.isDirectory() ? sourceFiles(full) : entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts') ? [full] : [];
  });
}

const imports = [...sourceFiles(path.join(ROOT, 'src')), ...sourceFiles(path.join(ROOT, 'cli', 'src'))].flatMap(importsOf);

const shown = ({ file, target }: Import) => `${path.relative(ROOT, file)} imports ${target}`;

describe('imports point one way', () => {
  test('there are imports to judge', () => {
    expect(imports.length).toBeGreaterThan(10);
  });

  test('every folder of src has its place in the order', () => {
    const folders = fs.readdirSync(path.join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(folders.filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
  });

  test('no folder imports one above it or beside it', () => {
    const wrong = imports.filter(({ file, target }) => {
      if (!target.startsWith('.')) {
        return false;
      }
      const from = layerOf(file);
      const to = layerOf(path.resolve(path.dirname(file), target) + '.ts');
      return from !== to && !MAY_IMPORT[from].includes(to);
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  test('the construct library imports its peers and Node alone', () => {
    const wrong = imports.filter(({ file, target }) =>
      !['handlers', 'cli'].includes(layerOf(file)) &&
      !target.startsWith('.') && !target.startsWith('node:') &&
      !PEERS.some((peer) => target === peer || target.startsWith(`${peer}/`)));
    expect(wrong.map(shown)).toEqual([]);
  });

  test('the contract imports nothing', () => {
    const wrong = imports.filter(({ file, target }) => layerOf(file) === 'contract' && !target.startsWith('./'));
    expect(wrong.map(shown)).toEqual([]);
  });

  test('functions and command line never import the CDK', () => {
    const wrong = imports.filter(({ file, target }) =>
      ['handlers', 'cli'].includes(layerOf(file)) && PEERS.some((peer) => target === peer || target.startsWith(`${peer}/`)));
    expect(wrong.map(shown)).toEqual([]);
  });

  test('index.ts only exports', () => {
    const source = ts.createSourceFile('index.ts', fs.readFileSync(path.join(ROOT, 'src', 'index.ts'), 'utf8'), ts.ScriptTarget.Latest);
    expect(source.statements.filter((statement) => !ts.isExportDeclaration(statement))).toEqual([]);
  });
});
