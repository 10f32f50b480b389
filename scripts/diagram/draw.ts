import type { App } from 'aws-cdk-lib';
import { absorbRoles } from './absorb-roles';
import { describeTypes } from './aws-names';
import { dotOf } from './dot';
import { type Edge, edgesOf } from './edges';
import { type Model, modelOf, type Scope } from './model';
import { finished } from './svg';

export interface Picture extends Scope {
  /** Where it lies, from the project's folder. */
  readonly file: string;
  readonly title: string;
  /** What to draw; everything in the picture comes from what it synthesises to. */
  readonly app: () => App;
}

/** The picture of an app: its constructs, what they are made of, and who reads, writes and calls whom. */
export async function draw({ title, app, ...scope }: Picture): Promise<string> {
  const model = absorbRoles(modelOf(app(), scope));
  const edges = edgesOf(model);
  const { instance } = await import('@viz-js/viz');
  const viz = await instance();
  return finished(viz.renderString(dotOf(model, edges), { format: 'svg', engine: 'dot' }), title, inWords(model, edges));
}

/** The same for those who do not see it. */
function inWords(model: Model, edges: Edge[]): string {
  const titles = new Map(model.constructs.map(({ path, title }) => [path, title]));
  return [
    ...model.constructs.map(({ title, types, existing }) => `${title} (${existing === undefined ? describeTypes(types).join('; ') : `bucket ${existing}, there before`}).`),
    ...edges.map(({ from, to, verbs }) => `${titles.get(from)} ${verbs.join(', ')} ${titles.get(to)}.`),
  ].join('\n');
}
