import { Token } from 'aws-cdk-lib';
import { isModelPattern, NAME_RULE } from '../contract/names';
import { listTokenProblem } from '../storage/problems';

export const EVERY_MODEL = '*';

/** What is wrong with the model patterns of a property, all of it. */
export function modelPatternProblem(property: string, models: string[]): string | undefined {
  if (Token.isUnresolved(models)) {
    return listTokenProblem(property);
  }
  if (models.length === 0) {
    return `${property} is empty, which would grant nothing; name models such as "fraud-*", or leave it out for every model`;
  }
  const problems = models
    .map((model, index) => ({ model, index }))
    .filter(({ model }) => !Token.isUnresolved(model) && !isModelPattern(model))
    .map(({ model, index }) => `${property}[${index}] is ${JSON.stringify(model)}`);
  return problems.length === 0 ? undefined
    : `${problems.join('; ')}: a model pattern is a name, the beginning of one with a single "*" at its end, or "*" for every model; a name ${NAME_RULE}`;
}

export function coversEveryModel(patterns: readonly string[]): boolean {
  return patterns.includes(EVERY_MODEL);
}
