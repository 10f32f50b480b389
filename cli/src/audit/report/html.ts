/** Text that is HTML already. Only the `html` tag makes it, so that nothing else stands in a page as it is. */
export class Html {
  constructor(readonly text: string) {}
}

export type HtmlValue = Html | string | number | readonly HtmlValue[];

/** Everything that is put into it is escaped, but for what this tag made itself. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts.reduce((text, part, index) => text + textOf(values[index - 1]) + part));
}

function textOf(value: HtmlValue): string {
  if (value instanceof Html) {
    return value.text;
  }
  return Array.isArray(value) ? value.map(textOf).join('') : escapeMarkup(visible(String(value as string | number)));
}

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' };

/** For text and for attributes in double quotes, in HTML as in SVG. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/**
 * Characters that are not seen, or make others be read in another order or place: controls, formats, surrogates without a partner, what
 * is private or not assigned, separators but the space, and letters that are blank.
 */
const UNSEEN = /(?! )[\p{C}\p{Z}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]/gu;

/** Marks above and below letters grow over the lines of others if there are many. */
const HEAPED_MARKS = /(?<=\p{M}{3})\p{M}/gu;

/** Nearly all there is, and told from the rest in no time. */
const PLAIN = /^[ -~]*$/;

/** The text with escapes in the place of whatever a reader could not see, or would be misled by. */
export function visible(text: string): string {
  if (PLAIN.test(text)) {
    return text;
  }
  const escape = (character: string) => `\\u{${character.codePointAt(0)!.toString(16)}}`;
  return text.replace(UNSEEN, escape).replace(HEAPED_MARKS, escape);
}
