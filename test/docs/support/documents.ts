import * as fs from 'node:fs';
import * as path from 'node:path';

export const ROOT = path.join(__dirname, '..', '..', '..');

/** A fenced block of a document. */
export interface CodeBlock {
  /** The document, relative to the project. */
  readonly document: string;
  /** The line of its fence, counted from 1. */
  readonly line: number;
  /** The language of the block; empty if none is given. */
  readonly language: string;
  /** The text after the language, such as `fixture=with-store`. */
  readonly parameters: string;
  readonly text: string;
}

const FOLDERS = ['docs', 'examples', 'cli', 'test', 'bench'];
const WITHOUT = new Set(['node_modules', 'cdk.out', 'dist', 'lib', '.venv', '.local-aws']);

/** Every document that people read; API.md is generated, and too large to be read. */
export function documents(): string[] {
  const top = fs.readdirSync(ROOT).filter((name) => name.endsWith('.md') && name !== 'API.md');
  return [...top, ...FOLDERS.flatMap((folder) => markdownBelow(folder))].sort();
}

function markdownBelow(folder: string): string[] {
  return fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return WITHOUT.has(entry.name) ? [] : markdownBelow(name);
    return entry.isFile() && entry.name.endsWith('.md') ? [name] : [];
  });
}

export function textOf(document: string): string {
  return fs.readFileSync(path.join(ROOT, document), 'utf8');
}

/** The fenced blocks of all documents, or of those in these languages. */
export function codeBlocks(...languages: readonly string[]): CodeBlock[] {
  return documents()
    .flatMap((document) => blocksOf(document, textOf(document)))
    .filter(({ language }) => languages.length === 0 || languages.includes(language));
}

const FENCE = /^(?<indent> *)(?<fence>`{3,}|~{3,})(?<language>[^\s`]*) *(?<parameters>[^`]*)$/;

export function blocksOf(document: string, markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { indent: number; fence: string; line: number; language: string; parameters: string; lines: string[] } | undefined;
  markdown.split('\n').forEach((line, index) => {
    const groups = FENCE.exec(line)?.groups;
    if (!open) {
      if (groups) {
        const { indent, fence, language, parameters } = groups;
        open = { indent: indent.length, fence, line: index + 1, language, parameters: parameters.trim(), lines: [] };
      }
    } else if (groups?.fence.startsWith(open.fence) && groups.language === '') {
      const { lines, indent: _, fence: __, ...rest } = open;
      blocks.push({ document, ...rest, text: lines.join('\n') });
      open = undefined;
    } else {
      open.lines.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
    }
  });
  if (open) {
    throw new Error(`${document}:${open.line}: this block never ends`);
  }
  return blocks;
}

export function placeOf({ document, line }: Pick<CodeBlock, 'document' | 'line'>): string {
  return `${document}:${line}`;
}

/**
 * Whether a block is, but for its indentation, a part of a file beside its document, or of the file that it names with
 * `file=`, which is checked as a file then.
 */
export function isExcerpt({ document, parameters, text }: CodeBlock): boolean {
  const excerpt = trimmedLines(text);
  const named = namedFile(parameters);
  return (named === undefined ? filesBeside(document) : [path.join(ROOT, named)])
    .some((file) => `\n${trimmedLines(fs.readFileSync(file, 'utf8'))}\n`.includes(`\n${excerpt}\n`));
}

/** The file of the project that a block says it is taken from. */
export function namedFile(parameters: string): string | undefined {
  return /(?:^|\s)file=(\S+)/.exec(parameters)?.[1];
}

function filesBeside(document: string): string[] {
  const folder = path.join(ROOT, path.dirname(document));
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|py|java)$/.test(name) && !/(?:node_modules|cdk\.out|\.venv|target)[\\/]/.test(name))
    .map((name) => path.join(folder, name));
}

function trimmedLines(text: string): string {
  return text.split('\n').map((line) => line.trim()).join('\n').trim();
}
