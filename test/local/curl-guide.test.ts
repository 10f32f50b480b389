import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { localAwsEnvironment, type Credentials } from './rig/environment';
import { credentialsOf } from './rig/local-store';
import { modelStore, modelStoreJson } from './rig/model-store';
import { PROJECT_ROOT } from './rig/paths';
import { runCommand, tryCommand } from './rig/run-command';
import { storeUnderTest } from './rig/store-under-test';
import { ERRORS } from '../../src/contract/errors';

const GUIDE = fs.readFileSync(path.join(PROJECT_ROOT, 'docs/guides/curl.md'), 'utf8');

/** Every shell block, in order. */
function shellBlocks(document: string): string[] {
  return [...document.matchAll(/^```(bash|sh|shell|console)\n(.*?)^```$/gms)].map(([, , text]) => text);
}

/** In CI, a missing program fails the tests; elsewhere they are reported as skipped. */
const canFollow = ['bash', 'curl', 'jq', 'openssl'].every((tool) => spawnSync(tool, [tool === 'openssl' ? 'version' : '--version']).status === 0);
const following = canFollow || process.env.CI === 'true' ? test : test.skip;

const store = storeUnderTest();
const home = fs.mkdtempSync(path.join(tmpdir(), 'curl-guide-'));
const model = `curl-${randomBytes(4).toString('hex')}`;
let ada: Credentials;
beforeAll(async () => { ada = await credentialsOf(store, 'dataScientist'); });
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

/** Runs the guide up to the first command that fails. */
async function follow(document: string, name: string, folder = path.join(home, name)) {
  fs.mkdirSync(folder);
  return tryCommand('bash', ['--noprofile', '--norc', '-euo', 'pipefail', '-c', shellBlocks(document).join('\n')], {
    cwd: folder,
    env: { ...localAwsEnvironment(store.localAws, ada), CURL_CA_BUNDLE: store.localAws.trustBundle, MODEL_STORE_URL: store.url, MODEL: name },
  });
}

following('whoever follows the guide has a version in the store that the command line would have made too, and its bytes back', async () => {
  const { exitCode, stdout, stderr } = await follow(GUIDE, model);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toContain('config.json: OK\nweights.bin: OK\n');
  expect(stdout).not.toMatch(/X-Amz-Signature/i);

  const pushed = path.join(home, model, 'curl-model');
  const pulled = path.join(home, model, 'curl-pulled');
  expect(fs.readdirSync(pulled).sort()).toEqual(['config.json', 'weights.bin']);
  for (const file of ['config.json', 'weights.bin']) {
    expect({ file, same: fs.readFileSync(path.join(pulled, file)).equals(fs.readFileSync(path.join(pushed, file))) }).toEqual({ file, same: true });
  }
  // Digests, sizes and parts are the same: nothing is sent, and no difference is found.
  expect(await modelStoreJson(store, ada, ['push', pushed, `${model}@1.0.0`, '--metadata', 'pushed_with=curl']))
    .toMatchObject({ outcome: 'unchanged', files: 2, bytes: 40_000_021, sentFiles: 0 });
});

following.each([
  ['parts of another size', ['16777216', '8388608'], 'split -b'],
  ['a header of a link that is left out', ['(.headers | to_entries[] |', '(.headers | to_entries[] | select(.key != "x-amz-checksum-sha256") |'], 'transfer'],
  ['a field of another name', ['digest: $config_digest', 'sha512: $config_digest'], 'config_digest'],
])('a guide with %s would be found to be wrong', async (_what, [right, wrong], at) => {
  expect(GUIDE).toContain(at);
  expect(GUIDE).toContain(right);
  const name = `${model}-${randomBytes(2).toString('hex')}`;
  expect((await follow(GUIDE.replaceAll(right, wrong), name)).exitCode).not.toBe(0);
  expect(await modelStore(store, ada, ['show', `${name}@1.0.0`])).toMatchObject({ exitCode: 3 });
});

test('a request in the guide has the same signature as with the AWS SDK', async () => {
  // The local AWS does not check signatures, so the signature that curl creates is checked here.
  const seen: { request: IncomingMessage; body: Buffer }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      seen.push({ request, body: Buffer.concat(chunks) });
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a/secret+key', sessionToken: 'IQoJb3JpZ2luX2VjE/+token==' };
  const [api] = /^api\(\) \{$.*?^\}$/ms.exec(GUIDE)!;
  await runCommand('bash', ['--noprofile', '--norc', '-c', `${api}\napi POST /models/fraud/uploads '{"files": []}'; api GET /models/fraud/versions/1.0.0`], {
    env: { ...localAwsEnvironment(store.localAws, credentials), MODEL_STORE_URL: `http://${host}/live`, AWS_REGION: 'eu-central-1' },
  });
  await new Promise((resolve) => { server.close(resolve); });

  expect(seen.map(({ request }) => `${request.method} ${request.url}`)).toEqual(['POST /live/models/fraud/uploads', 'GET /live/models/fraud/versions/1.0.0']);
  for (const { request: { method, url, headers }, body } of seen) {
    const [, signedHeaders] = /SignedHeaders=([^,]+)/.exec(headers.authorization!)!;
    expect(signedHeaders.split(';')).toEqual(expect.arrayContaining(['host', 'x-amz-date', 'x-amz-security-token']));
    const [year, month, day, hour, minute, second] = /^(....)(..)(..)T(..)(..)(..)Z$/.exec(headers['x-amz-date'] as string)!.slice(1);
    const signer = new SignatureV4({ service: 'execute-api', region: 'eu-central-1', sha256: Sha256, credentials, applyChecksum: false });
    const signed = await signer.sign(new HttpRequest({
      method, protocol: 'http:', hostname: '127.0.0.1', path: url, body,
      headers: Object.fromEntries(signedHeaders.split(';').map((name) => [name, headers[name] as string])),
    }), { signingDate: new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`), signableHeaders: new Set(signedHeaders.split(';')) });
    expect(headers.authorization!.replace(/\s+/g, '')).toBe(signed.headers.authorization.replace(/\s+/g, ''));
  }
});

test('every error code that the guide explains exists', () => {
  const table = GUIDE.slice(GUIDE.indexOf('| code | what to do |'));
  const codes = [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell]) => [...cell.matchAll(/`([a-z_]+)`/g)].map(([, code]) => code));
  expect(codes.length).toBeGreaterThan(5);
  expect(codes.filter((code) => !Object.hasOwn(ERRORS, code))).toEqual([]);
});

test('the guide uses only the programs that it lists', () => {
  const text = shellBlocks(GUIDE).join('\n');
  for (const program of ['aws', 'python', 'node', 'model-store', 'wget', 'npm']) {
    expect({ program, used: new RegExp(`(^|[|;&(]\\s*)${program}\\b`, 'm').test(text) }).toEqual({ program, used: false });
  }
});
