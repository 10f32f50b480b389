import { Token } from 'aws-cdk-lib';
import { isModelPattern, NAME_RULE } from '../contract/names';

const EVERY_MODEL = '*';

/** The model patterns of a grant; every problem in them at once. */
export function modelPatterns(models: string[] | undefined): string[] {
  if (models === undefined) {
    return [EVERY_MODEL];
  }
  if (models.length === 0) {
    throw new Error('models is empty, which would grant nothing; name models such as "fraud-*", or leave it out for every model');
  }
  const problems = models
    .map((model, index) => ({ model, index }))
    .filter(({ model }) => !Token.isUnresolved(model) && !isModelPattern(model))
    .map(({ model, index }) => `models[${index}] is ${JSON.stringify(model)}`);
  if (problems.length > 0) {
    throw new Error(`${problems.join('; ')}: a model pattern is a name, the beginning of one with a single "*" at its end, `
      + `or "*" for every model; a name ${NAME_RULE}`);
  }
  return [...new Set(models)];
}

export function coversEveryModel(patterns: readonly string[]): boolean {
  return patterns.includes(EVERY_MODEL);
}
