import type { Problems } from './problems';
import { isName, NAME_RULE } from '../contract/names';

/** Each model takes up to two of the 100 metric filters that a log group can have. */
const MOST = 10;

export function checkCanaryModels(problems: Problems, property: string, models: readonly string[] | undefined): void {
  const known = problems.items(property, models);
  if (known.length > MOST) {
    problems.add(`${property} has ${known.length} models; use at most ${MOST}, because a log group can have only 100 `
      + 'metric filters');
  }
  for (const [model, index] of known.filter(([name]) => !isName(name))) {
    problems.add(`${property}[${index}] is ${JSON.stringify(model)}, which is not a valid name of a model: a name `
      + `${NAME_RULE}, and contains no ".."`);
  }
}
