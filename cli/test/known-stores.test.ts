import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { Person } from './person';
import { bundleFor, fingerprintOf, newKey, pemOf, STORE_KEY } from './store-double/signing';
import { StoreDouble } from './store-double/store-double';

const PARAMETER = '/secure-model-artifact-store/models';
let person: Person;
let imposter: StoreDouble;

beforeEach(async () => {
  person = await new Person().arrive();
  person.variables = { HOME: person.path('home'), MODEL_STORE_KEY: '' };
  imposter = new StoreDouble();
  await imposter.start();
  describeStore();
  await person.publish({ 'a.bin': 'a' });
});
afterEach(async () => {
  await imposter.stop();
  await person.leave();
});

function describeStore(more: object = {}): void {
  person.parameters[PARAMETER] = JSON.stringify({
    schemaVersion: 1, storeName: 'models', region: 'eu-central-1', url: person.store.url, authentication: 'iam', bucketName: 'bucket', signing: true,
    ...more,
  });
}

const byName = async (...argv: string[]) => person.runAt(undefined, ...argv, '--store', 'models');
const pull = async (reference = 'fraud@1') => byName('pull', reference, person.path('there'), '--force');
const files = () => readdirSync(person.path('home', '.config', 'model-store', 'known-stores'))
  .map((name) => person.path('home', '.config', 'model-store', 'known-stores', name));
const known = () => files().map((file) => JSON.parse(readFileSync(file, 'utf8'))).find(({ store }) => store.name === 'models');

describe('the first use of a store', () => {
  test('remembers where it is and its keys in a file of this person alone, and says so once', async () => {
    const first = await pull();
    expect(first.stderr).toContain(`first use of the store "models": ${person.store.url}, bucket bucket; remembered`);
    expect(first.stderr).toContain(`signing key ${fingerprintOf(STORE_KEY).slice(0, 16)}…; remembered`);
    expect(known()).toMatchObject({
      url: person.store.url, bucketName: 'bucket', region: 'eu-central-1', signing: true,
      keys: [{ fingerprint: fingerprintOf(STORE_KEY), publicKeyPem: pemOf(STORE_KEY) }],
    });
    files().forEach((file) => expect(statSync(file).mode % 0o1000).toBe(0o600));
    person.store.forget();
    expect((await pull()).stderr).not.toContain('first use');
    expect(person.store.calls('listSigningKeys')).toHaveLength(0);
  });

  test('is refused if the parameter and the API disagree about signing', async () => {
    describeStore({ signing: false });
    expect(await pull()).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('(store_changed)') });
  });

  test('takes nothing if a key is given', async () => {
    writeFileSync(person.path('key.pem'), pemOf(STORE_KEY));
    await byName('pull', 'fraud@1', person.path('there'), '--key', person.path('key.pem'));
    expect(known().keys).toBeUndefined();
  });

  test('at a host outside of AWS is refused before anything is sent', async () => {
    describeStore({ url: 'https://models.example.com' });
    const { exitCode, stderr } = await pull();
    expect(exitCode).toBe(8);
    expect(stderr).toContain('not a host of Amazon API Gateway');
    expect(stderr).toContain('model-store trust --store models');
  });
});

describe('a principal with ssm:PutParameter alone', () => {
  test('cannot steer a push to another store', async () => {
    await pull();
    describeStore({ url: imposter.url });
    const { exitCode, stderr } = await byName('push', person.write('secret', { 'w.bin': 'weights' }), 'fraud@2');
    expect(exitCode).toBe(8);
    expect(stderr).toContain(`url: is ${imposter.url}, was ${person.store.url}`);
    expect(stderr).toContain('run "model-store trust --store models --region eu-central-1"');
    expect(imposter.seen).toEqual([]);
  });

  test('cannot feed a pull from another store', async () => {
    await pull();
    describeStore({ url: imposter.url, signing: undefined });
    expect(await pull()).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('(store_changed)') });
    expect(imposter.seen).toEqual([]);
  });

  test.each([
    ['the bucket', { bucketName: 'theirs' }], ['the bucket, by leaving it out', { bucketName: undefined }],
    ['the sign-in page', { issuer: 'https://evil.example.com' }], ['the Region', { region: 'us-east-1' }],
    ['whether it signs', { signing: false }],
  ])('cannot change %s', async (_what, change) => {
    await pull();
    describeStore(change);
    expect(await byName('list')).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('(store_changed)') });
    expect(person.store.seen.at(-1)!.route).not.toBe('listModels');
  });
});

describe('a store that is known to sign', () => {
  test('stays so: it yields nothing unsigned', async () => {
    await pull();
    person.store.routes.signingKeys = [];
    describeStore({ signing: undefined });
    expect(await pull()).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('(unsigned_version)') });
  });

  test('yields nothing that another key signed, until the person trusts that key; then old and new versions are verified', async () => {
    await pull();
    const next = newKey();
    await person.run('push', person.path('model'), 'fraud@2');
    person.store.routes.signatures.set('fraud@1', bundleFor(person.store.manifests.get('fraud@1')!, STORE_KEY));
    person.store.routes.signingKeys = [next, STORE_KEY];
    expect(await pull('fraud@2')).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('model-store trust --store models') });
    const trusted = await byName('trust');
    expect(trusted).toMatchObject({ exitCode: 0 });
    expect(trusted.stdout).toContain(`changed  key: new: ${fingerprintOf(next)}`);
    expect(await pull('fraud@2')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(fingerprintOf(next).slice(0, 16)) });
    expect(await pull('fraud@1')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(fingerprintOf(STORE_KEY).slice(0, 16)) });
  });
});

