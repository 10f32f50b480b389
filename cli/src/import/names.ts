import type { FoundNames } from './layout';
import type { Place } from './version-source';
import type { ErrorDetail } from '../../../src/contract/errors';
import { isName, NAME_RULE } from '../../../src/contract/names';
import { usageFailure } from '../runtime/failure';
import { formatCount, shortened } from '../runtime/format';
import { tidyName } from '../runtime/tidy-name';

export interface NamedPlace extends Place {
  readonly model: string;
  readonly version: string;
}

export interface NamingOptions {
  /** From the name in the source (`Model` or `Model@Version`) to the name in the store. */
  readonly renames: ReadonlyMap<string, string>;
  /** Whether to replace invalid names with the closest valid ones. */
  readonly tidyNames: boolean;
  /** Imports only this model; if the layout has no `{model}`, the model of all versions. */
  readonly model?: string;
  /** Names in the source to skip: `Model` or `Model@Version`. */
  readonly skips: readonly string[];
  /** Whether only a part of the source was listed, so that a name in `renames` or `skips` may be elsewhere. */
  readonly onlyPartIsKnown?: boolean;
}

/** The names that a model can have in the source; undefined if it could be any name. */
export function namesFoundFor(
  model: string, { renames, tidyNames }: Pick<NamingOptions, 'renames' | 'tidyNames'>,
): string[] | undefined {
  const from = [...renames].filter(([, to]) => to.split('@')[0] === model);
  // "Model@Version" is ambiguous if the name of the model contains an "@" itself.
  return tidyNames || from.some(([name]) => name.includes('@'))
    ? undefined : [...new Set([model, ...from.map(([name]) => name)])].sort();
}

const shown = (found: FoundNames, model: string) => `${found.model ?? model}@${found.version}`;

/** Quotes a word for a POSIX shell; works in other shells in common cases. */
export function quoted(text: string): string {
  return /^[A-Za-z0-9@%+=:,./_-]+$/.test(text) ? text : `'${text.replace(/'/g, '\'\\\'\'')}'`;
}

/** Determines the names in the store. Reports all invalid names at once, with suggestions. */
export function namePlaces(places: readonly Place[], options: NamingOptions): NamedPlace[] {
  const used = new Set<string>();
  const problems: ErrorDetail[] = renameProblems(options.renames);
  const named: NamedPlace[] = [];
  const wrong: Wrong[] = [];
  for (const place of places) {
    const foundModel = place.found.model ?? options.model!;
    const all = shown(place.found, foundModel);
    const skipped = [foundModel, all].filter((name) => options.skips.includes(name));
    skipped.forEach((name) => used.add(name));
    if (skipped.length > 0) {
      continue;
    }
    const names = namesOf(place, foundModel, options, used);
    if (options.model !== undefined && options.model !== foundModel && options.model !== names.model) {
      continue;
    }
    if (isName(names.model) && isName(names.version)) {
      named.push({ ...place, ...names });
    } else {
      wrong.push({ place, foundModel, ...names });
    }
  }
  problems.push(...wrongNameProblems(wrong));
  for (const name of [...options.renames.keys(), ...options.skips]) {
    if (!used.has(name) && !options.onlyPartIsKnown) {
      const field = options.renames.has(name) ? '--rename' : '--skip';
      problems.push({ field, message: `${JSON.stringify(name)} does not exist in the source` });
    }
  }
  problems.push(...twins(named));
  if (problems.length > 0) {
    throw usageFailure('some names are not valid in the store; nothing was imported', problems,
      `A name ${NAME_RULE}. Use --rename FROM=TO, --tidy-names or --skip NAME.`);
  }
  return named;
}

