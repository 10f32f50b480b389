import { parseAllDocuments } from 'yaml';
import { type CodeBlock, codeBlocks, placeOf } from './support/documents';
import { problemWithDiagram } from './support/mermaid';

function problemsWith(block: CodeBlock): string[] {
  const problem = PROBLEM[block.language as keyof typeof PROBLEM](block.text);
  return problem === undefined ? [] : [`${placeOf(block)}: ${problem}`];
}

const PROBLEM = {
  json: (text: string) => {
    try {
      JSON.parse(text);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  },
  yaml: (text: string) => parseAllDocuments(text).flatMap(({ errors }) => errors).at(0)?.message,
  mermaid: problemWithDiagram,
};

describe('data and diagrams in the documents', () => {
  test('can be read', () => {
    expect(codeBlocks('json', 'yaml', 'mermaid').flatMap(problemsWith)).toEqual([]);
  });

  test('have a language that is checked, or none', () => {
    const checked = ['', 'ts', 'python', 'shell', 'sh', 'bash', 'console', 'json', 'yaml', 'mermaid', 'text', 'java', 'sql', 'csharp', 'go'];

    expect(codeBlocks().filter(({ language }) => !checked.includes(language)).map(placeOf)).toEqual([]);
  });

  test.each([
    ['json', '{ "a": 1, }'],
    ['yaml', 'a: [1'],
    ['mermaid', 'flowchard LR\n  A --> B'],
    ['mermaid', 'flowchart LR\n  A[one --> B'],
    ['mermaid', 'flowchart LR\n  A => B'],
    ['mermaid', 'sequenceDiagram\n  participant A\n  A->>B: asks'],
    ['mermaid', 'sequenceDiagram\n  participant A\n  loop again\n  A->>A: asks'],
  ])('that are wrong would be reported: %s %j', (language, text) => {
    expect(problemsWith({ document: 'made-up.md', line: 1, language, parameters: '', text })).toHaveLength(1);
  });
});
