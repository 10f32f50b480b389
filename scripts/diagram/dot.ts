import { describeTypes } from './aws-names';
import type { Edge } from './edges';
import type { DrawnConstruct, Group, Model } from './model';

const KINDS_PER_SERVICE = 2;

/** The picture in Graphviz's language. Colours come later, from a style sheet: here are only shapes and classes. */
export function dotOf(model: Model, edges: Edge[]): string {
  const { drawn, told } = foldedEdges(edges);
  const names = new Map(model.constructs.map(({ path }, index) => [path, `n${index}`]));
  const titles = new Map(model.constructs.map(({ path, title }) => [path, title]));
  const watched = (path: string) => told.filter(({ from }) => from === path).map(({ to }) => titles.get(to)!);
  const inside = (parent: string | undefined, indent: string): string[] => [
    ...model.constructs.filter(({ group }) => group === parent).map((construct) => `${indent}${names.get(construct.path)} ${node(construct, watched(construct.path))}`),
    ...model.groups.filter((group) => group.parent === parent).flatMap((group) => [
      `${indent}subgraph ${quoted(`cluster_${group.path}`)} {`,
      `${indent}  label=${clusterLabel(group)}; class="${group.className ? 'store' : 'group'}"; style=rounded; margin=14;`,
      ...inside(group.path, `${indent}  `),
      `${indent}}`,
    ]),
  ];
  return [
    'digraph {',
    '  graph [rankdir=TB, fontname=Helvetica, fontsize=13, nodesep=0.28, ranksep=0.75, pad=0.3, labeljust=l, remincross=true];',
    '  node [shape=box, style=rounded, fontname=Helvetica, fontsize=11, margin="0.16,0.1"];',
    '  edge [fontname=Helvetica, fontsize=10, arrowsize=0.7];',
    ...inside(undefined, '  '),
    ...drawn.map(({ from, to, verbs }) =>
      `  ${names.get(from)} -> ${names.get(to)} [label=${quoted(` ${verbs.join(', ')} `)}, class="${styleOf(verbs)}"];`),
    '}',
    '',
  ].join('\n');
}

const MOST_WATCHED = 3;

/** Whoever watches nearly everything would cover the picture with lines: that is told in words. */
function foldedEdges(edges: Edge[]): { drawn: Edge[]; told: Edge[] } {
  const watching = edges.filter(({ verbs }) => verbs.join() === 'watches');
  const told = watching.filter(({ from }) => watching.filter((edge) => edge.from === from).length > MOST_WATCHED);
  return { drawn: edges.filter((edge) => !told.includes(edge)), told };
}

/** Lines of about the width that a box has anyway. */
function wrapped(words: string[]): string[] {
  return words.reduce<string[]>((lines, word) => {
    const line = lines[lines.length - 1];
    return line !== undefined && line.length + word.length < 40 ? [...lines.slice(0, -1), `${line} ${word}`] : [...lines, word];
  }, []);
}

function styleOf(verbs: string[]): string {
  const QUIET = ['records', 'delivers to', 'watches', 'alerts', 'access logs to', 'logs to'];
  return verbs.every((verb) => QUIET.includes(verb)) ? 'evidence' : 'use';
}

function node({ title, className, types, existing }: DrawnConstruct, watched: string[]): string {
  const lines = existing === undefined ? describeTypes(types, KINDS_PER_SERVICE).map(escaped) : [`S3: bucket ${escaped(existing)}, there before`];
  const rows = [
    `<B>${escaped(title)}</B>`,
    ...className && className !== title.replace(/ /g, '') ? [`<I>${escaped(className)}</I>`] : [],
    ...lines,
    ...wrapped(watched.length > 0 ? `watches ${watched.join(',\n')}`.split('\n') : []).map((line) => `<I>${escaped(line)}</I>`),
  ];
  return `[label=<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">${
    rows.map((row) => `<TR><TD ALIGN="LEFT">${row}</TD></TR>`).join('')}</TABLE>>, tooltip=${quoted(`${title}: ${describeTypes(types).join('; ')}`)}${existing === undefined ? '' : ', class="existing"'}];`;
}

function clusterLabel({ title, className, types }: Group): string {
  const more = describeTypes(types).map((line) => `  + ${line}`).join('');
  return `<<B>${escaped(title)}</B>${className ? `  <I>${escaped(className)}</I>` : ''}${escaped(more)}>`;
}

function quoted(text: string): string {
  return `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
