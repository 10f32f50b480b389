/** The closest name, if one is close enough. Version numbers are never suggested: any other is as likely. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const [close] = names.map((name) => ({ name, far: distance(typed, name) })).sort((a, b) => a.far - b.far);
  const most = /[a-z]{3}/.test(typed) ? Math.max(1, Math.floor(typed.length / 4)) : 0;
  return close !== undefined && close.far <= most ? `Did you mean ${close.name}? ` : '';
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
