import { type KnownStore, knownKeys, knownStoresAt } from './known-store';
import type { StoreClient } from './store-client';
import { howToAccept } from './store-identity';
import type { SigningKeyResponse } from '../../../src/contract/wire';
import { parsePublicKeys, type PublicKey, readPublicKeys, shortFingerprint } from '../folder/public-key';
import type { SignatureTrust } from '../folder/signature';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure } from '../runtime/failure';
import { expandHome } from '../runtime/home';
import type { Progress } from '../runtime/progress';

export interface TrustOptions {
  /** A file with the public keys to accept. */
  readonly key?: string;
  readonly allowUnsigned?: boolean;
}

/** Keys that the user gave; undefined if the remembered ones apply. */
export async function givenTrust(
  environment: Environment, { key, allowUnsigned = false }: TrustOptions,
): Promise<SignatureTrust | undefined> {
  const file = key ?? (environment.variables.MODEL_STORE_KEY || undefined);
  if (file === undefined) {
    return undefined;
  }
  const option = key === undefined ? 'MODEL_STORE_KEY' : '--key';
  return {
    keys: await readPublicKeys(expandHome(file, environment), option),
    allowUnsigned,
    source: `the keys in ${option}`,
    howToAccept: 'If the operators of the store replaced the key, get the new public key from them, and add it to that '
      + 'file.',
  };
}

/** The keys to accept: given ones or, on first use, the ones that the store publishes, which are then remembered. */
export async function signatureTrust(
  { environment, client, progress }: {
    readonly environment: Environment; readonly client: StoreClient; readonly progress: Progress;
  },
  options: TrustOptions,
): Promise<SignatureTrust> {
  const given = await givenTrust(environment, options);
  if (given !== undefined) {
    return given;
  }
  const { known, file } = client.store;
  return {
    keys: (known && knownKeys(known)) ?? await firstKeys(client, progress),
    allowUnsigned: options.allowUnsigned ?? false,
    source: 'the keys remembered for this store',
    howToAccept: howToAccept(file),
  };
}

/** The remembered keys of the store that a folder was pulled from; undefined if none are. */
export async function rememberedTrust(
  environment: Environment, storeUrl: string | undefined, { allowUnsigned = false }: TrustOptions,
): Promise<SignatureTrust | undefined> {
  const stores = storeUrl === undefined ? [] : await knownStoresAt(environment, storeUrl);
  const keys = stores.map(knownKeys).filter((known) => known !== undefined);
  return keys.length === 0 ? undefined : {
    keys: keys.flat(),
    allowUnsigned,
    source: 'the keys remembered for its store',
    howToAccept: 'Ask the operators of the store for its public key, and use --key FILE.',
  };
}

async function firstKeys(client: StoreClient, progress: Progress): Promise<PublicKey[]> {
  const { file, identity, description } = client.store;
  const keys = await publishedKeys(client);
  const signing = keys.length > 0;
  if (description?.signing !== undefined && description.signing !== signing) {
    const says = (signs: boolean) => (signs ? 'that it signs versions' : 'that it does not sign versions');
    throw new Failure(`the store's SSM parameter says ${says(description.signing)}, and its API ${says(signing)}`, {
      code: 'store_changed', exitCode: EXIT.UNTRUSTED, hint: howToAccept(file),
    });
  }
  await file.update((before) => ({ ...identity, ...before, ...savedKeys(keys) }));
  const what = signing
    ? `signing ${keys.length === 1 ? 'key' : 'keys'} ${keys.map((key) => shortFingerprint(key.fingerprint)).join(', ')}`
    : 'it does not sign versions';
  progress.note(file.file === undefined
    ? `first use of this store: ${what}; it cannot be remembered without a home folder, so use --key FILE`
    : `first use of this store: ${what}; remembered, and any change will be refused`);
  return keys;
}

export function savedKeys(keys: readonly PublicKey[]): Pick<KnownStore, 'signing' | 'keys'> {
  return {
    signing: keys.length > 0,
    keys: keys.map(({ pem, fingerprint }): SigningKeyResponse => ({ publicKeyPem: pem, fingerprint })),
  };
}

/** The keys that the store publishes. */
export async function publishedKeys(client: StoreClient): Promise<PublicKey[]> {
  const { keys } = await client.listSigningKeys().catch((error: unknown) => {
    throw error instanceof Failure && error.code === 'forbidden' ? new Failure(
      `cannot read the signing keys of the store: ${error.message}`, {
        code: error.code,
        exitCode: error.exitCode,
        details: error.details,
        requestId: error.requestId,
        cause: error,
        hint: 'Get the public key from the operators of the store, and use --key FILE or MODEL_STORE_KEY.',
      }) : error;
  });
  try {
    return keys.flatMap(({ publicKeyPem }) => parsePublicKeys(publicKeyPem));
  } catch (error) {
    throw new Failure(`invalid response from the store: a signing key ${(error as Error).message}`, {
      code: 'bad_answer', exitCode: EXIT.FAILURE,
    });
  }
}
