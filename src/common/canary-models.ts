import { Token } from 'aws-cdk-lib';
import type { Problems } from './problems';
import { isName, NAME_RULE } from '../contract/names';

/** Each model takes up to two of the 100 metric filters of a log group. */
const MOST = 10;

export function checkCanaryModels(problems: Problems, property: string, models: readonly string[] | undefined): void {
  if (models === undefined || Token.isUnresolved(models)) {
    return;
  }
  if (models.length > MOST) {
    problems.add(`${property} has ${models.length} models; use at most ${MOST}, because a log group has at most 100 `
      + 'metric filters');
  }
  for (const model of models.filter((name) => !Token.isUnresolved(name) && !isName(name))) {
    problems.add(`${property} has ${JSON.stringify(model)}, which is not a valid name of a model. A valid name `
      + NAME_RULE);
  }
}
