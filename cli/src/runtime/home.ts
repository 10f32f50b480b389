import { isAbsolute, join, posix, win32 } from 'node:path';
import type { Environment } from './environment';

/**
 * Expands a leading `~` to the user's home folder where the shell did not: in a variable, after `--option=`, in
 * PowerShell and in the command prompt.
 */
export function expandHome(path: string, { platform, variables }: Pick<Environment, 'platform' | 'variables'>): string {
  const windows = platform === 'win32';
  if (path !== '~' && !path.startsWith('~/') && !(windows && path.startsWith('~\\'))) {
    return path;
  }
  // On Windows, HOME is set by POSIX shells, to paths that other programs do not understand.
  const home = windows ? variables.USERPROFILE : variables.HOME;
  return home ? (windows ? win32 : posix).join(home, path.slice(1)) : path;
}

/** Expands `~` in each of the named options. */
export function expandHomes<Name extends string, Options extends { readonly [name in Name]?: string }>(
  options: Options, names: readonly Name[], environment: Pick<Environment, 'platform' | 'variables'>,
): Options {
  const expanded = names.flatMap((name) => {
    const place = options[name];
    return place === undefined ? [] : [[name, expandHome(place, environment)]];
  });
  return { ...options, ...Object.fromEntries(expanded) as Partial<Options> };
}

type Place = Pick<Environment, 'platform' | 'variables'>;

/**
 * The folder for settings of the XDG specification (https://specifications.freedesktop.org/basedir-spec/latest/); on
 * Windows, the local application data. Undefined without a home folder: nothing is saved in the current folder instead.
 */
export function configurationFolder(place: Place): string | undefined {
  return folderOf(place, place.variables.XDG_CONFIG_HOME, '.config');
}

/** The folder for state of the XDG specification, likewise. */
export function stateFolder(place: Place): string | undefined {
  return folderOf(place, place.variables.XDG_STATE_HOME, '.local', 'state');
}

/** The folder for caches of the XDG specification, likewise. */
export function cacheFolder(place: Place): string | undefined {
  return folderOf(place, place.variables.XDG_CACHE_HOME, '.cache');
}

function folderOf({ platform, variables }: Place, given: string | undefined, ...inHome: string[]): string | undefined {
  const { HOME: home, LOCALAPPDATA: local } = variables;
  const base = platform === 'win32' ? local : given && isAbsolute(given) ? given : home && join(home, ...inHome);
  return base ? join(base, 'model-store') : undefined;
}
