import { Html } from './html';

/** Placeholder colors. The page's style sheet defines the actual colors for light mode, dark mode and print. */
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
  'd', 'x', 'y', 'x1', 'y1', 'x2', 'y2', 'cx', 'cy', 'r', 'points', 'transform', 'width', 'height', 'viewBox',
  'text-anchor', 'dominant-baseline',
  'font-size', 'font-weight', 'stroke-width', 'stroke-dasharray', 'opacity', 'fill-opacity', 'stroke-opacity',
];

const TOKEN = /<(\/?)([A-Za-z]+)((?:\s+[\w:-]+="[^"<>]*")*)\s*>|([^<>]+)/y;

/** Matches text as the renderer escapes it. */
const ESCAPED = /^(?:[^&]|&(?:amp|lt|gt|quot|#39);)*$/;

/**
 * Converts a chart into SVG for a page that runs and loads nothing: only known elements and attributes, classes instead
 * of colors, no styles. Throws for anything else, so that a name in a log cannot inject markup.
 */
export function plainSvg(drawn: string, label: string): Html {
  // Removes the hover styles.
  const svg = drawn.replace(/<style\s*>[\s\S]*?<\/style>/g, '').trim();
  let plain = '';
  let end = 0;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < svg.length; end = TOKEN.lastIndex) {
    const match = TOKEN.exec(svg);
    if (!match) {
      throw new Error(`unexpected content in a chart: ${svg.slice(end, end + 80)}`);
    }
    const [, closing, element, attributes, text] = match;
    if (text !== undefined) {
      requireFit(ESCAPED.test(text), text);
      plain += text.trim() === '' ? '' : text;
    } else {
      requireFit(ELEMENTS.includes(element), match[0]);
      const role = element === 'svg' ? ` role="img" aria-label="${label}"` : '';
      plain += closing ? `</${element}>` : `<${element}${plainAttributes(attributes)}${role}>`;
    }
  }
  return new Html(plain);
}

function requireFit(fit: boolean, what: string): void {
  if (!fit) {
    throw new Error(`unexpected content in a chart: ${what.slice(0, 80)}`);
  }
}

function plainAttributes(attributes: string): string {
  const classes: string[] = [];
  let plain = '';
  const declarations = (style: string) => style.split(';').filter((declaration) => declaration !== '')
    .map((declaration) => declaration.split(':', 2).map((part) => part.trim()) as [string, string]);
  const declared = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].flatMap(([, name, value]): [string, string][] =>
    (name === 'style' ? declarations(value) : [[name, value]]));
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