describe('a store that is known not to sign', () => {
  beforeEach(async () => {
    person.store.routes.signingKeys = [];
    describeStore({ signing: false });
  });

  test('yields unsigned versions, and the result says so', async () => {
    expect(await pull()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('checksums verified, not signed') });
  });

  test('is not believed when it signs, until the person trusts its key', async () => {
    await pull();
    person.store.routes.signingKeys = [newKey()];
    describeStore({ signing: undefined });
    expect(await pull()).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('(unknown_signing_key)') });
    await byName('trust');
    expect(await pull()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('signature verified') });
  });
});

describe('model-store trust', () => {
  test('accepts a store at another place, and forgets what belonged to the old one', async () => {
    await pull();
    imposter.routes.signingKeys = [newKey()];
    describeStore({ url: imposter.url });
    const { exitCode, stdout } = await byName('trust');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`changed  url: is ${imposter.url}, was ${person.store.url}`);
    expect(await byName('list')).toMatchObject({ exitCode: 0 });
    expect(imposter.calls('listModels')).toHaveLength(1);
  });

  test('with --key takes the key from the file and asks the store nothing', async () => {
    writeFileSync(person.path('key.pem'), pemOf(STORE_KEY));
    person.store.routes.signingKeys = [newKey()];
    person.store.forget();
    expect(await byName('trust', '--key', person.path('key.pem'), '--json')).toMatchObject({ exitCode: 0 });
    expect(person.store.seen).toEqual([]);
    expect(known().keys.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).toEqual([fingerprintOf(STORE_KEY)]);
    expect(await pull()).toMatchObject({ exitCode: 5 });
  });

  test('accepts the store\'s own domain', async () => {
    describeStore({ url: 'https://models.example.com' });
    writeFileSync(person.path('key.pem'), pemOf(STORE_KEY));
    expect(await byName('trust', '--key', person.path('key.pem'))).toMatchObject({ exitCode: 0 });
    expect((await byName('list')).stderr).not.toContain('(unknown_store_host)');
  });

  test('replaces a damaged file, which every other command refuses', async () => {
    await pull();
    files().forEach((file) => writeFileSync(file, '{"schemaVersion":2}'));
    expect(await pull()).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('(damaged_known_store)') });
    expect(await byName('trust')).toMatchObject({ exitCode: 0 });
    expect(await pull()).toMatchObject({ exitCode: 0 });
  });
});

test('a file that others can change is not believed', async () => {
  await pull();
  files().forEach((file) => chmodSync(file, 0o622));
  expect(await pull()).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('(unsafe_known_store)') });
});

test('verify uses the remembered keys, without the store', async () => {
  await pull();
  expect(await person.runAt(undefined, 'verify', person.path('there'))).toMatchObject({
    exitCode: 0, stdout: expect.stringContaining('signature verified'),
  });
});

test('another profile and another Region have their own memory', async () => {
  await pull();
  person.variables.AWS_PROFILE = 'other-account';
  describeStore({ url: imposter.url });
  expect(await byName('list')).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('first use') });
  delete person.variables.AWS_PROFILE;
  expect(await byName('list', '--region', 'us-east-1')).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('first use') });
  expect(await byName('list')).toMatchObject({ exitCode: 8 });
});

describe('an alias', () => {
  beforeEach(async () => {
    await person.run('push', person.write('model', { 'a.bin': 'second' }), 'fraud@2');
    await person.run('promote', 'fraud@1', 'production');
    await new Promise((resolve) => setTimeout(resolve, 5));
    await person.run('promote', 'fraud@2', 'production');
    await pull('fraud@production');
  });

  function rollBack(): void {
    const [, before] = person.store.routes.aliases.get('fraud@production')!;
    person.store.routes.aliases.set('fraud@production', [before]);
  }

  test('that points where it pointed before is refused, although that version is signed', async () => {
    rollBack();
    const { exitCode, stderr } = await pull('fraud@production');
    expect(exitCode).toBe(5);
    expect(stderr).toContain('(alias_rolled_back)');
    expect(stderr).toContain('--alias fraud@production');
    expect(await byName('promote', 'fraud@production', 'stable')).toMatchObject({ exitCode: 5 });
  });

  test('is accepted there once the person trusts it', async () => {
    rollBack();
    expect(await byName('trust', '--alias', 'fraud@production')).toMatchObject({ exitCode: 0 });
    expect(await pull('fraud@production')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('fraud@1 (production)') });
  });

  test('may move to an older version by a newer promotion', async () => {
    await person.run('promote', 'fraud@1', 'production');
    expect(await pull('fraud@production')).toMatchObject({ exitCode: 0 });
  });
});
