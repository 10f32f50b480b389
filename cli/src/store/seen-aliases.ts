import type { KnownStoreFile } from './known-store';
import type { LocatedStore } from './locate';
import type { Reference } from './reference';
import { aliasProblems } from '../../../src/contract/alias';
import type { AliasResponse, ReferenceResponse } from '../../../src/contract/wire';
import { EXIT, Failure } from '../runtime/failure';

/** Checks that a resolved reference is about what was asked for. */
export function requireConsistent({ model, name }: Reference, resolved: ReferenceResponse): void {
  const { kind, version, alias } = resolved;
  const problem = kind === 'version' ? (version === name ? undefined : `the version ${JSON.stringify(version)}`)
    : kind !== 'alias' ? `the kind ${JSON.stringify(kind)}`
      : aliasProblems(alias, model, name).length > 0 ? 'an invalid alias'
        : alias!.version === version ? undefined : 'an alias of another version';
  if (problem !== undefined) {
    throw new Failure(`invalid response from the store: ${problem} for ${model}@${name}`, {
      code: 'bad_answer', exitCode: EXIT.VERIFICATION,
    });
  }
}

function keyOf({ model, alias }: Pick<AliasResponse, 'model' | 'alias'>): string {
  return `${model}@${alias}`;
}

/**
 * Refuses an alias that points where it pointed before: every version is signed, but the alias is not, so an old
 * pointer would bring back an old version.
 */
export function requireNotOlder(store: Pick<LocatedStore, 'file' | 'known'>, pointer: AliasResponse): void {
  const seen = store.known?.aliases?.[keyOf(pointer)];
  const then = seen === undefined ? NaN : Date.parse(seen.updatedAt);
  const now = Date.parse(pointer.updatedAt);
  if (seen === undefined || now > then || (now === then && pointer.version === seen.version)) {
    return;
  }
  throw new Failure(`${keyOf(pointer)} points to ${pointer.version} since ${pointer.updatedAt}, but it has pointed to `
    + `${seen.version} since ${seen.updatedAt}`, {
    code: 'alias_rolled_back',
    exitCode: EXIT.VERIFICATION,
    hint: 'The store may have been restored from a backup, or someone put back an old pointer. Ask its operators; if '
      + `they confirm it, run "${store.file.command(`--alias ${keyOf(pointer)}`)}".`,
  });
}

/** Remembers the pointer, once the version that it points to was verified. */
export async function rememberAlias(
  { file, identity }: Pick<LocatedStore, 'file' | 'identity'>, pointer: AliasResponse,
): Promise<void> {
  const { version, updatedAt } = pointer;
  await file.update((before) => {
    const seen = before?.aliases?.[keyOf(pointer)];
    // A command that ran at the same time may have seen a newer one.
    const isOlder = seen !== undefined && Date.parse(seen.updatedAt) > Date.parse(updatedAt);
    const newest = isOlder ? seen : { version, updatedAt };
    return { ...identity, ...before, aliases: { ...before?.aliases, [keyOf(pointer)]: newest } };
  });
}

/** Forgets what was seen of an alias, so that it may be older. False if nothing was known. */
export async function forgetAlias(file: KnownStoreFile, { model, name }: Reference): Promise<boolean> {
  const before = await file.read();
  const { [keyOf({ model, alias: name })]: seen, ...aliases } = before?.aliases ?? {};
  if (before === undefined || seen === undefined) {
    return false;
  }
  await file.update((now) => ({ ...now ?? before, aliases }));
  return true;
}
