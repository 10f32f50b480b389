import { rmSync, writeFileSync } from 'node:fs';
import { Person } from './person';
import { bundleFor, fingerprintOf, newKey, pemOf, STORE_KEY, storeKeyFile } from './store-double/signing';
import type { Manifest } from '../../src/contract/manifest';

let person: Person;
beforeEach(async () => {
  person = await new Person().arrive();
  await person.publish({ 'a.bin': 'a', 'b/c.bin': 'c' });
});
afterEach(async () => person.leave());

const manifest = () => person.store.manifests.get('fraud@1')!;
const pull = async (...more: string[]) => person.run('pull', 'fraud@1', person.path('there'), ...more);
const given = (signature: string | undefined) => { person.store.routes.signatures.set('fraud@1', signature); };
const verified = { state: 'verified', keyFingerprint: fingerprintOf(STORE_KEY) };

function changedBundle(change: (bundle: any, statement: any) => void): string {
  const bundle = JSON.parse(bundleFor(manifest(), STORE_KEY));
  const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString('utf8'));
  change(bundle, statement);
  return JSON.stringify(bundle);
}

describe('a signed version', () => {
  test('is pulled when its signature is valid, and the result says which key signed', async () => {
    const { exitCode, stdout } = await pull();
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`checksums verified, signature verified (key ${fingerprintOf(STORE_KEY).slice(0, 16)}…)`);
    expect(JSON.parse((await pull('--json')).stdout)).toMatchObject({ signature: verified });
  });

  test.each<[string, () => void]>([
    ['garbage', () => given('{"dsseEnvelope":{"payload":"AAAA","signatures":[{"sig":"AAAA"}]}}')],
    ['not JSON', () => given('signed')],
    ['null', () => given('null')],
    ['of another payload type', () => given(changedBundle((bundle) => { bundle.dsseEnvelope.payloadType = 'text/plain'; }))],
    ['absent from the bundle', () => given(changedBundle((bundle) => { bundle.dsseEnvelope.signatures = []; }))],
    ['one of two', () => given(changedBundle(({ dsseEnvelope }) => { dsseEnvelope.signatures.push(dsseEnvelope.signatures[0]); }))],
    ['over other bytes', () => given(changedBundle((bundle) => {
      bundle.dsseEnvelope.payload = Buffer.from('{}').toString('base64');
    }))],
    ['of another version of the model', () => given(bundleFor({ ...manifest(), version: '0' }, STORE_KEY))],
    ['of another model', () => given(bundleFor({ ...manifest(), model: 'cute' }, STORE_KEY))],
    ['of other files', () => given(bundleFor({ ...manifest(), files: manifest().files.slice(1) }, STORE_KEY))],
    ['of other metadata', () => given(bundleFor({ ...manifest(), metadata: { approved: 'yes' } }, STORE_KEY))],
  ])('is refused when the signature is %s, whatever is accepted unsigned', async (_what, tamper) => {
    tamper();
    expect(await pull('--allow-unsigned')).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/\((bad_signature|unknown_signing_key)\)/) });
    expect(() => person.read('there')).toThrow();
  });

  test('is refused when another key signed it, and both fingerprints are shown', async () => {
    const other = newKey();
    given(bundleFor(manifest(), other));
    const { exitCode, stderr } = await pull();
    expect(exitCode).toBe(5);
    expect(stderr).toContain(`signed with: ${fingerprintOf(other)}`);
    expect(stderr).toContain(`accepted: ${fingerprintOf(STORE_KEY)}`);
    expect(stderr).toContain('(unknown_signing_key)');
  });

  test('is refused when the files were swapped and nothing signs them any more', async () => {
    given(undefined);
    person.store.tamper('fraud@1', (files) => files.slice(1));
    expect(await pull()).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('(unsigned_version)') });
  });

  test('is refused when its manifest does not have the stated hash', async () => {
    const signature = bundleFor(manifest(), STORE_KEY);
    person.store.intercept = ({ route }) => (route === 'showVersion'
      ? { status: 200, body: { manifest: { ...manifest(), createdBy: 'mallory' }, manifestSha256: JSON.parse(statementIn(signature)).predicate.manifest.sha256, signature } }
      : undefined);
    expect(await pull()).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('(wrong_manifest)') });
  });

  test('is refused when the answer is about an older version', async () => {
    await person.publish({ 'a.bin': 'old' }, 'fraud@0');
    person.store.intercept = ({ route }) => (route === 'resolveReference' ? { status: 200, body: { kind: 'version', version: '0' } } : undefined);
    expect(await pull()).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('the version "0" for fraud@1') });
  });

  test('is refused when the older version is in its place, with its own valid signature', async () => {
    const old = { ...manifest(), version: '0' } as Manifest;
    given(bundleFor(old, STORE_KEY));
    person.store.manifests.set('fraud@1', { ...old, version: '1' });
    expect(await pull()).toMatchObject({
      exitCode: 5, stderr: expect.stringContaining('signature: subject: is "fraud@0", not "fraud@1"'),
    });
  });
});

