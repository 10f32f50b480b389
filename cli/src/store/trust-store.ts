import type { KnownStore } from './known-store';
import { locateAddress, locateStore, type StoreOptions } from './locate';
import type { Reference } from './reference';
import { forgetAlias } from './seen-aliases';
import { publishedKeys, savedKeys } from './signature-trust';
import { StoreClient } from './store-client';
import { changesOf, type StoreAddress } from './store-identity';
import type { ErrorDetail } from '../../../src/contract/errors';
import { type PublicKey, readPublicKeys } from '../folder/public-key';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure } from '../runtime/failure';
import { expandHome } from '../runtime/home';

export interface Trusted {
  readonly url: string;
  readonly bucketName?: string;
  readonly region?: string;
  readonly signing: boolean;
  readonly keyFingerprints: readonly string[];
  /** What is different from before; empty on first use. */
  readonly changes: readonly ErrorDetail[];
}

/**
 * Accepts a store as it is now: where it is, and the keys that it signs with, which are those in a file or, without
 * one, those that the store publishes.
 */
export async function trustStore(
  environment: Environment, options: StoreOptions, keyFile: string | undefined,
): Promise<Trusted> {
  const { address, keys } = keyFile === undefined
    ? await published(environment, options)
    : {
      address: await locateAddress(environment, options, true),
      keys: await readPublicKeys(expandHome(keyFile, environment), '--key'),
    };
  const { file, identity, known } = address;
  if (file.file === undefined) {
    throw new Failure('cannot remember the store: no configuration folder is set', {
      code: 'no_configuration_folder',
      exitCode: EXIT.FAILURE,
      hint: `Set ${environment.platform === 'win32' ? 'LOCALAPPDATA' : 'HOME or XDG_CONFIG_HOME'}, or use --url and `
        + '--key FILE.',
    });
  }
  // Positions of aliases are kept only if the store is at the same place: another one has its own.
  const aliases = known?.url === identity.url ? known.aliases : undefined;
  await file.write({ ...identity, ...savedKeys(keys), ...aliases && { aliases } });
  return {
    ...identity,
    signing: keys.length > 0,
    keyFingerprints: keys.map(({ fingerprint }) => fingerprint),
    changes: known === undefined
      ? [] : [...changesOf(known, identity, address.description), ...keyChanges(known, keys)],
  };
}

async function published(
  environment: Environment, options: StoreOptions,
): Promise<{ readonly address: StoreAddress; readonly keys: readonly PublicKey[] }> {
  const address = await locateStore(environment, options, true);
  return { address, keys: await publishedKeys(new StoreClient(environment, address)) };
}

function keyChanges({ signing, keys = [] }: KnownStore, now: readonly PublicKey[]): ErrorDetail[] {
  if (signing === undefined) {
    return [];
  }
  const before = new Set(keys.map(({ fingerprint }) => fingerprint));
  const after = new Set(now.map(({ fingerprint }) => fingerprint));
  return [
    ...[...after].filter((each) => !before.has(each)).map((each) => ({ field: 'key', message: `new: ${each}` })),
    ...[...before].filter((each) => !after.has(each)).map((each) => ({ field: 'key', message: `no longer: ${each}` })),
  ];
}

/** Accepts an alias that points where it pointed before. */
export async function trustAlias(
  environment: Environment, options: StoreOptions, reference: Reference,
): Promise<{ readonly forgotten: boolean }> {
  const { file } = await locateAddress(environment, options);
  return { forgotten: await forgetAlias(file, reference) };
}
