/** The text with its first letter in upper case, for IDs of constructs, titles and the start of a sentence. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
