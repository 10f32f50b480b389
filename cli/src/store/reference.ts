import type { ErrorDetail } from '../../../src/contract/errors';
import { isName, NAME_RULE } from '../../../src/contract/names';
import { usageFailure } from '../runtime/failure';
import { shortened } from '../runtime/format';
import { tidyName } from '../runtime/tidy-name';

export interface Reference {
  readonly model: string;
  /** The name of a version or an alias. */
  readonly name: string;
}

export function nameProblem(what: string, value: string): ErrorDetail | undefined {
  if (isName(value)) {
    return undefined;
  }
  const nearest = tidyName(value, what.replace(/ or .*/, ''));
  return {
    field: what,
    message: `${shortened(value)} is not a valid ${what} name`
      + (nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`),
  };
}

export function requireNames(names: { readonly [what: string]: string }): void {
  const problems = Object.entries(names)
    .map(([what, value]) => nameProblem(what, value))
    .filter((problem) => problem !== undefined);
  if (problems.length > 0) {
    const message = problems.length === 1 ? 'invalid name' : 'invalid names';
    throw usageFailure(message, problems, `A name ${NAME_RULE}. It must not contain "..".`);
  }
}

/** Parses `model@version` or, where `what` allows it, `model@alias`. */
export function parseReference(text: string, what: 'version' | 'version or alias' | 'alias'): Reference {
  const at = text.indexOf('@');
  if (at === -1) {
    const [kind] = what.split(' ');
    throw usageFailure(`no ${what} given in ${shortened(text)}`, [], `Write model@${kind}.`);
  }
  const model = text.slice(0, at);
  const name = text.slice(at + 1);
  requireNames({ model, [what]: name });
  return { model, name };
}
