import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { type CognitoStore, deployCognitoStore } from './cognito-store';
import { claimsOf } from './tokens';
import { type User, UserPool } from './user-pool';
import { describeInChromium } from '../../../cli/test/audit/report/chromium';
import { localAwsEnvironment } from '../rig/environment';
import { MODEL_STORE_CLI } from '../rig/paths';
import { type CommandResult, tryCommand } from '../rig/run-command';

describeInChromium('Signing in to a store in the browser', (browser) => {
  const home = mkdtempSync(path.join(tmpdir(), 'model-store-login-'));
  let store: CognitoStore;
  let pool: UserPool;
  let ada: User;

  beforeAll(async () => {
    store = await deployCognitoStore('Login');
    pool = new UserPool(store);
    ada = await pool.addUser('ada-in-a-browser', ['data-scientists']);
  });
  afterAll(() => {
    pool?.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** For a user with a home folder and without valid AWS credentials. */
  const run = async (args: readonly string[], onOutput?: (text: string) => void): Promise<CommandResult> => {
    const environment = localAwsEnvironment(store.localAws, { accessKeyId: 'none', secretAccessKey: 'none' });
    return tryCommand(process.execPath, [MODEL_STORE_CLI, ...args], {
      env: { ...environment, HOME: home, XDG_STATE_HOME: '', MODEL_STORE_URL: store.url }, onOutput,
    });
  };

  async function onThePage(address: string, user: User): Promise<string> {
    const context = await browser().createBrowserContext();
    try {
      const page = await context.newPage();
      // The simulated browser has no trust store for the local authority; the command itself checks the certificate.
      await (await page.createCDPSession()).send('Security.setIgnoreCertificateErrors', { ignore: true });
      await page.goto(address);
      await page.type('input[name=username]', user.name);
      await page.type('input[name=password]', user.password);
      await Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);
      return await page.evaluate('document.body.innerText') as string;
    } finally {
      await context.close();
    }
  }

  test('signs in with the command from the stack outputs, and later commands run as that user', async () => {
    const command = Object.entries(store.outputs).find(([name]) => name.includes('LoginCommand'))![1];
    const [, issuer, clientId] = / --issuer (\S+) --client-id (\S+)$/.exec(command)!;
    expect(command).toContain(`model-store login --url ${new URL(store.outputs.StoreUrl).protocol}`);
    let output = '';
    let shown: Promise<string> | undefined;

    const { exitCode, stdout, stderr } = await run(['login', '--issuer', issuer, '--client-id', clientId, '--no-browser', '--timeout', '60'], (text) => {
      output += text;
      const address = /^ {2}(http\S+)\n/m.exec(output)?.[1];
      shown ??= address === undefined ? undefined : onThePage(address, ada);
    });

    expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
    expect(stdout).toBe(`signed in to ${store.url} as ada-in-a-browser\n`);
    expect(await shown).toContain('You can close this page');
    const state = path.join(home, '.local', 'state', 'model-store');
    const { tokens } = JSON.parse(readFileSync(path.join(state, readdirSync(state)[0]), 'utf8')) as { tokens: { idToken: string; expiresAt: number } };
    expect(claimsOf(tokens.idToken)).toMatchObject({ token_use: 'id', 'cognito:username': 'ada-in-a-browser', 'cognito:groups': ['data-scientists'] });
    expect(tokens.expiresAt).toBe(Number(claimsOf(tokens.idToken).exp) * 1_000);

    const listed = await run(['list', '--columns', 'model', '--json']);
    expect([listed.exitCode, listed.exitCode === 0 ? '' : listed.stderr]).toEqual([0, '']);
    expect((JSON.parse(listed.stdout) as { models: object[] }).models).toEqual(expect.any(Array));

    expect(await run(['logout'])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('signed out of') });
    expect((await run(['list'])).exitCode).not.toBe(0);
  });
});
