import { type CodeBlock } from './documents';

/** One simple command of a block, as its words. */
export interface ShellCommand {
  readonly document: string;
  readonly line: number;
  readonly words: readonly string[];
}

/** The typed lines of a block: those after a prompt, or all of them if there is no prompt. */
export function typedIn(block: CodeBlock): string {
  const lines = block.text.split('\n');
  const prompted = lines.some((line) => line.startsWith('$ '));
  let goesOn = false;
  return lines.map((line) => {
    const typed = !prompted || goesOn || line.startsWith('$ ');
    goesOn = typed && line.endsWith('\\');
    return typed ? line.replace(/^\$ /, '') : '';
  }).join('\n');
}

/** The simple commands of a block, those in `$(…)` too. */
export function commandsOf(block: CodeBlock): ShellCommand[] {
  return split(typedIn(block)).map(({ words, line }) => ({ document: block.document, line: block.line + line, words }));
}

interface Split {
  readonly words: string[];
  /** Counted from 1. */
  readonly line: number;
}

/** Parses the part of the shell's grammar that documents need, and rejects the rest. */
function split(text: string): Split[] {
  const commands: Split[] = [];
  let words: string[] = [];
  let word: string | undefined;
  let line = 1;
  let began = 1;
  let heredoc: string | undefined;
  const endWord = () => {
    if (word !== undefined) {
      if (words.length === 0) began = line;
      words.push(word);
    }
    word = undefined;
  };
  const endCommand = () => {
    endWord();
    const own = withoutRedirections(words);
    while (own.length > 0 && /^[A-Za-z_]\w*=/.test(own[0])) own.shift();
    if (own.length > 0) commands.push({ words: own, line: began });
    words = [];
  };
  const nested = (from: number): number => {
    let depth = 1;
    let at = from;
    while (depth > 0) {
      if (at >= text.length) throw new Error(`line ${line}: "$(" never ends`);
      if (text[at] === '(') depth++;
      if (text[at] === ')') depth--;
      at++;
    }
    commands.push(...split(text.slice(from, at - 1)).map((command) => ({ ...command, line: command.line + line - 1 })));
    word = `${word ?? ''}SUBSTITUTED`;
    return at;
  };
  for (let at = 0; at < text.length;) {
    const character = text[at];
    if (character === '\n') {
      endCommand();
      line++;
      at++;
      if (heredoc !== undefined) {
        const end = text.indexOf(`\n${heredoc}`, at - 1);
        if (end < 0) throw new Error(`line ${line}: "<<${heredoc}" never ends`);
        line += text.slice(at, end + 1).split('\n').length;
        at = end + 1 + heredoc.length;
        heredoc = undefined;
      }
    } else if (character === '\\' && text[at + 1] === '\n') {
      endWord();
      line++;
      at += 2;
    } else if (character === '\\') {
      word = `${word ?? ''}${text[at + 1]}`;
      at += 2;
    } else if (character === '\'') {
      const end = text.indexOf('\'', at + 1);
      if (end < 0) throw new Error(`line ${line}: a quote never ends`);
      word = `${word ?? ''}${text.slice(at + 1, end)}`;
      line += text.slice(at, end).split('\n').length - 1;
      at = end + 1;
    } else if (character === '"') {
      word ??= '';
      at++;
      while (text[at] !== '"') {
        if (at >= text.length) throw new Error(`line ${line}: a quote never ends`);
        if (text.startsWith('$(', at)) {
          at = nested(at + 2);
        } else {
          if (text[at] === '\n') line++;
          if (text[at] === '\\') at++;
          word += text[at];
          at++;
        }
      }
      at++;
    } else if (text.startsWith('$(', at)) {
      at = nested(at + 2);
    } else if (character === '#' && word === undefined) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (text.startsWith('<<', at)) {
      const [all, name] = /^<<-?\s*['"]?(\w+)['"]?/.exec(text.slice(at)) ?? [''];
      if (all === '') throw new Error(`line ${line}: "<<" without a word`);
      heredoc = name;
      at += all.length;
    } else if (/[|&;()]/.test(character)) {
      endCommand();
      at++;
    } else if (/\s/.test(character)) {
      endWord();
      at++;
    } else {
      word = `${word ?? ''}${character}`;
      at++;
    }
  }
  endCommand();
  return commands;
}

function withoutRedirections(words: readonly string[]): string[] {
  return words.filter((word, index) => !/^\d?[<>]/.test(word) && !/^\d?(?:>{1,2}|<)$/.test(words[index - 1] ?? ''));
}
