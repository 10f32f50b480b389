import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { BatchSnippetTranslator, CSharpVisitor, GoVisitor, JavaVisitor, PythonVisitor, type TypeScriptSnippet } from 'jsii-rosetta';
import * as ts from 'typescript';
import { type CodeBlock, placeOf, ROOT } from './documents';
import * as library from '../../../src';

/** The packages that the library's consumers can import, with their folders. */
const PACKAGES: { readonly [name: string]: string } = {
  'secure-model-artifact-store': ROOT,
  ...Object.fromEntries(['aws-cdk-lib', 'constructs', 'cdk-nag', '@types/node'].map((name) => [name, path.join(ROOT, 'node_modules', name)])),
};

export interface Translation {
  readonly block: CodeBlock;
  /** What compiler and translator found, each with the place of the block. */
  readonly problems: readonly string[];
  /** The same in Python. */
  readonly python: string;
}

/**
 * Compiles blocks as a consumer would, against the types that the package ships, and translates them with jsii-rosetta: what
 * its strict mode does for a README, for every document, in one program.
 */
export function translate(blocks: readonly CodeBlock[]): Translation[] {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'docs-typescript-')));
  try {
    for (const [name, target] of Object.entries(PACKAGES)) {
      const link = path.join(directory, 'node_modules', name);
      fs.mkdirSync(path.dirname(link), { recursive: true });
      fs.symlinkSync(target, link);
    }
    const translators = new BatchSnippetTranslator(blocks.map(snippetOf), { includeCompilerDiagnostics: true, compilationDirectory: directory });
    return [...translators].map(([, translator], index) => {
      const python = translator.renderUsing(new PythonVisitor());
      [new JavaVisitor(), new CSharpVisitor(), new GoVisitor()].forEach((visitor) => translator.renderUsing(visitor));
      const problems = translator.diagnostics.map((diagnostic) =>
        `${placeOf(blocks[index])}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')}${quote(diagnostic)}`);
      return { block: blocks[index], problems, python };
    });
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

/**
 * Makes the stacks that blocks in a fixture describe, with the library's sources, and synthesises them: what compiles may still
 * be refused by a construct. Answers with what was refused.
 */
export function synthesise(blocks: readonly CodeBlock[]): string[] {
  return blocks.filter(({ parameters }) => parameters.includes('fixture=')).flatMap((block) => {
    const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(inFixture(block), { compilerOptions });
    const exported: { Fixture?: new (scope: App, id: string) => Stack } = {};
    const load = (name: string): unknown => (name === 'secure-model-artifact-store' ? library : jest.requireActual(name));
    try {
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the documents are ours, and this is what their readers do with them.
      new Function('require', 'exports', outputText)(load, exported);
      const app = new App();
      new exported.Fixture!(app, 'Documented');
      app.synth();
      return [];
    } catch (error) {
      return [`${placeOf(block)}: ${(error as Error).message}`];
    }
  });
}

function snippetOf(block: CodeBlock, index: number): TypeScriptSnippet {
  return {
    visibleSource: block.text,
    completeSource: inFixture(block),
    location: { api: { api: 'file', fileName: `block-${index}.ts` } },
    strict: true,
  };
}

const IMPORT = /^import\s[^;]*;$/gm;

/** A block that names a fixture is what stands where the fixture says so; its imports go to the top. */
function inFixture(block: CodeBlock): string {
  const fixture = /(?:^|\s)fixture=(\S+)/.exec(block.parameters)?.[1];
  if (!fixture) return block.text;
  const imports = block.text.match(IMPORT) ?? [];
  const shown = (text: string) => `/// !show\n${text}\n/// !hide`;
  const body = fs.readFileSync(path.join(ROOT, 'rosetta', `${fixture}.ts-fixture`), 'utf8')
    .replace(/^.*\/\/\/ here$/m, () => shown(block.text.replace(IMPORT, '').trim()));
  return `${shown(imports.join('\n'))}\n${body}`;
}

function quote({ file, start, length }: ts.Diagnostic): string {
  return file && start !== undefined ? `\n    ${file.text.slice(start, start + Math.min(length ?? 0, 80))}` : '';
}

