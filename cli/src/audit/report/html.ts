import { UNSEEN_CHARACTERS } from '../../../../src/contract/visible-text';

/** Text that is already HTML. Only the `html` tag creates it, so everything else on a page is escaped. */
export class Html {
  constructor(readonly text: string) {}
}

export type HtmlValue = Html | string | number | readonly HtmlValue[];

/** Builds HTML and escapes every value that this tag did not create. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts.reduce((text, part, index) => text + textOf(values[index - 1]) + part));
}

function textOf(value: HtmlValue): string {
  if (value instanceof Html) {
    return value.text;
  }
  return Array.isArray(value) ? value.map(textOf).join('') : escapeMarkup(visible(String(value as string | number)));
}

const ENTITIES: { readonly [character: string]: string } = {
  '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;',
};

/** Escapes text and double-quoted attribute values, for HTML and SVG. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

const UNSEEN = new RegExp(UNSEEN_CHARACTERS, 'gu');

/** Many combining marks on one letter would overlap other lines. */
const HEAPED_MARKS = /(?<=\p{M}{3})\p{M}/gu;

/** A fast path: nearly all text matches. */
const PLAIN = /^[ -~]*$/;

/** Escapes characters that are invisible or misleading. */
export function visible(text: string): string {
  if (PLAIN.test(text)) {
    return text;
  }
  const escape = (character: string) => `\\u{${character.codePointAt(0)!.toString(16)}}`;
  return text.replace(UNSEEN, escape).replace(HEAPED_MARKS, escape);
}
