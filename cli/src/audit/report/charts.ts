import { type EChartsCoreOption, init } from 'echarts';
import { escapeMarkup, type Html, html, visible } from './html';
import { INK, type Ink, plainSvg } from './plain-svg';
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

const FONT = { fontSize: 12, color: INK.text };

function draw(label: string, height: number, option: (width: Width) => EChartsCoreOption): Html {
  const drawn = (['wide', 'narrow'] as const).map((width) => {
    const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTHS[width], height });
    try {
      chart.setOption({ animation: false, textStyle: { fontSize: 12 }, ...option(width) });
      return html`<div class="${width}">${plainSvg(chart.renderToSVGString(), escapeMarkup(visible(label)))}</div>`;
    } finally {
      chart.dispose();
    }
  });
  return html`<div class="chart">${drawn}</div>`;
}

/** The unit for the bytes axis, in which its ticks are round numbers. */
function unitOf(largest: number): { readonly name: string; readonly size: number } {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log(Math.max(1, largest)) / Math.log(1024))));
  return { name: units[power], size: 1024 ** power };
}

function bytesAxis(unit: { readonly name: string }) {
  return {
    type: 'value',
    splitNumber: 4,
    axisLabel: { ...FONT, formatter: (value: number) => `${value.toLocaleString('en-US')} ${unit.name}` },
    splitLine: { lineStyle: { color: INK.line } },
    axisLine: { show: false },
    axisTick: { show: false },
  };
}

/** A stacked bar chart with one stack per label. */
export function stackedBars(label: string, labels: readonly string[], series: readonly Series[]): Html {
  const stacks = labels.map((_, index) => series.reduce((total, { values }) => total + values[index], 0));
  const unit = unitOf(Math.max(0, ...stacks));
  return draw(label, 300, () => ({
    grid: { left: 8, right: 8, top: 12, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'category', data: labels.map(visible), axisLabel: { ...FONT, hideOverlap: true },
      axisTick: { show: false }, axisLine: { lineStyle: { color: INK.line } },
    },
    yAxis: bytesAxis(unit),
    series: series.map(({ name, ink, values }) => ({
      type: 'bar', name, stack: 'all', silent: true, barCategoryGap: '22%', barMaxWidth: 48,
      itemStyle: { color: INK[ink], borderColor: INK.paper, borderWidth: labels.length > 120 ? 0 : 1 },
      data: values.map((value) => (value === 0 ? null : value / unit.size)),
    })),
  }));
}

const MOST_NAME_WIDTH: { readonly [width in Width]: number } = { wide: 330, narrow: 118 };
const LETTER_WIDTH = 7.2;

/** A bar chart with one labeled bar per name, the first on top. */
export function namedBars(label: string, bars: readonly Bar[]): Html {
  const largest = Math.max(1, ...bars.map(({ value }) => value));
  const longest = Math.max(...bars.map(({ name }) => visible(name).length)) * LETTER_WIDTH;
  const nameWidth = (width: Width) => Math.min(MOST_NAME_WIDTH[width], Math.ceil(longest));
  return draw(label, bars.length * 28 + 16, (width) => ({
    grid: { left: nameWidth(width) + 12, right: 76, top: 8, bottom: 8, outerBoundsMode: 'none' },
    xAxis: { type: 'value', show: false, max: largest },
    yAxis: {
      type: 'category', inverse: true, data: bars.map(({ name }) => visible(name)),
      axisTick: { show: false }, axisLine: { lineStyle: { color: INK.line } },
      axisLabel: { ...FONT, interval: 0, width: nameWidth(width), overflow: 'truncate', ellipsis: '…' },
    },
    series: [{
      type: 'bar', silent: true, barWidth: 16,
      data: bars.map(({ value, ink }) => ({ value, itemStyle: { color: INK[ink] } })),
      label: {
        show: true, position: 'right', ...FONT,
        formatter: ({ dataIndex }: { dataIndex: number }) => formatBytes(bars[dataIndex].value),
      },
    }],
  }));
}
