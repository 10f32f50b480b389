import { Html } from './html';

/** What stands in a chart for a colour: the page's style sheet says what it is, by light, in the dark and on paper. */
export const INK = {
  text: '#f00001',
  line: '#f00002',
  paper: '#f00003',
  outside: '#f00004',
  inside: '#f00005',
  plain: '#f00006',
  others: '#f00007',
  series1: '#f00011',
  series2: '#f00012',
  series3: '#f00013',
  series4: '#f00014',
  series5: '#f00015',
  series6: '#f00016',
} as const;

export type Ink = keyof typeof INK;

export const SERIES_INKS: readonly Ink[] = ['series1', 'series2', 'series3', 'series4', 'series5', 'series6'];

const INK_BY_COLOUR = new Map(Object.entries(INK).map(([ink, colour]) => [colour as string, ink]));

const ELEMENTS = ['svg', 'g', 'path', 'rect', 'text', 'line', 'polyline', 'polygon', 'circle'];

const ATTRIBUTES = [
  'd', 'x', 'y', 'x1', 'y1', 'x2', 'y2', 'cx', 'cy', 'r', 'points', 'transform', 'width', 'height', 'viewBox', 'text-anchor', 'dominant-baseline',
  'font-size', 'font-weight', 'stroke-width', 'stroke-dasharray', 'opacity', 'fill-opacity', 'stroke-opacity',
];

const TOKEN = /<(\/?)([A-Za-z]+)((?:\s+[\w:-]+="[^"<>]*")*)\s*>|([^<>]+)/y;

/** Text as the renderer escapes it. */
const ESCAPED = /^(?:[^&]|&(?:amp|lt|gt|quot|#39);)*$/;

/**
 * A chart as the library draws it, made fit for a page that runs and loads nothing: known elements and attributes alone, colours as
 * classes, no styles. Anything else is refused, so that no name in a log becomes more than a name in a chart.
 */
export function plainSvg(drawn: string, label: string): Html {
  // The styles of hovering, which need a mouse.
  const svg = drawn.replace(/<style\s*>[\s\S]*?<\/style>/g, '').trim();
  let plain = '';
  let end = 0;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < svg.length; end = TOKEN.lastIndex) {
    const match = TOKEN.exec(svg);
    if (!match) {
      throw new Error(`a chart holds what a page must not: ${svg.slice(end, end + 80)}`);
    }
    const [, closing, element, attributes, text] = match;
    if (text !== undefined) {
      requireFit(ESCAPED.test(text), text);
      plain += text.trim() === '' ? '' : text;
    } else {
      requireFit(ELEMENTS.includes(element), match[0]);
      plain += closing ? `</${element}>` : `<${element}${plainAttributes(attributes)}${element === 'svg' ? ` role="img" aria-label="${label}"` : ''}>`;
    }
  }
  return new Html(plain);
}

function requireFit(fit: boolean, what: string): void {
  if (!fit) {
    throw new Error(`a chart holds what a page must not: ${what.slice(0, 80)}`);
  }
}

function plainAttributes(attributes: string): string {
  const classes: string[] = [];
  let plain = '';
  const declared = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].flatMap(([, name, value]): [string, string][] => (name === 'style'
    ? value.split(';').filter((declaration) => declaration !== '').map((declaration) => declaration.split(':', 2).map((part) => part.trim()) as [string, string])
    : [[name, value]]));
  for (const [name, value] of declared) {
    if (name === 'fill' || name === 'stroke') {
      const ink = INK_BY_COLOUR.get(value.toLowerCase());
      requireFit(ink !== undefined || ['none', 'transparent'].includes(value), `${name}="${value}"`);
      if (ink === undefined) {
        plain += ` ${name}="none"`;
      } else {
        classes.push(`${name}-${ink}`);
      }
    } else if (ATTRIBUTES.includes(name)) {
      plain += ` ${name}="${value}"`;
    }
  }
  return classes.length === 0 ? plain : `${plain} class="${classes.join(' ')}"`;
}
