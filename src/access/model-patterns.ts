import type { Problems } from '../common/problems';
import { isModelPattern, NAME_RULE } from '../contract/names';

export const EVERY_MODEL = '*';

/** Reports all problems of a property with model patterns. */
export function checkModelPatterns(problems: Problems, property: string, models: string[] | undefined): void {
  if (models?.length === 0) {
    problems.add(`${property} is empty, which would grant nothing; name models such as "fraud-*", or omit it to grant `
      + 'access to every model');
  }
  const wrong = problems.items(property, models)
    .filter(([model]) => !isModelPattern(model))
    .map(([model, index]) => `${problems.name(property)}[${index}] is ${JSON.stringify(model)}`);
  if (wrong.length > 0) {
    problems.add(`${wrong.join('; ')}: a model pattern is a name, a name prefix followed by a single "*", or "*" for `
      + `every model; a name ${NAME_RULE}`);
  }
}

export function coversEveryModel(patterns: readonly string[]): boolean {
  return patterns.includes(EVERY_MODEL);
}
