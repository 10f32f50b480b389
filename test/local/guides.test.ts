import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { clientConfiguration } from './rig/clients';
import { localAwsEnvironment, type Credentials } from './rig/environment';
import { credentialsOf } from './rig/local-store';
import { modelStore } from './rig/model-store';
import { MODEL_STORE_CLI } from './rig/paths';
import { tryCommand } from './rig/run-command';
import { storeUnderTest } from './rig/store-under-test';
import { blocksOf, textOf } from '../docs/support/documents';
import { ensureModelSigning } from '../tools/model-signing';

/** A command of a guide, with its output in the guide. */
interface Step {
  readonly command: string;
  readonly printed: string;
}

const store = storeUnderTest();
const model = `fraud-detector-${randomBytes(4).toString('hex')}`;
const home = fs.mkdtempSync(path.join(tmpdir(), 'guides-'));
let ada: Credentials;
let grace: Credentials;

/** The console examples of a guide, with the store and model of this run. */
function stepsOf(guide: string): Step[] {
  return blocksOf(guide, textOf(`docs/guides/${guide}`)).filter(({ language }) => language === 'console').flatMap(({ text }) =>
    text.split(/^\$ /m).slice(1).map((step) => {
      const [command, ...printed] = step.replaceAll('fraud-detector', model).replaceAll('ModelStore-Models', store.name).split('\n');
      return { command, printed: printed.join('\n').trim() };
    }));
}

/** Replaces times, sizes and users, which differ between runs. */
function anyRun(text: string): string {
  return text.trim()
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\(key [0-9a-f]{16}…\)/g, '(key KEY)')
    .replace(/arn:aws:sts::\d+:assumed-role\/\S+/g, 'SOMEONE')
    .replace(/[\d.]+ (?:B|KiB|MiB|GiB)/g, 'SIZE');
}

const SEPARATOR = '---- next step ----';

/** Runs all steps in one shell, and returns the output of each. */
async function follow(steps: readonly Step[], person: Credentials): Promise<{ exitCode: number; stderr: string; printed: string[] }> {
  const script = steps.map(({ command }) => `${command}\necho '${SEPARATOR}'`).join('\n');
  const { exitCode, stdout, stderr } = await tryCommand('bash', ['--noprofile', '--norc', '-euo', 'pipefail', '-c', script], {
    cwd: home,
    env: { ...localAwsEnvironment(store.localAws, person), MODEL_STORE_NAME: store.name, PATH: `${path.join(home, 'bin')}:${process.env.PATH}` },
  });
  return { exitCode, stderr, printed: stdout.split(SEPARATOR).slice(0, steps.length).map(anyRun) };
}

beforeAll(async () => {
  [ada, grace] = await Promise.all([credentialsOf(store, 'dataScientist'), credentialsOf(store, 'pipeline')]);
  const bin = path.join(home, 'bin');
  fs.mkdirSync(bin);
  fs.writeFileSync(path.join(bin, 'model-store'), `#!/bin/sh\nexec '${process.execPath}' '${MODEL_STORE_CLI}' "$@"\n`, { mode: 0o755 });
  const folder = path.join(home, model);
  fs.mkdirSync(folder);
  ['b1.bin', 'b2.bin', 's1.bin', 's2.bin', 's3.bin', '.gitattributes'].forEach((file) => fs.writeFileSync(path.join(folder, file), randomBytes(50_000)));
});
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

test('pushing and pulling prints the output in the guide', async () => {
  const steps = stepsOf('push-and-pull.md');

  const { exitCode, printed, stderr } = await follow(steps, ada);

  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(printed).toEqual(steps.map((step) => anyRun(step.printed)));
  expect(printed.join()).toContain('verified');
});

test('promoting and rolling back prints the output in the guide', async () => {
  fs.writeFileSync(path.join(home, model, 's1.bin'), randomBytes(1_000));
  expect(await modelStore(store, ada, ['push', path.join(home, model), `${model}@1.1.0`, '--base', '1.0.0'])).toMatchObject({ exitCode: 0 });
  for (const alias of ['staging', 'canary']) {
    expect(await modelStore(store, grace, ['promote', `${model}@1.1.0`, alias])).toMatchObject({ exitCode: 0 });
  }
  const steps = stepsOf('promote-and-roll-back.md');

  const { exitCode, printed, stderr } = await follow(steps, grace);

  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(printed).toEqual(steps.map((step) => anyRun(step.printed)));
  const history = steps.findIndex(({ command }) => command.startsWith('model-store history'));
  expect(printed[history].split('\n')).toHaveLength(3);
});