describe('an unsigned version', () => {
  beforeEach(() => given(undefined));

  test('of a store that signs is refused, unless the person accepts it', async () => {
    expect(await pull()).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('(unsigned_version)') });
    const { exitCode, stdout } = await pull('--allow-unsigned');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('checksums verified, not signed');
    expect(JSON.parse((await pull('--allow-unsigned', '--json')).stdout)).toMatchObject({ signature: { state: 'unsigned' } });
  });
});

describe('--manifest-sha256', () => {
  test('accepts the manifest that it names, and no other', async () => {
    const { manifestSha256 } = JSON.parse((await pull('--json')).stdout);
    expect(await pull('--manifest-sha256', manifestSha256.toUpperCase())).toMatchObject({ exitCode: 0 });
    expect(await pull('--manifest-sha256', 'a'.repeat(64))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('(wrong_manifest)') });
    expect(await pull('--manifest-sha256', 'abc')).toMatchObject({ exitCode: 2 });
  });
});

describe('--key', () => {
  test('takes precedence over MODEL_STORE_KEY, and the file may hold several keys', async () => {
    const [first, second] = [newKey(), newKey()];
    writeFileSync(person.path('keys.pem'), pemOf(first) + pemOf(second));
    expect(await pull('--key', person.path('keys.pem'))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('(unknown_signing_key)') });
    given(bundleFor(manifest(), second));
    expect(await pull('--key', person.path('keys.pem'))).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ['no key', 'hello', 'contains no public key in PEM format'],
    ['a private key', STORE_KEY.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), 'contains a private key'],
  ])('rejects a key file that contains %s', async (_what, text, message) => {
    writeFileSync(person.path('key.pem'), text);
    expect(await pull('--key', person.path('key.pem'))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
    expect(await pull('--key', person.path('absent.pem'))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('cannot read --key') });
  });
});

describe('verify', () => {
  beforeEach(async () => { await pull(); });
  const verify = async (...more: string[]) => person.runAt(undefined, 'verify', person.path('there'), ...more);

  test('checks the signature in the folder offline, with a key file', async () => {
    const { exitCode, stdout } = await verify('--key', storeKeyFile());
    expect(exitCode).toBe(0);
    expect(stdout).toContain('byte for byte: 2 files; signature verified (key ');
    expect(JSON.parse((await verify('--json')).stdout)).toMatchObject({ ok: true, signature: verified });
  });

  test('says what it did not check when no key is known', async () => {
    person.variables.MODEL_STORE_KEY = '';
    const { exitCode, stdout } = await verify();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('byte for byte: 2 files; signature not checked: no key of its store is known here; use --key FILE');
    expect(JSON.parse((await verify('--json')).stdout)).toMatchObject({ signature: { state: 'not-checked' } });
  });

  test.each<[string, () => void]>([
    ['the signature is gone', () => rmSync(person.path('there', '.model-store', 'model.sig'))],
    ['the record was changed with the files', () => {
      const file = person.path('there', '.model-store', 'pulled.json');
      const record = JSON.parse(person.read('there')['.model-store/pulled.json']);
      writeFileSync(file, JSON.stringify({ ...record, manifest: { ...record.manifest, metadata: { a: 'b' } } }));
    }],
    ['another key signed it', () => writeFileSync(person.path('there', '.model-store', 'model.sig'), bundleFor(manifest(), newKey()))],
  ])('fails when %s', async (_what, tamper) => {
    tamper();
    expect(await verify('--key', storeKeyFile())).toMatchObject({ exitCode: 5 });
  });

  test('checks the signature of a version in the store', async () => {
    expect(await person.run('verify', person.path('there'), '--model', 'fraud@1')).toMatchObject({
      exitCode: 0, stdout: expect.stringContaining('signature verified'),
    });
    given(undefined);
    expect(await person.run('verify', person.path('there'), '--model', 'fraud@1')).toMatchObject({ exitCode: 5 });
  });
});

function statementIn(bundle: string): string {
  return Buffer.from(JSON.parse(bundle).dsseEnvelope.payload, 'base64').toString('utf8');
}
