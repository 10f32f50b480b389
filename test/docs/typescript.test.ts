import { apiExamples } from './support/assembly';
import { type CodeBlock, codeBlocks, isExcerpt, namedFile, placeOf } from './support/documents';
import { parsePython, problemsWithPython, type PythonTree } from './support/python';
import { synthesise, translate, type Translation } from './support/rosetta';

/** What a document shows of files, the README of an example of its own or any document of one that it names, is compiled with these. */
const ownWords = (block: CodeBlock) => !((block.document.startsWith('examples/') || namedFile(block.parameters)) && isExcerpt(block));
const blocks = [...codeBlocks('ts', 'typescript').filter(ownWords), ...apiExamples()];

/** Blocks that must fail, to show that the check detects errors. */
const WRONG = {
  property: 'import { SecureModelArtifactStore } from \'secure-model-artifact-store\';\nnew SecureModelArtifactStore(this, \'A\', { signed: true });',
  name: 'store.grantDownlod(role);',
  types: 'const bytes: number = store.storeName;',
};

function made(text: string, document = 'made-up.md'): CodeBlock {
  return { document, line: 1, language: 'ts', parameters: 'fixture=with-store', text };
}

describe('TypeScript in the documents', () => {
  let translations: Translation[];
  let wrong: Translation[];
  let python: PythonTree[];

  beforeAll(async () => {
    const all = translate([...blocks, ...Object.values(WRONG).map((text) => made(text))]);
    translations = all.slice(0, blocks.length);
    wrong = all.slice(blocks.length);
    python = await parsePython(translations.map((translation) => translation.python));
  });

  test('is found', () => {
    expect(blocks.map(({ document }) => document)).toContain('README.md');
  });

  test('compiles against the shipped package, and translates to every jsii language', () => {
    expect(translations.flatMap(({ problems }) => problems)).toEqual([]);
  });

  test('is accepted by the constructs and synthesizes', () => {
    expect(synthesise(blocks)).toEqual([]);
  });

  test('that a construct rejects would be reported', () => {
    const text = 'import { SecureModelArtifactStore } from \'secure-model-artifact-store\';\nnew SecureModelArtifactStore(this, \'A\', { storeName: \'a b\' });';

    expect(synthesise([made(text)]).join()).toMatch(/^made-up.md:1: [^]*storeName/);
  });

  test('becomes Python that parses, with names and properties that the Python package has', () => {
    expect(translations.flatMap(({ block }, index) => problemsWithPython(block, python[index]))).toEqual([]);
  });

  test('in the README is followed by its jsii translation to Python', async () => {
    const first = translations.findIndex(({ block }) => block.document === 'README.md');
    const [beside] = await parsePython(codeBlocks('python').filter(({ document }) => document === 'README.md').map(({ text }) => text));

    expect(beside.dump).toBeDefined();
    expect(beside.dump).toBe(python[first].dump);
  });

  test('of an example is quoted from its files, or compiled', () => {
    const document = 'examples/quickstart/README.md';

    expect(isExcerpt(made('import { QuickstartStack } from \'./quickstart-stack\';', document))).toBe(true);
    expect(isExcerpt(made('import { QuickstartStack } from \'./quickstart\';', document))).toBe(false);
  });

  test('of a file named in a document is identical to that file', () => {
    const named = codeBlocks().filter(({ parameters }) => namedFile(parameters));

    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((block) => !isExcerpt(block)).map(placeOf)).toEqual([]);
    expect(isExcerpt({ ...made('test(\'what is in no file\')'), parameters: 'file=test/docs/data.test.ts' })).toBe(false);
  });

  test('that is wrong would be reported: a property, a method, a type', () => {
    expect(wrong.map(({ problems }) => problems.length > 0)).toEqual([true, true, true]);
    expect(wrong[0].problems.join()).toMatch(/^made-up.md:1: .*'signed' does not exist in type 'SecureModelArtifactStoreProps'/);
  });
});

describe('Python in the documents', () => {
  const documented = codeBlocks('python', 'py').filter(ownWords);

  test('parses, with names and properties that the Python package has', async () => {
    const trees = await parsePython(documented.map(({ text }) => text));

    expect(documented.flatMap((block, index) => problemsWithPython(block, trees[index]))).toEqual([]);
  });

  test('that is wrong would be reported: a line, a name, a property', async () => {
    const texts = [
      'def f(:',
      'from secure_model_artifact_store import SecureStore',
      'from secure_model_artifact_store import SecureModelArtifactStore\nSecureModelArtifactStore(self, "A", signed=True)',
    ];
    const trees = await parsePython(texts);

    expect(texts.map((text, index) => problemsWithPython(made(text), trees[index]).join())).toEqual([
      'made-up.md:1: invalid syntax (line 1)',
      'made-up.md:1: secure_model_artifact_store has no SecureStore',
      'made-up.md:1: SecureModelArtifactStore has no signed',
    ]);
  });
});
