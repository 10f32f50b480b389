import type { KnownStore, KnownStoreFile, StoreIdentity } from './known-store';
import type { ErrorDetail } from '../../../src/contract/errors';
import type { StoreDescription } from '../../../src/contract/wire';
import { isApiGatewayHost } from '../aws/regions';
import { EXIT, Failure } from '../runtime/failure';

/*
 * The SSM parameter that leads to a store is easier to change than the store: `ssm:PutParameter` is enough. So what it
 * says is remembered on first use, and a change is refused before anything is sent, until the user accepts it.
 */

export interface StoreAddress {
  readonly url: URL;
  /** Absent if the store was given by URL. */
  readonly description?: StoreDescription;
  readonly identity: StoreIdentity;
  /** Remembers the store for this user. */
  readonly file: KnownStoreFile;
  /** What was remembered; undefined on first use. */
  readonly known?: KnownStore;
}

export function identityOf(url: URL, description: StoreDescription | undefined): StoreIdentity {
  return {
    url: url.href,
    ...description && {
      bucketName: description.bucketName,
      region: description.region,
      ...description.issuer !== undefined && { issuer: description.issuer },
    },
  };
}

/** What changed since the store was last trusted. */
export function changesOf(
  known: KnownStore, now: StoreIdentity, description: StoreDescription | undefined,
): ErrorDetail[] {
  const fields = description === undefined ? ['url'] as const : ['url', 'bucketName', 'region', 'issuer'] as const;
  const changes: ErrorDetail[] = fields
    .filter((field) => known[field] !== now[field])
    .map((field) => ({ field, message: `is ${now[field] ?? 'not given'}, was ${known[field] ?? 'not given'}` }));
  const signs = (signing: boolean) => (signing ? 'signs versions' : 'does not sign versions');
  if (known.signing !== undefined && description?.signing !== undefined && known.signing !== description.signing) {
    changes.push({
      field: 'signing', message: `the store ${signs(description.signing)} now; before, it ${signs(known.signing)}`,
    });
  }
  return changes;
}

export function requireUnchanged(
  file: KnownStoreFile, known: KnownStore, now: StoreIdentity, description: StoreDescription | undefined,
): void {
  const changes = changesOf(known, now, description);
  if (changes.length > 0) {
    const name = description === undefined ? now.url : `the store "${description.storeName}"`;
    throw new Failure(`${name} is not what it was when it was last trusted; nothing was sent`, {
      code: 'store_changed', exitCode: EXIT.UNTRUSTED, details: changes, hint: howToAccept(file),
    });
  }
}

/** On first use, only hosts of AWS are taken from the parameter: anyone can own another one. */
export function requireAwsHost(file: KnownStoreFile, url: URL, description: StoreDescription): void {
  if (!isApiGatewayHost(url.hostname)) {
    throw new Failure(`the store "${description.storeName}" is at ${url.host}, which is not a host of Amazon API `
      + 'Gateway; nothing was sent', {
      code: 'unknown_store_host',
      exitCode: EXIT.UNTRUSTED,
      hint: `If this is the store's own domain, accept it with "${file.command()}", or give the URL with --url.`,
    });
  }
}

/** Remembers where a store is that was found by its name, on first use. */
export async function rememberStore<Store extends StoreAddress>(
  store: Store, note: (line: string) => void,
): Promise<Store> {
  const { known, description, identity, file } = store;
  if (known !== undefined || description === undefined) {
    return store;
  }
  const remembered = await file.update((before) => ({ ...before, ...identity }));
  note(`first use of the store "${description.storeName}": ${identity.url}, bucket ${identity.bucketName}; `
    + (file.file === undefined ? 'it cannot be remembered without a home folder, so use --url in scripts'
      : 'remembered, and any change will be refused'));
  return { ...store, known: remembered };
}

export function howToAccept(file: KnownStoreFile): string {
  return `Ask the operators of the store, over another channel. If they confirm it, run "${file.command()}".`;
}
