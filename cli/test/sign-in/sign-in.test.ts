import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PersonInBrowser } from './person-in-browser';
import { SIGN_IN_PORTS } from '../../../src/contract/sign-in';
import { proves } from '../../../test/fidelity/proves';
import { ensureBundles } from '../../../test/local/rig/bundles';
import { MODEL_STORE_CLI } from '../../../test/local/rig/paths';
import { type CommandResult, tryCommand } from '../../../test/local/rig/run-command';
import { StoreDouble } from '../store-double/store-double';

const MODULES = join(__dirname, '..', '..', '..', 'node_modules');
const PROVIDER = {
  name: 'oidc-provider', version: (JSON.parse(readFileSync(join(MODULES, 'oidc-provider', 'package.json'), 'utf8')) as { version: string }).version,
};

/** The built command as a separate process, for a user with a home folder and without AWS credentials. */
const home = mkdtempSync(join(tmpdir(), 'model-store-sign-in-'));
const state = join(home, '.local', 'state', 'model-store');
const store = new StoreDouble();
const variables = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH, HOME: home, MODEL_STORE_URL: store.url, AWS_REGION: 'eu-central-1', AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
});
const run = async (args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<CommandResult> =>
  tryCommand(process.execPath, [MODEL_STORE_CLI, ...args], { env: { ...variables(), ...more } });

let provider: ChildProcess;
let issuer: string;

async function startProvider(): Promise<void> {
  provider = spawn(process.execPath, [join(__dirname, 'openid-provider.mjs')], { stdio: ['ignore', 'pipe', 'ignore'] });
  issuer = await new Promise<string>((resolve) => provider.stdout!.setEncoding('utf8').once('data', (text: string) => resolve(text.trim())));
}

/** Runs a complete sign-in; `meanwhile` receives the address to sign in at. */
async function login(meanwhile: (address: string) => Promise<void>, ...more: string[]): Promise<CommandResult> {
  let output = '';
  let begun: Promise<void> | undefined;
  const result = await tryCommand(process.execPath, [
    MODEL_STORE_CLI, 'login', '--issuer', issuer, '--client-id', 'model-store', '--no-browser', ...more,
  ], {
    env: variables(),
    onOutput: (text) => {
      output += text;
      const address = /^ {2}(http\S+)\n/m.exec(output)?.[1];
      if (address !== undefined && begun === undefined) {
        begun = meanwhile(address);
      }
    },
  });
  await begun;
  return result;
}

const comeBack = async (address: URL) => fetch(address).then(async (response) => [response.status, await response.text()] as const);
const signInAs = (name: string) => async (address: string) => {
  await comeBack(await new PersonInBrowser().signIn(address, name));
};
const saved = () => {
  const [file] = readdirSync(state);
  return { file: join(state, file), content: JSON.parse(readFileSync(join(state, file), 'utf8')) };
};
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8')) as { readonly [claim: string]: unknown };
const sentToken = () => store.seen.at(-1)!.headers.authorization!;

beforeAll(async () => {
  await ensureBundles(() => undefined);
  await store.start();
});
afterAll(async () => {
  await store.stop();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(async () => startProvider());
afterEach(() => {
  provider.kill();
  rmSync(state, { recursive: true, force: true });
});

describe('model-store login', () => {
  test('signs in with a code and PKCE, stores the tokens readable only by the user, and prints none', async () => {
    let asked: URLSearchParams | undefined;
    const { exitCode, stdout, stderr } = await login(async (address) => {
      asked = new URL(address).searchParams;
      const back = await new PersonInBrowser().signIn(address, 'ada');
      expect(await comeBack(back)).toEqual([200, expect.stringContaining('You can close this page')]);
    });

    expect([exitCode, stdout]).toEqual([0, `signed in to ${store.url} as ada\n`]);
    expect(Object.fromEntries(asked!)).toMatchObject({
      response_type: 'code', client_id: 'model-store', code_challenge_method: 'S256', scope: 'openid', redirect_uri: `http://localhost:${SIGN_IN_PORTS[0]}/`,
    });
    const { file, content } = saved();
    expect([file, state].map((place) => statSync(place).mode.toString(8).slice(-3))).toEqual(['600', '700']);
    for (const secret of [content.tokens.idToken, content.tokens.refreshToken]) {
      expect(secret).toEqual(expect.any(String));
      expect(stdout + stderr).not.toContain(secret);
    }

    expect(await run(['list'])).toMatchObject({ exitCode: 0 });
    expect(claimsOf(sentToken())).toMatchObject({ sub: 'ada', iss: issuer, aud: 'model-store' });
    proves(PROVIDER, 'cognito.authorization-code-with-pkce');
  });

  test('accepts only the response to its own request', async () => {
    const { exitCode, stdout } = await login(async (address) => {
      const back = await new PersonInBrowser().signIn(address, 'ada');
      const forged = new URL(back);
      forged.searchParams.set('state', 'of-somebody-else');
      expect(await comeBack(forged)).toEqual([404, expect.stringContaining('not the sign-in that model-store is waiting for')]);
      expect(await comeBack(new URL('/favicon.ico', back))).toEqual([404, expect.any(String)]);
      expect((await fetch(back, { method: 'POST' })).status).toBe(404);
      await comeBack(back);
    });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('as ada')]);
  });

  test('does not redeem a code issued for another sign-in', async () => {
    const { exitCode, stderr } = await login(async (address) => {
      const stranger = new URL(address);
      stranger.searchParams.set('code_challenge', 'A'.repeat(43));
      await comeBack(await new PersonInBrowser().signIn(stranger.href, 'mallory'));
    });
    expect([exitCode, stderr]).toEqual([6, expect.stringContaining('the sign-in failed')]);
    expect(() => saved()).toThrow();
  });

  test('reports a cancelled sign-in, and stores nothing', async () => {
    const { exitCode, stderr } = await login(async (address) => {
      await comeBack(await new PersonInBrowser().refuse(address));
    });
    expect([exitCode, stderr]).toEqual([6, expect.stringContaining('(access_denied)')]);
    expect(() => saved()).toThrow();
  });

  test('times out', async () => {
    const { exitCode, stderr } = await login(async () => {}, '--timeout', '1');
    expect([exitCode, stderr]).toEqual([6, expect.stringContaining('no sign-in within 1 seconds')]);
  });

  test('uses another port if one is taken, and fails if all are', async () => {
    const servers: Server[] = [];
    // A connection of another process may have the port, which is just as good.
    const take = async (port: number) => new Promise<boolean>((resolve, reject) => {
      const server = createServer();
      server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
      server.listen(port, '127.0.0.1', () => {
        servers.push(server);
        resolve(true);
      });
    });
    const leave = async (port: number) => {
      const isFree = await take(port);
      await new Promise((resolve) => (isFree ? servers.pop()!.close(resolve) : resolve(undefined)));
      return isFree;
    };
    try {
      await take(SIGN_IN_PORTS[0]);
      const next = await leave(SIGN_IN_PORTS[1]) ? SIGN_IN_PORTS[1] : SIGN_IN_PORTS[2];
      expect(await login(signInAs('ada'))).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`http://localhost:${next}/`) });
      await take(SIGN_IN_PORTS[1]);
      await take(SIGN_IN_PORTS[2]);
      expect(await login(signInAs('ada'))).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('are all in use') });
    } finally {
      servers.forEach((server) => server.close());
    }
  });

  test('opens the browser of the user with the URL as one argument', async () => {
    const browser = join(home, 'browser');
    const shown = join(home, 'shown');
    writeFileSync(browser, `#!/bin/sh\nprintf '%s' "$#: $1" > '${shown}'\n`, { mode: 0o755 });
    await run(['login', '--issuer', issuer, '--client-id', 'model-store', '--timeout', '2'], { BROWSER: browser });
    expect(readFileSync(shown, 'utf8')).toMatch(new RegExp(`^1: ${issuer}/auth\\?`));
  });

  test('requires a URL if none was given or saved', async () => {
    expect(await run(['login'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--issuer and --client-id') });
    expect(await run(['login', '--issuer', 'http://idp.example.com', '--client-id', 'x'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is not a valid issuer') });
  });
});

describe('a sign-in', () => {
  test('is renewed automatically shortly before it expires', async () => {
    await login(signInAs('ada'));
    const { file, content } = saved();
    writeFileSync(file, JSON.stringify({ ...content, tokens: { ...content.tokens, idToken: 'of.an.hour-ago', expiresAt: Date.now() + 30_000 } }));

    expect(await run(['list'])).toMatchObject({ exitCode: 0 });

    const second = saved().content.tokens;
    expect(sentToken()).toBe(second.idToken);
    expect(claimsOf(second.idToken)).toMatchObject({ sub: 'ada' });
    proves(PROVIDER, 'cognito.refresh-token');
  });

  test('in a file that others could read or change is not used', async () => {
    await login(signInAs('ada'));
    const { file } = saved();
    chmodSync(file, 0o644);
    expect(await run(['list'])).toMatchObject({ exitCode: 6, stderr: expect.stringContaining(`chmod 600 ${file}`) });
  });

  test('is overridden by an explicit token', async () => {
    await login(signInAs('ada'));
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl';
    await run(['list'], { MODEL_STORE_TOKEN: token });
    expect(sentToken()).toBe(token);
  });

  test('ends locally and at the provider, and signing in again needs no URL', async () => {
    await login(signInAs('ada'));
    const { refreshToken } = saved().content.tokens;
    expect(await run(['logout'])).toMatchObject({ exitCode: 0, stdout: `signed out of ${store.url}\n` });

    expect(saved().content).toEqual({ schemaVersion: 1, url: store.url, issuer, clientId: 'model-store' });
    const renewal = await fetch(`${issuer}/token`, {
      method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: 'model-store' }),
    });
    expect(await renewal.json()).toMatchObject({ error: 'invalid_grant' });
    expect(await run(['list'])).toMatchObject({ exitCode: 6 });
    expect(await run(['logout'])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('not signed in') });
    expect(await run(['login', '--no-browser', '--timeout', '1'])).toMatchObject({ exitCode: 6, stderr: expect.stringContaining(`${issuer}/auth?`) });
    proves(PROVIDER, 'cognito.token-revocation');
  });
});
