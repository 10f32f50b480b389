import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ensureBundles } from '../../../test/local/rig/bundles';
import { MODEL_STORE_CLI } from '../../../test/local/rig/paths';
import { type CommandResult, tryCommand } from '../../../test/local/rig/run-command';

type Answer = (response: ServerResponse, issuer: string) => void;

const json = (body: unknown): Answer => (response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
};

let answer: Answer;
let server: Server;
let issuer: string;

beforeAll(async () => {
  await ensureBundles(() => undefined);
  server = createServer((_, response) => answer(response, issuer));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
});

/** Runs `model-store login`, and sends `meanwhile` the URL to sign in at. */
async function login(meanwhile?: (address: URL) => Promise<unknown>): Promise<CommandResult> {
  let output = '';
  let begun: Promise<unknown> | undefined;
  const result = await tryCommand(process.execPath, [
    MODEL_STORE_CLI, 'login', '--issuer', issuer, '--client-id', 'model-store', '--no-browser', '--timeout', '60',
  ], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', MODEL_STORE_URL: 'http://127.0.0.1:9', AWS_REGION: 'eu-central-1' },
    onOutput: (text) => {
      output += text;
      const address = /^ {2}(http\S+)\n/m.exec(output)?.[1];
      if (address !== undefined && meanwhile !== undefined && begun === undefined) {
        begun = meanwhile(new URL(address));
      }
    },
  });
  await begun;
  return result;
}

describe('an identity provider', () => {
  test('that never stops sending ends the sign-in with an error', async () => {
    answer = (response) => {
      const send = () => { while (response.write(' '.repeat(65_536))); };
      response.on('drain', send);
      send();
    };
    const { exitCode, stderr } = await login();
    expect([exitCode, stderr]).toEqual([6, expect.stringContaining('cannot read the configuration of the identity provider')]);
  });

  test.each([['null', null], ['a text', 'x'], ['the configuration of another issuer', { issuer: 'https://idp.example.com' }]])(
    'that returns %s as its configuration is refused', async (_, body) => {
      answer = json(body);
      expect(await login()).toMatchObject({
        exitCode: 6, stdout: '', stderr: expect.stringContaining('cannot read the configuration of the identity provider'),
      });
    },
  );

  test('cannot control the terminal with its reason for a refusal', async () => {
    answer = (response) => json({
      issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, response_types_supported: ['code'],
      subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'], jwks_uri: `${issuer}/jwks`,
    })(response, issuer);
    const { exitCode, stdout, stderr } = await login(async (address) => {
      const back = new URL(address.searchParams.get('redirect_uri')!);
      back.searchParams.set('state', address.searchParams.get('state')!);
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_description', 'no\u001b[2J\u202e\u0007');
      await fetch(back);
    });
    expect([exitCode, stderr]).toEqual([6, expect.stringContaining('(access_denied)')]);
    // eslint-disable-next-line no-control-regex
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});
