import { quotedText, visibleText } from '../../../src/contract/visible-text';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 2 : 1)} ${UNITS[unit]}`;
}

export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? singular : plural}`;
}

export function formatSeconds(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) {
    return `${seconds.toFixed(1)} s`;
  }
  const minutes = Math.floor(Math.round(seconds) / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds) % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const LONGEST_ECHO = 60;

/** User input as an error message repeats it: quoted and at most 60 characters. */
export function shortened(text: string): string {
  return text.length <= LONGEST_ECHO ? quotedText(text)
    : `${quotedText(text.slice(0, LONGEST_ECHO))}… (${formatCount(text.length, 'character')})`;
}

/** Columns as wide as their widest cell; the last one is not padded. Each row is one line, whatever is in its cells. */
export function formatTable(rows: readonly (readonly string[])[], alignRight: readonly number[] = []): string {
  const cells = rows.map((row) => row.map((cell) => visibleText(cell.replace(/[\t\n]/g, ' '))));
  const widths: number[] = [];
  for (const row of cells) {
    row.forEach((cell, column) => { widths[column] = Math.max(widths[column] ?? 0, cell.length); });
  }
  const aligned = (cell: string, column: number) =>
    alignRight.includes(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]);
  return cells.map((row) => `${row.map(aligned).join('  ').trimEnd()}\n`).join('');
}
