import { everyAlias, everyModel, everyVersion } from './every-page';
import type { Reference } from './reference';
import type { StoreClient } from './store-client';
import { newestFirst } from './version-order';
import { didYouMean } from '../runtime/did-you-mean';
import { Failure } from '../runtime/failure';
import { formatCount } from '../runtime/format';

const MOST_NAMED = 10;
const UNKNOWN = ['unknown_model', 'unknown_version', 'unknown_alias'];

/** Adds the names that exist to an error about an unknown name, if the caller is allowed to list them. */
export async function withKnownNames<Result>(
  client: StoreClient, { model, name }: Reference, work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure) || !UNKNOWN.includes(error.code) || error.hint !== undefined) {
      throw error;
    }
    const known = error.code === 'unknown_model' ? knownModels(client, model) : knownNames(client, model, name);
    const hint = await known.catch(() => undefined);
    const { message, code, exitCode, details, requestId } = error;
    throw new Failure(message, { code, exitCode, details, requestId, hint, cause: error });
  }
}

async function knownModels(client: StoreClient, model: string): Promise<string> {
  const models = await everyModel(client);
  return models.length === 0 ? 'The store has no models that you can see.'
    : `${suggestion(model, models)}The store has ${named('model', models)}.`;
}

async function knownNames(client: StoreClient, model: string, name: string): Promise<string> {
  const [versions, aliases] = await Promise.all([everyVersion(client, model), everyAlias(client, model)]);
  const names = newestFirst(versions).map(({ version }) => version);
  const pointers = aliases.map(({ alias, version }) => `${alias} (${version})`);
  return `${suggestion(name, [...names, ...aliases.map(({ alias }) => alias)])}${model} has ${named('version', names)}`
    + ` and ${pointers.length === 0 ? 'no aliases' : named('alias', pointers, 'aliases')}.`;
}

function suggestion(typed: string, names: readonly string[]): string {
  const sentence = didYouMean(typed, names);
  return sentence === undefined ? '' : `${sentence} `;
}

function named(what: string, names: readonly string[], plural = `${what}s`): string {
  const more = names.length - MOST_NAMED;
  const others = more > 0 ? ` and ${formatCount(more, 'other')}` : '';
  return `the ${names.length === 1 ? what : plural} ${names.slice(0, MOST_NAMED).join(', ')}${others}`;
}
