export const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const END_OF_LIST = 0x5d;

export function startsWith(bytes: Buffer, text: string): boolean {
  return bytes.length >= text.length && bytes.toString('latin1', 0, text.length) === text;
}

/** Whether nothing follows but the end of the list that is all of a file. */
export function isEndOfFile(bytes: Buffer, at: number): boolean {
  return bytes.length === at + 2 && bytes[at] === END_OF_LIST && bytes[at + 1] === CLOSE;
}

/** Where the JSON object ends that begins here, if it is one; -1 if none does. */
export function endOfObject(bytes: Buffer, start: number): number {
  if (bytes[start] !== OPEN) {
    return -1;
  }
  let depth = 0;
  for (let at = start; at < bytes.length; at++) {
    const code = bytes[at];
    if (code === QUOTE) {
      for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) {
        // What it escapes ends nothing.
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
