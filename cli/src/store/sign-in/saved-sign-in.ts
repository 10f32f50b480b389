import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { Environment } from '../../runtime/environment';
import { EXIT, Failure } from '../../runtime/failure';
import { stateFolder } from '../../runtime/home';
import { writePrivateFile } from '../../runtime/private-file';

/** The identity provider of a store. Not secret. */
export interface Provider {
  /** An OpenID Connect issuer, such as https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc. */
  readonly issuer: string;
  readonly clientId: string;
}

/** The tokens of a sign-in. Secret. */
export interface Tokens {
  readonly idToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly refreshToken?: string;
}

export interface SavedSignIn extends Provider {
  readonly schemaVersion: 1;
  /** URL of the store. */
  readonly url: string;
  /** Absent after a sign-out. */
  readonly tokens?: Tokens;
}

type Place = Pick<Environment, 'platform' | 'variables'>;

function fileOf(environment: Place, url: URL): string | undefined {
  const folder = stateFolder(environment);
  const digest = createHash('sha256').update(addressOf(url)).digest('hex');
  return folder && path.join(folder, `sign-in-${digest.slice(0, 32)}.json`);
}

function addressOf(url: URL): string {
  return url.href.replace(/\/+$/, '');
}

/** Undefined if there is no saved sign-in to this store. */
export async function readSignIn(environment: Place, url: URL): Promise<SavedSignIn | undefined> {
  const file = fileOf(environment, url);
  if (file === undefined) {
    return undefined;
  }
  let text: string;
  try {
    await requirePrivate(environment, file);
    text = await fs.readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
  const saved = parse(text);
  // A truncated file, or one of a later version, is ignored: the next sign-in replaces it.
  return saved?.schemaVersion === 1 && saved.url === addressOf(url) ? saved : undefined;
}

function parse(text: string): SavedSignIn | undefined {
  try {
    return JSON.parse(text) as SavedSignIn;
  } catch {
    return undefined;
  }
}

/** Fails if other users can access the file: anyone who can read it can call the store as this user. */
async function requirePrivate({ platform }: Place, file: string): Promise<void> {
  if (platform === 'win32') {
    return;
  }
  const mode = (await fs.stat(file)).mode.toString(8).slice(-3);
  if (!mode.endsWith('00')) {
    throw new Failure(`${file} contains your sign-in, and other users of this machine can access it (mode ${mode})`, {
      code: 'unsafe_sign_in_file',
      exitCode: EXIT.FORBIDDEN,
      hint: `Run "chmod 600 ${file}", or "model-store logout" and "model-store login".`,
    });
  }
}

export async function writeSignIn(
  environment: Place, url: URL, { issuer, clientId }: Provider, tokens?: Tokens,
): Promise<void> {
  const file = fileOf(environment, url);
  if (file === undefined) {
    throw new Failure('there is no folder to save the sign-in in', {
      code: 'no_state_folder',
      exitCode: EXIT.FAILURE,
      hint: `Set ${environment.platform === 'win32' ? 'LOCALAPPDATA' : 'HOME or XDG_STATE_HOME'}.`,
    });
  }
  const saved: SavedSignIn = { schemaVersion: 1, url: addressOf(url), issuer, clientId, tokens };
  await writePrivateFile(file, `${JSON.stringify(saved)}\n`);
}
