import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SigningKeyResponse } from '../../../src/contract/wire';
import { parsePublicKeys, type PublicKey } from '../folder/public-key';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure } from '../runtime/failure';
import { configurationFolder } from '../runtime/home';
import { writePrivateFile } from '../runtime/private-file';

type Place = Pick<Environment, 'platform' | 'variables'>;

const SCHEMA_VERSION = 1;

function folderOf(environment: Place): string | undefined {
  const folder = configurationFolder(environment);
  return folder && join(folder, 'known-stores');
}

/** How the user named the store. A principal who can change what the name leads to cannot change the name itself. */
export type StoreName =
  | { readonly name: string; readonly region: string; readonly profile: string }
  | { readonly url: string };

/** Where a store is. */
export interface StoreIdentity {
  readonly url: string;
  /** Absent until it is known, for a store given by URL. */
  readonly bucketName?: string;
  readonly region?: string;
  /** Issuer of the tokens, with Cognito. */
  readonly issuer?: string;
}

export interface SeenAlias {
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly updatedAt: string;
}

/** What this user knows about a store, from its first use or from `model-store trust`. */
export interface KnownStore extends StoreIdentity {
  /** Absent until the keys were needed. */
  readonly signing?: boolean;
  readonly keys?: readonly SigningKeyResponse[];
  /** The newest position of each alias that was seen, by `model@alias`. */
  readonly aliases?: { readonly [alias: string]: SeenAlias };
}

interface SavedStore extends KnownStore {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly store: StoreName;
}

/** The file that remembers one store for this user. */
export class KnownStoreFile {
  /** Undefined without a home folder. */
  readonly file?: string;

  constructor(private readonly environment: Place, readonly store: StoreName) {
    const folder = folderOf(environment);
    const key = 'url' in store ? store.url : [store.name, store.region, store.profile].join('\n');
    const digest = createHash('sha256').update(key).digest('hex');
    this.file = folder && join(folder, `${digest.slice(0, 32)}.json`);
  }

  /** Undefined if the store was never used. */
  async read(): Promise<KnownStore | undefined> {
    return this.file === undefined ? undefined : readKnown(this.environment, this.file, this.command());
  }

  /** Changes what is known. Reads the file again first, because another command may have changed it. */
  async update(change: (before: KnownStore | undefined) => KnownStore): Promise<KnownStore> {
    const known = change(await this.read());
    await this.write(known);
    return known;
  }

  async write(known: KnownStore): Promise<void> {
    if (this.file !== undefined) {
      const saved: SavedStore = { schemaVersion: SCHEMA_VERSION, store: this.store, ...known };
      await writePrivateFile(this.file, `${JSON.stringify(saved, undefined, 2)}\n`);
    }
  }

  /** The command that accepts changes of the store. */
  command(more = ''): string {
    const { store } = this;
    const which = 'url' in store ? `--url ${store.url}`
      : `--store ${store.name}${store.region === '' ? '' : ` --region ${store.region}`}`;
    return `model-store trust ${which}${more && ` ${more}`}`;
  }
}

/** Every store that this user knows at a URL, under any name. */
export async function knownStoresAt(environment: Place, url: string): Promise<KnownStore[]> {
  const folder = folderOf(environment);
  const names = folder === undefined ? [] : await readdir(folder).catch(() => []);
  const read = names
    .filter((name) => name.endsWith('.json'))
    .map(async (name) => readKnown(environment, join(folder!, name), 'model-store trust'));
  return (await Promise.all(read)).filter((known) => known?.url === url) as KnownStore[];
}

/** `command` checks the store again. Undefined if there is no such file. */
async function readKnown(environment: Place, file: string, command: string): Promise<KnownStore | undefined> {
  let text: string;
  try {
    await requireProtected(environment, file);
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
  const saved = parse(text);
  // Never ignored: without the file, the next use would be a first use.
  if (saved?.schemaVersion !== SCHEMA_VERSION || typeof saved.url !== 'string') {
    throw new Failure(`${file}, which remembers a store, is damaged or from a later version of model-store`, {
      code: 'damaged_known_store',
      exitCode: EXIT.VERIFICATION,
      hint: `Update model-store, or check the store again with "${command}".`,
    });
  }
  const { schemaVersion: _, store: __, ...known } = saved;
  return known;
}

/** Fails if other users can change the file: what it says decides what is trusted. */
async function requireProtected({ platform }: Place, file: string): Promise<void> {
  if (platform === 'win32') {
    return;
  }
  const mode = (await stat(file)).mode.toString(8).slice(-3);
  if ([...mode.slice(1)].some((digit) => '2367'.includes(digit))) {
    throw new Failure(`${file} decides which store is trusted, and other users of this machine can change it `
      + `(mode ${mode})`, {
      code: 'unsafe_known_store', exitCode: EXIT.FORBIDDEN, hint: `Check its content, and run "chmod 600 ${file}".`,
    });
  }
}

/** The remembered keys; undefined if they were never needed. */
export function knownKeys({ signing, keys = [] }: KnownStore): PublicKey[] | undefined {
  return signing === undefined ? undefined : keys.flatMap(({ publicKeyPem }) => parsePublicKeys(publicKeyPem));
}

function parse(text: string): SavedStore | undefined {
  try {
    return JSON.parse(text) as SavedStore;
  } catch {
    return undefined;
  }
}
