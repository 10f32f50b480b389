import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { Environment } from '../../runtime/environment';
import { EXIT, Failure } from '../../runtime/failure';
import { writePrivateFile } from '../../runtime/private-file';

/** Where people of a store sign in. Nothing of it is secret. */
export interface Provider {
  /** An OpenID Connect issuer, such as https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc. */
  readonly issuer: string;
  readonly clientId: string;
}

/** What an identity provider gives at a sign-in. Secret, all of it. */
export interface Tokens {
  readonly idToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly refreshToken?: string;
}

export interface SavedSignIn extends Provider {
  readonly schemaVersion: 1;
  /** Address of the store. */
  readonly url: string;
  /** Absent after a sign-out. */
  readonly tokens?: Tokens;
}

type Place = Pick<Environment, 'platform' | 'variables'>;

/**
 * https://specifications.freedesktop.org/basedir-spec/latest/; on Windows, what stays on the machine. Undefined for whoever has no
 * home: nothing is kept in whichever folder they happen to be.
 */
function stateFolder({ platform, variables }: Place): string | undefined {
  const { XDG_STATE_HOME: state, HOME: home, LOCALAPPDATA: local } = variables;
  const base = platform === 'win32' ? local : state && path.isAbsolute(state) ? state : home && path.join(home, '.local', 'state');
  return base ? path.join(base, 'model-store') : undefined;
}

function fileOf(environment: Place, url: URL): string | undefined {
  const folder = stateFolder(environment);
  return folder && path.join(folder, `sign-in-${createHash('sha256').update(addressOf(url)).digest('hex').slice(0, 32)}.json`);
}

function addressOf(url: URL): string {
  return url.href.replace(/\/+$/, '');
}

/** Undefined if nobody signed in to this store here. */
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
  // A file that was cut off or is of a later version is as good as none: signing in again writes it anew.
  return saved?.schemaVersion === 1 && saved.url === addressOf(url) ? saved : undefined;
}

function parse(text: string): SavedSignIn | undefined {
  try {
    return JSON.parse(text) as SavedSignIn;
  } catch {
    return undefined;
  }
}

/** Whoever can read the file can call the store in this person's name. */
async function requirePrivate({ platform }: Place, file: string): Promise<void> {
  if (platform === 'win32') {
    return;
  }
  const mode = (await fs.stat(file)).mode.toString(8).slice(-3);
  if (!mode.endsWith('00')) {
    throw new Failure(`${file} holds your sign-in, and others on this machine may read or change it (mode ${mode})`, {
      code: 'unsafe_sign_in_file', exitCode: EXIT.FORBIDDEN, hint: `Run "chmod 600 ${file}", or "model-store logout" and "model-store login".`,
    });
  }
}

export async function writeSignIn(environment: Place, url: URL, { issuer, clientId }: Provider, tokens?: Tokens): Promise<void> {
  const file = fileOf(environment, url);
  if (file === undefined) {
    throw new Failure('there is no folder to keep the sign-in in', {
      code: 'no_state_folder', exitCode: EXIT.FAILURE, hint: `Set ${environment.platform === 'win32' ? 'LOCALAPPDATA' : 'HOME or XDG_STATE_HOME'}.`,
    });
  }
  const saved: SavedSignIn = { schemaVersion: 1, url: addressOf(url), issuer, clientId, tokens };
  await writePrivateFile(file, `${JSON.stringify(saved)}\n`);
}