function namesOf(
  place: Place, foundModel: string, { renames, tidyNames }: NamingOptions, used: Set<string>,
): { model: string; version: string } {
  const tidied = (name: string, what: 'model' | 'version') => (
    tidyNames && !isName(name) ? tidyName(name, what) ?? name : name);
  const all = shown(place.found, foundModel);
  const one = renames.get(all);
  const model = renames.get(foundModel);
  [all, foundModel].filter((name) => renames.has(name)).forEach((name) => used.add(name));
  if (one !== undefined) {
    const [toModel, toVersion] = one.split('@');
    return { model: toModel, version: toVersion };
  }
  return { model: model ?? tidied(foundModel, 'model'), version: tidied(place.found.version, 'version') };
}

/** Parses repeated `FROM=TO` options. Names in the source may contain "="; names in the store cannot. */
export function parseRenames(entries: readonly string[] = []): Map<string, string> {
  const problems: ErrorDetail[] = [];
  const renames = new Map<string, string>();
  for (const entry of entries) {
    const equals = entry.lastIndexOf('=');
    const from = entry.slice(0, Math.max(0, equals));
    if (equals < 1) {
      const message = `${shortened(entry)} is not FROM=TO, such as Fraud_Detector=fraud-detector or A@V1=a@v1`;
      problems.push({ field: '--rename', message });
    } else if (renames.has(from)) {
      problems.push({ field: `--rename ${shortened(from)}`, message: 'is given twice' });
    } else {
      renames.set(from, entry.slice(equals + 1));
    }
  }
  if (problems.length > 0) {
    throw usageFailure('invalid renames', problems);
  }
  return renames;
}

function renameProblems(renames: ReadonlyMap<string, string>): ErrorDetail[] {
  return [...renames].flatMap(([from, to]) => {
    const names = to.split('@');
    const message = names.length > 2 || !names.every(isName)
      ? `${JSON.stringify(to)} is not a valid name or model@version`
      : from.includes('@') && names.length === 1
        ? `${JSON.stringify(from)} is a version; its new name must be model@version`
        : !from.includes('@') && names.length === 2
          ? `${JSON.stringify(from)} is a model; its new name cannot include a version` : undefined;
    return message === undefined ? [] : [{ field: `--rename ${from}=${to}`, message }];
  });
}

interface Wrong {
  readonly place: Place;
  readonly foundModel: string;
  readonly model: string;
  readonly version: string;
}

/** Reports each invalid model name once, regardless of its number of versions. */
function wrongNameProblems(wrong: readonly Wrong[]): ErrorDetail[] {
  const ofModel = new Map<string, Wrong[]>();
  for (const each of wrong.filter(({ model }) => !isName(model))) {
    ofModel.set(each.foundModel, [...ofModel.get(each.foundModel) ?? [], each]);
  }
  const models = [...ofModel].map(([foundModel, [{ place, model }, ...others]]) => {
    const right = tidyName(model, 'model');
    const more = others.length === 0 ? '' : ` (also in ${formatCount(others.length, 'other version')})`;
    return {
      field: place.address,
      message: `${JSON.stringify(model)} is not a valid model name${more}`
        + (right === undefined ? '' : `; use --rename ${quoted(`${foundModel}=${right}`)}`),
    };
  });
  const versions = wrong.filter(({ version }) => !isName(version)).map(({ place, foundModel, model, version }) => {
    const right = [isName(model) ? model : tidyName(model, 'model'), tidyName(version, 'version')];
    return {
      field: place.address,
      message: `${JSON.stringify(version)} is not a valid version name`
        + (right.includes(undefined)
          ? '' : `; use --rename ${quoted(`${shown(place.found, foundModel)}=${right.join('@')}`)}`),
    };
  });
  return [...models, ...versions];
}

function twins(named: readonly NamedPlace[]): ErrorDetail[] {
  const byName = new Map<string, NamedPlace[]>();
  for (const place of named) {
    const name = `${place.model}@${place.version}`;
    byName.set(name, [...byName.get(name) ?? [], place]);
  }
  return [...byName].flatMap(([name, [first, ...others]]) =>
    others.map(({ address }) => ({ field: address, message: `would become ${name}, like ${first.address}` })));
}
