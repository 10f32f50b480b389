export const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const END_OF_LIST = 0x5d;

export function startsWith(bytes: Buffer, text: string): boolean {
  return bytes.length >= text.length && bytes.toString('latin1', 0, text.length) === text;
}

/** Whether only the end of the `Records` list and of its object follows. */
export function isEndOfFile(bytes: Buffer, at: number): boolean {
  return bytes.length === at + 2 && bytes[at] === END_OF_LIST && bytes[at + 1] === CLOSE;
}

/** The end of the JSON object that starts here, or -1 if there is none. */
export function endOfObject(bytes: Buffer, start: number): number {
  if (bytes[start] !== OPEN) {
    return -1;
  }
  let depth = 0;
  for (let at = start; at < bytes.length; at++) {
    const code = bytes[at];
    if (code === QUOTE) {
      for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) {
        // An escaped character does not end the string.
        at += bytes[at] === BACKSLASH ? 1 : 0;
      }
    } else if (code === OPEN) {
      depth++;
    } else if (code === CLOSE) {
      depth--;
      if (depth === 0) {
        return at + 1;
      }
    }
  }
  return -1;
}
