import type { ListedRow } from './listed-row';

export interface LineageNode {
  readonly version: string;
  /** Absent for a base that is not in the list. */
  readonly row?: ListedRow;
  /** The base of a version that is also derived from it: both are on a cycle, which the tree has to open somewhere. */
  readonly cycle?: string;
  readonly children: LineageNode[];
}

/**
 * The versions of a model by what they are derived from: one tree for each version without a base, for each base that
 * is not in the list, and for each cycle. `rows` are newest first; trees and children are oldest first.
 */
export function lineageOf(rows: readonly ListedRow[]): LineageNode[] {
  const nodes = new Map([...rows].reverse().map((row): [string, LineageNode] => {
    const version = row.version!;
    return [version, { version, row, children: [] }];
  }));
  const roots = new Map<string, LineageNode>();
  const cut = pointsOfCycles(nodes);
  for (const [version, node] of [...nodes]) {
    const base = node.row?.details?.base;
    if (base === undefined) {
      roots.set(version, node);
    } else if (cut.has(version)) {
      roots.set(version, { ...node, cycle: base });
    } else if (nodes.has(base)) {
      nodes.get(base)!.children.push(node);
    } else {
      const missing = roots.get(base) ?? { version: base, children: [] };
      missing.children.push(node);
      roots.set(base, missing);
    }
  }
  return [...roots.values()];
}

/** One version of each cycle: its oldest. */
function pointsOfCycles(nodes: ReadonlyMap<string, LineageNode>): ReadonlySet<string> {
  const age = new Map([...nodes.keys()].map((version, index) => [version, index]));
  const points = new Set<string>();
  const seen = new Set<string>();
  for (const version of nodes.keys()) {
    const path = new Set<string>();
    let at: string | undefined = version;
    while (at !== undefined && nodes.has(at) && !seen.has(at)) {
      seen.add(at);
      path.add(at);
      at = nodes.get(at)!.row?.details?.base;
    }
    if (at !== undefined && path.has(at)) {
      const cycle = [...path].slice([...path].indexOf(at));
      points.add(cycle.reduce((oldest, each) => (age.get(each)! < age.get(oldest)! ? each : oldest)));
    }
  }
  return points;
}

/**
 * Draws trees as lines. A version is below its base: in the same column, or as the first of a branch, which begins with
 * `|-`. Only branches are indented, so that a long line of versions stays readable.
 */
export function drawTrees(roots: readonly LineageNode[], label: (node: LineageNode) => string): string[] {
  return roots.flatMap((root, index) => [...(index === 0 ? [] : ['']), ...drawTree(root, label)]);
}

function drawTree(root: LineageNode, label: (node: LineageNode) => string): string[] {
  const sizes = sizesOf(root);
  const lines: string[] = [];
  // Not recursive: a line of versions can be longer than the stack allows.
  const open = [{ node: root, first: '', rest: '' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { first, rest, node: { children } } = next;
    lines.push(`${first}* ${label(next.node)}`);
    // The child with most descendants continues the line; of several, the newest.
    const largest = children.reduce((most, child) => Math.max(most, sizes.get(child)!), 0);
    const main = children.findLast((child) => sizes.get(child) === largest);
    if (main !== undefined) {
      open.push({ node: main, first: rest, rest });
    }
    const branches = children.filter((child) => child !== main).reverse();
    branches.forEach((node) => open.push({ node, first: `${rest}|-`, rest: `${rest}| ` }));
  }
  return lines;
}

/** The number of versions in each subtree. */
function sizesOf(root: LineageNode): ReadonlyMap<LineageNode, number> {
  const all = [root];
  for (let index = 0; index < all.length; index++) {
    all[index].children.forEach((child) => all.push(child));
  }
  const sizes = new Map<LineageNode, number>();
  all.reverse().forEach((node) => {
    sizes.set(node, 1 + node.children.reduce((sum, child) => sum + sizes.get(child)!, 0));
  });
  return sizes;
}
