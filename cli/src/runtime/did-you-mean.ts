/**
 * "Did you mean …?" with the name closest to what was typed; undefined if none is close. `shown` is the text to suggest
 * for a name. Version numbers are never suggested: any other is as likely.
 */
export function didYouMean(
  typed: string, names: readonly string[], shown: (name: string) => string = (name) => name,
): string | undefined {
  const name = closest(typed.toLowerCase(), names);
  return name === undefined ? undefined : `Did you mean "${shown(name)}"?`;
}

function closest(typed: string, names: readonly string[]): string | undefined {
  if (!/[a-z]{3}/.test(typed)) {
    return names.find((name) => distance(typed, name) === 0);
  }
  const [close] = names.map((name) => ({ name, far: distance(typed, name) })).sort((a, b) => a.far - b.far);
  if (close !== undefined && close.far <= Math.max(1, Math.floor(typed.length / 4))) {
    return close.name;
  }
  const begun = names.filter((name) => name.startsWith(typed));
  return begun.length === 1 ? begun[0] : undefined;
}

/** How many letters to insert, delete, replace or swap with the next: optimal string alignment distance. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? rows[i - 2][j - 2] + 1 : Infinity;
      rows[i].push(Math.min(rows[i][j - 1] + 1, rows[i - 1][j] + 1, replaced, swapped));
    }
  }
  return rows[a.length][b.length];
}
