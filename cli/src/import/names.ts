import type { FoundNames } from './layout';
import type { Place } from './source';
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
  /** What something is called where it lies (`Model` or `Model@Version`), and its name in the store. */
  readonly renames: ReadonlyMap<string, string>;
  /** Names that break the rule become the nearest ones that do not. */
  readonly tidyNames: boolean;
  /** The only model that is wanted; the name of all, where the layout gives none. */
  readonly model?: string;
  /** What is left where it lies: `Model` or `Model@Version`, as it is called there. */
  readonly skips: readonly string[];
  /** Not everything that lies there was looked at: what a rename is about may be elsewhere. */
  readonly onlyPartIsKnown?: boolean;
}

/** What a model may be called where it lies; undefined if it could be anything. */
export function namesFoundFor(model: string, { renames, tidyNames }: Pick<NamingOptions, 'renames' | 'tidyNames'>): string[] | undefined {
  const from = [...renames].filter(([, to]) => to.split('@')[0] === model);
  // "Model@Version" could be taken apart in two ways, if the name of the model has an "@" in it itself.
  return tidyNames || from.some(([name]) => name.includes('@')) ? undefined : [...new Set([model, ...from.map(([name]) => name)])].sort();
}

const shown = (found: FoundNames, model: string) => `${found.model ?? model}@${found.version}`;

/** A whole word of a POSIX shell, and of the others in the usual cases. */
export function quoted(text: string): string {
  return /^[A-Za-z0-9@%+=:,./_-]+$/.test(text) ? text : `'${text.replace(/'/g, '\'\\\'\'')}'`;
}

/** Gives every place its names in the store, or says of all of them at once which cannot have any, and what would be right. */
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
  problems.push(...tellWrongNames(wrong));
  for (const name of [...options.renames.keys(), ...options.skips]) {
    if (!used.has(name) && !options.onlyPartIsKnown) {
      problems.push({ field: options.renames.has(name) ? '--rename' : '--skip', message: `nothing here is called ${JSON.stringify(name)}` });
    }
  }
  problems.push(...twins(named));
  if (problems.length > 0) {
    throw usageFailure('not everything here has a name that the store allows; nothing was imported', problems,
      `A name ${NAME_RULE}. Give others with --rename FROM=TO, let them be changed with --tidy-names, or leave things out with --skip NAME.`);
  }
  return named;
}

function namesOf(place: Place, foundModel: string, { renames, tidyNames }: NamingOptions, used: Set<string>): { model: string; version: string } {
  const tidied = (name: string, what: 'model' | 'version') => (tidyNames && !isName(name) ? tidyName(name, what) ?? name : name);
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

/** `FROM=TO`, as often as it is given. Names outside the store may hold anything; names in the store never hold "=". */
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
    const message = names.length > 2 || !names.every(isName) ? `${JSON.stringify(to)} is no name, nor model@version`
      : from.includes('@') && names.length === 1 ? `${JSON.stringify(from)} is a version: write what it becomes as model@version`
        : !from.includes('@') && names.length === 2 ? `${JSON.stringify(from)} is a model: write what it becomes without a version` : undefined;
    return message === undefined ? [] : [{ field: `--rename ${from}=${to}`, message }];
  });
}

interface Wrong {
  readonly place: Place;
  readonly foundModel: string;
  readonly model: string;
  readonly version: string;
}

/** A model's name is told once, however many versions it has. */
function tellWrongNames(wrong: readonly Wrong[]): ErrorDetail[] {
  const ofModel = new Map<string, Wrong[]>();
  for (const each of wrong.filter(({ model }) => !isName(model))) {
    ofModel.set(each.foundModel, [...ofModel.get(each.foundModel) ?? [], each]);
  }
  const models = [...ofModel].map(([foundModel, [{ place, model }, ...others]]) => {
    const right = tidyName(model, 'model');
    return {
      field: place.address,
      message: `${JSON.stringify(model)} is no model name${others.length === 0 ? '' : `, here and in ${formatCount(others.length, 'other version')} of it`}`
        + (right === undefined ? '' : `; right would be --rename ${quoted(`${foundModel}=${right}`)}`),
    };
  });
  const versions = wrong.filter(({ version }) => !isName(version)).map(({ place, foundModel, model, version }) => {
    const right = [isName(model) ? model : tidyName(model, 'model'), tidyName(version, 'version')];
    return {
      field: place.address,
      message: `${JSON.stringify(version)} is no version name`
        + (right.includes(undefined) ? '' : `; right would be --rename ${quoted(`${shown(place.found, foundModel)}=${right.join('@')}`)}`),
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
    others.map(({ address }) => ({ field: address, message: `would be ${name}, as would ${first.address}` })));
}
