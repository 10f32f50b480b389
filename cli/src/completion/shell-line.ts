/** A partially typed command line. */
export interface TypedLine {
  /** The complete words, without the name of the command. */
  readonly words: readonly string[];
  /** The word at the cursor; empty after a space. */
  readonly typed: string;
}

/** Splits a line into words like a POSIX shell, but without expansion: text that is only typed must never run. */
export function splitLine(line: string): { readonly words: string[]; readonly ended: boolean } {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (quote !== '') {
      if (character === quote) {
        quote = '';
      } else if (character === '\\' && quote === '"' && '"\\$`'.includes(line[at + 1] ?? ' ')) {
        word += line[++at];
      } else {
        word += character;
      }
    } else if (character === '"' || character === '\'') {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) {
        words.push(word);
      }
      word = undefined;
    } else {
      word = (word ?? '') + (character === '\\' && at + 1 < line.length ? line[++at] : character);
    }
  }
  if (word !== undefined) {
    words.push(word);
  }
  return { words, ended: word === undefined };
}

export function typedLine(line: string, name: string): TypedLine {
  const { words, ended } = splitLine(line);
  // Assignments may precede the command, and a path may precede its name.
  const command = words.findIndex((word) => word.split(/[\\/]/).at(-1)!.startsWith(name));
  const after = words.slice(command + 1);
  return ended ? { words: after, typed: '' } : { words: after.slice(0, -1), typed: after.at(-1) ?? '' };
}

/**
 * The text to return to bash for a candidate. The candidate starts with `typed`; bash replaces `replaced`. The two
 * often differ: bash starts a new word at "@", "=" and ":", and readline includes the "@" if it completes host names.
 */
export function insertion(value: string, typed: string, replaced: string): string {
  if (typed.endsWith(replaced)) {
    return value.slice(typed.length - replaced.length);
  }
  return replaced.endsWith(typed) ? replaced.slice(0, replaced.length - typed.length) + value : value;
}
