import { type Html, html, visible } from './html';
import type { Ink } from './ink';
import { formatBytes } from '../../runtime/format';

/** Each chart is drawn for wide and for narrow pages, because scaled-down text is unreadable. */
const WIDTHS = { wide: 1080, narrow: 350 } as const;

type Width = keyof typeof WIDTHS;

export interface Series {
  readonly name: string;
  readonly ink: Ink;
  /** Bytes, one value per label. */
  readonly values: readonly number[];
}

export interface Bar {
  readonly name: string;
  readonly ink: Ink;
  /** Bytes. */
  readonly value: number;
}

/** Of a wide letter, in units of the drawing, so that text never overlaps. */
const LETTER_WIDTH = 7.2;

function draw(label: string, height: number, content: (width: Width) => readonly Html[]): Html {
  const drawn = (['wide', 'narrow'] as const).map((width) => html`<div class="${width}"><svg viewBox="0 0 ${
    WIDTHS[width]} ${height}" width="${WIDTHS[width]}" height="${height}" role="img" aria-label="${label}">${
    content(width)}</svg></div>`);
  return html`<div class="chart">${drawn}</div>`;
}

function text(x: number, y: number, anchor: 'start' | 'middle' | 'end', content: string): Html {
  return html`<text class="fill-text" font-size="12" x="${rounded(x)}" y="${rounded(y)}" dy="0.35em" text-anchor="${
    anchor}">${content}</text>`;
}

function bar(ink: Ink, x: number, y: number, width: number, height: number): Html {
  return html`<rect class="fill-${ink}" x="${rounded(x)}" y="${rounded(y)}" width="${rounded(width)}" height="${
    rounded(height)}"></rect>`;
}

function line(path: string): Html {
  return html`<path class="stroke-line" fill="none" d="${path}"></path>`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The unit for the bytes axis, in which its ticks are round numbers. */
function unitOf(largest: number): { readonly name: string; readonly size: number } {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log(Math.max(1, largest)) / Math.log(1024))));
  return { name: units[power], size: 1024 ** power };
}

/** From 0 to at least `largest`, in about four steps of 1, 2, 2.5 or 5 times a power of ten. */
export function ticksTo(largest: number): number[] {
  const rough = Math.max(largest, Number.MIN_VALUE) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = largest === 0 ? 1 : power * [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999)!;
  const count = Math.max(1, Math.ceil(largest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

const PLOT = { top: 12, bottom: 276, height: 300, right: 8 } as const;
const WIDEST_BAR = 48;
const SHARE_OF_BAR = 0.78;
/** With more stacks than this, a gap between the parts of a stack would be as tall as they are. */
const MOST_STACKS_WITH_GAPS = 120;

/** A stacked bar chart with one stack per label. */
export function stackedBars(label: string, labels: readonly string[], series: readonly Series[]): Html {
  const stacks = labels.map((_, index) => series.reduce((total, { values }) => total + values[index], 0));
  const unit = unitOf(Math.max(0, ...stacks));
  const ticks = ticksTo(Math.max(0, ...stacks) / unit.size);
  const tickNames = ticks.map((tick) => `${tick.toLocaleString('en-US', { maximumFractionDigits: 3 })} ${unit.name}`);
  const left = Math.max(...tickNames.map(({ length }) => length)) * LETTER_WIDTH + 8;
  const y = (bytes: number) =>
    PLOT.bottom - bytes / unit.size / ticks.at(-1)! * (PLOT.bottom - PLOT.top);
  const gap = labels.length > MOST_STACKS_WITH_GAPS ? 0 : 1;
  return draw(label, PLOT.height, (width) => {
    const right = WIDTHS[width] - PLOT.right;
    const band = (right - left) / labels.length;
    const barWidth = Math.min(WIDEST_BAR, band * SHARE_OF_BAR);
    const named = Math.ceil((Math.max(...labels.map((name) => visible(name).length)) + 1) * LETTER_WIDTH / band);
    return [
      ...ticks.map((tick, index) => html`${line(`M${left} ${rounded(y(tick * unit.size))}H${right}`)}${
        text(left - 8, y(tick * unit.size), 'end', tickNames[index])}`),
      ...labels.map((name, index) => {
        const center = left + band * (index + 0.5);
        let below = 0;
        const parts = series.map(({ ink, values }) => {
          const [from, to] = [y(below), y(below += values[index])];
          return values[index] === 0 ? ''
            : bar(ink, center - barWidth / 2, to, barWidth, Math.max(from - to - gap, Math.min(1, from - to)));
        });
        return html`${parts}${index % named === 0 ? text(center, PLOT.bottom + 14, 'middle', name) : ''}`;
      }),
    ];
  });
}

const MOST_NAME_WIDTH: { readonly [width in Width]: number } = { wide: 330, narrow: 118 };
const ROW = { height: 28, bar: 16 } as const;
const VALUE_WIDTH = 76;

/** A bar chart with one labeled bar per name, the first on top. */
export function namedBars(label: string, bars: readonly Bar[]): Html {
  const largest = Math.max(1, ...bars.map(({ value }) => value));
  const longest = Math.max(...bars.map(({ name }) => visible(name).length)) * LETTER_WIDTH;
  const height = bars.length * ROW.height + 16;
  return draw(label, height, (width) => {
    const nameWidth = Math.min(MOST_NAME_WIDTH[width], Math.ceil(longest));
    const left = nameWidth + 12;
    const room = WIDTHS[width] - left - VALUE_WIDTH;
    return [
      ...bars.map(({ name, ink, value }, index) => {
        const middle = 8 + ROW.height * (index + 0.5);
        const length = value / largest * room;
        return html`${text(left - 8, middle, 'end', shortened(name, nameWidth))}${
          bar(ink, left, middle - ROW.bar / 2, length, ROW.bar)}${
          text(left + length + 6, middle, 'start', formatBytes(value))}`;
      }),
      line(`M${left} 8V${height - 8}`),
    ];
  });
}

function shortened(name: string, width: number): string {
  const letters = [...visible(name)];
  const most = Math.floor(width / LETTER_WIDTH);
  return letters.length <= most ? name : `${letters.slice(0, most - 1).join('')}…`;
}
