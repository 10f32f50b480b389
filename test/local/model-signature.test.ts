import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { OPENSSF } from '../fidelity/engines';
import { proves } from '../fidelity/proves';
import { request } from '../handlers/support/events';
import { storeFile, textFile } from '../handlers/support/files';
import { StoreDouble } from '../handlers/support/store-double';
import { ensureModelSigning, verifyModelSignature } from '../tools/model-signing';

/** The files of a pulled folder, with paths that sort in unexpected places. */
const FILES: { [path: string]: string } = {
  'README.md': 'a model',
  'b/weights.onnx': 'weights',
  'b.txt': 'next to the folder b',
  'b/a/deep': 'deep',
  Z: 'upper case first',
  'ü/模型 😀.bin': 'unicode',
  empty: '',
};

let command: string;
let folder: string;
let model: string;
let signatureFile: string;
let publicKeyFile: string;

async function publishAndPull(files: { [path: string]: string }): Promise<void> {
  const store = new StoreDouble();
  const output = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const entries = Object.entries(files).map(([name, text]) => textFile(name, text));
  entries.forEach((file) => storeFile(store, 'fraud', file));
  const { status, body } = await request('publish', { parameters: { model: 'fraud', version: '1.0.0' }, body: { files: entries } });
  output.mockRestore();
  store.restore();
  expect(status).toBe(201);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(model, name)), { recursive: true });
    fs.writeFileSync(path.join(model, name), text);
  }
  fs.writeFileSync(signatureFile, body.signature);
  fs.writeFileSync(publicKeyFile, store.signingKey.publicKey.export({ format: 'pem', type: 'spki' }));
}

beforeAll(async () => {
  command = await ensureModelSigning((line) => process.stderr.write(`${line}\n`));
});
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'model-signature-'));
  model = path.join(folder, 'model');
  signatureFile = path.join(folder, 'model.sig');
  publicKeyFile = path.join(folder, 'key.pem');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

async function verify({ withGitFiles }: { withGitFiles?: boolean } = {}): Promise<{ exitCode: number; said: string }> {
  const { exitCode, stdout, stderr } = await verifyModelSignature(command, { folder: model, signatureFile, publicKeyFile, withGitFiles });
  return { exitCode, said: `${stdout}${stderr}` };
}

const SUCCESS = { exitCode: 0, said: expect.stringContaining('Verification succeeded') };
const REFUSAL = { exitCode: 1, said: expect.stringContaining('Verification failed') };

// [C-16] in docs/compliance.md
test('the OpenSSF tool verifies the signature of the store offline', async () => {
  await publishAndPull(FILES);
  expect(await verify()).toEqual(SUCCESS);
  proves(OPENSSF, 'openssf.model-signing');
});

test('the signature can be inside the folder', async () => {
  await publishAndPull(FILES);
  signatureFile = path.join(model, 'model.sig');
  fs.copyFileSync(path.join(folder, 'model.sig'), signatureFile);
  expect(await verify()).toEqual(SUCCESS);
});

test.each<[string, () => void]>([
  ['a changed file', () => fs.writeFileSync(path.join(model, 'b/weights.onnx'), 'weightz')],
  ['a missing file', () => fs.rmSync(path.join(model, 'empty'))],
  ['an extra file', () => fs.writeFileSync(path.join(model, 'extra.py'), 'import os')],
  ['a renamed file', () => fs.renameSync(path.join(model, 'Z'), path.join(model, 'Y'))],
  ['an altered statement', () => {
    const bundle = JSON.parse(fs.readFileSync(signatureFile, 'utf8'));
    const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString('utf8').replace('fraud@1.0.0', 'fraud@9.9.9');
    bundle.dsseEnvelope.payload = Buffer.from(payload).toString('base64');
    fs.writeFileSync(signatureFile, JSON.stringify(bundle));
  }],
  ['another store\'s key', () => {
    const store = new StoreDouble();
    store.restore();
    fs.writeFileSync(publicKeyFile, store.signingKey.publicKey.export({ format: 'pem', type: 'spki' }));
  }],
])('OpenSSF\'s tool refuses %s', async (_what, tamper) => {
  await publishAndPull(FILES);
  tamper();
  expect(await verify()).toEqual(REFUSAL);
});

test('files that the tool skips by default are also signed', async () => {
  await publishAndPull({ ...FILES, '.gitattributes': '*.onnx filter=lfs' });
  expect(await verify({ withGitFiles: true })).toEqual(SUCCESS);
  fs.writeFileSync(path.join(model, '.gitattributes'), 'tampered');
  expect(await verify({ withGitFiles: true })).toEqual(REFUSAL);
});
