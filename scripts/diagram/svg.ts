/** Light and dark, each with its own ground, so that a picture can be read on whatever page it stands. */
const STYLE = `
    svg { --ground: #ffffff; --text: #1f2933; --box: #eef4fb; --line: #7b8794; --use: #1d5fa8; --evidence: #96590a; --store: #1d5fa8; }
    @media (prefers-color-scheme: dark) {
      svg { --ground: #12181f; --text: #e4e9ee; --box: #1d2a38; --line: #8796a5; --use: #7db8f5; --evidence: #e8b45f; --store: #7db8f5; }
    }
    text { fill: var(--text); font-family: Helvetica, Arial, sans-serif; }
    .ground { fill: var(--ground); }
    .node path, .node polygon { fill: var(--box); stroke: var(--line); }
    .node.existing path { stroke-dasharray: 4 3; fill: none; }
    .cluster path, .cluster polygon { fill: none; stroke: var(--line); stroke-dasharray: 4 3; }
    .cluster.store path { stroke: var(--store); stroke-dasharray: none; }
    .edge path { fill: none; stroke: var(--use); }
    .edge polygon { fill: var(--use); stroke: var(--use); }
    .edge text { fill: var(--use); paint-order: stroke; stroke: var(--ground); stroke-width: 3px; }
    .edge.evidence path { stroke: var(--evidence); stroke-dasharray: 5 3; }
    .edge.evidence polygon { fill: var(--evidence); stroke: var(--evidence); }
    .edge.evidence text { fill: var(--evidence); }
`;

/** Graphviz's drawing with a name, a description in words and colours of its own. */
export function finished(drawn: string, title: string, description: string): string {
  const [, width, height, viewBox] = /<svg width="([\d.]+)pt" height="([\d.]+)pt"\s+viewBox="([^"]+)"/.exec(drawn) ?? [];
  if (viewBox === undefined) {
    throw new Error('Graphviz drew no svg element with a width, a height and a viewBox');
  }
  const [, body] = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(drawn)!;
  const [x, y, w, h] = viewBox.split(' ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="${viewBox}"`,
    '  role="img" aria-labelledby="title description">',
    `  <title id="title">${escaped(title)}</title>`,
    `  <desc id="description">${escaped(description)}</desc>`,
    `  <style>${STYLE}  </style>`,
    `  <rect class="ground" x="${x}" y="${y}" width="${w}" height="${h}" rx="8"/>`,
    plain(body),
    '</svg>',
    '',
  ].join('\n');
}

/** The style sheet says every colour; Graphviz's own would win over it only to be unreadable in the dark. */
function plain(body: string): string {
  return body
    .replace(/<!--[\s\S]*?-->\n?/g, '')
    .replace(/<polygon fill="white"[^>]*\/>\n?/, '')
    .replace(/<title>[^<]*<\/title>\n?/g, '')
    .replace(/ (fill|stroke|font-family)="[^"]*"/g, '')
    .replace(/ xlink:title="([^"]*)"/g, ' xlink:title="$1"')
    .trim();
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