test('a guide with different output would fail', async () => {
  const [list] = stepsOf('push-and-pull.md').filter(({ command }) => command.startsWith('model-store list'));

  const { printed } = await follow([list], ada);

  expect(printed).not.toEqual([anyRun(list.printed)]);
  expect(printed[0]).toMatch(/^1\.1\.0 +TIME +SIZE +\d+ +SOMEONE +staging\n1\.0\.0 +TIME +SIZE +\d+ +SOMEONE +production$/);
});

test('a version withdrawn by an administrator is unavailable to everyone, and can be restored completely', async () => {
  const Bucket = store.bucketName;
  const Key = `models/${model}/versions/1.1.0/manifest.json`;
  expect(textOf('docs/guides/delete-and-retention.md')).toContain(`--key ${Key.replace(model, 'fraud-detector')}`);
  const s3 = new S3Client({ ...clientConfiguration(store.localAws, store.localAws.root), forcePathStyle: true });
  const show = async () => (await modelStore(store, grace, ['show', `${model}@1.1.0`, '--json'])).exitCode;
  const shown = await modelStore(store, grace, ['show', `${model}@1.1.0`, '--json']);

  const asScientist = new S3Client({ ...clientConfiguration(store.localAws, ada), forcePathStyle: true });
  await expect(asScientist.send(new DeleteObjectCommand({ Bucket, Key }))).rejects.toThrow(/explicit deny|not authorized|Access Denied/i);
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  expect(await show()).toBe(3);

  const { DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
  const { VersionId } = DeleteMarkers!.find(({ IsLatest }) => IsLatest)!;
  await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  expect((await modelStore(store, grace, ['show', `${model}@1.1.0`, '--json'])).stdout).toBe(shown.stdout);
});

test('verifying offline works as in the guide, and detects a changed byte', async () => {
  const guide = 'verify-a-model-offline.md';
  const [takeKeyOut, verifyHere, verify] = blocksOf(guide, textOf(`docs/guides/${guide}`)).filter(({ language }) => language === 'shell');
  const command = await ensureModelSigning((line) => process.stderr.write(`${line}\n`));
  fs.symlinkSync(command, path.join(home, 'bin', 'model_signing'));
  expect(await modelStore(store, ada, ['pull', `${model}@1.1.0`, path.join(home, 'model')])).toMatchObject({ exitCode: 0 });
  // The AWS CLI is not part of the project; the rest of the pipe gets the output that it would print.
  const kms = new KMSClient(clientConfiguration(store.localAws, store.localAws.root));
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: store.outputs[Object.keys(store.outputs).find((name) => name.includes('SigningKeyArn'))!] }));
  const [aws, ...pipe] = takeKeyOut.text.split('|');
  expect(aws).toContain('aws kms get-public-key');
  const inShell = async (script: string) => tryCommand('bash', ['-c', script], { cwd: home, env: { ...process.env, PATH: `${path.join(home, 'bin')}:${process.env.PATH}` } });
  expect(await inShell(`echo '${Buffer.from(PublicKey!).toString('base64')}' |${pipe.join('|')}`)).toMatchObject({ exitCode: 0 });
  expect(verifyHere.text.trim()).toBe('model-store verify ./model --key store-key.pem');
  expect(await inShell(verifyHere.text)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('signature verified') });
  const [install, ...rest] = verify.text.split('\n');
  expect(install).toBe('pip install model-signing');

  expect(await inShell(rest.join('\n'))).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Verification succeeded') });

  fs.appendFileSync(path.join(home, 'model', '.gitattributes'), 'x');
  expect(await inShell(rest.join('\n'))).toMatchObject({ exitCode: 1 });
  expect(await inShell(verifyHere.text)).toMatchObject({ exitCode: 5 });
});
