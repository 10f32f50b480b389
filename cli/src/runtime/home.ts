import { posix, win32 } from 'node:path';
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
