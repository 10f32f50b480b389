/**
 * Characters that are invisible, control a terminal, or change the order or position of others: controls, formats,
 * unpaired surrogates, private or unassigned characters, separators other than the space, and blank letters.
 */
export const UNSEEN_CHARACTERS =
  '[\\p{C}\\p{Zl}\\p{Zp}\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000'
  + '\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u2800\\u3164\\ufe00-\\ufe0f\\uffa0\\u{e0100}-\\u{e01ef}]';

const UNSEEN = new RegExp(UNSEEN_CHARACTERS, 'gu');
const UNSEEN_IN_LINES = new RegExp(`(?![\\n\\t])${UNSEEN_CHARACTERS}`, 'gu');

/** A fast path: nearly all text matches. */
const PLAIN = /^[ -~]*$/;
const PLAIN_IN_LINES = /^[ -~\n\t]*$/;

/**
 * Escapes characters that are invisible or misleading as `\uXXXX`, except line breaks and tabs. In a JSON document, the
 * result is the same document: JSON has these characters only in strings, where it escapes them in the same way.
 */
export function visibleLines(text: string): string {
  return PLAIN_IN_LINES.test(text) ? text : text.replace(UNSEEN_IN_LINES, escaped);
}

/** Also escapes line breaks and tabs, for text that must not look like several lines or columns. */
export function visibleText(text: string): string {
  return PLAIN.test(text) ? text : text.replace(/\n/g, '\\n').replace(/\t/g, '\\t').replace(UNSEEN, escaped);
}

/** The longest valid path is shown in full. */
const LONGEST_QUOTE = 1024;

/** Text as an error message quotes it: a JSON string whose invisible characters are escaped too. */
export function quotedText(text: string): string {
  return text.length <= LONGEST_QUOTE ? visibleText(JSON.stringify(text))
    : `${visibleText(JSON.stringify(text.slice(0, LONGEST_QUOTE)))}…`;
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) =>
    `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');
}
