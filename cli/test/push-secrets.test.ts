import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { Person } from './person';
import { LARGEST_SEARCHED_BYTES } from '../src/folder/secret-contents';

let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

const paths = (reference = 'fraud@1') => person.store.manifests.get(reference)!.files.map(({ path }) => path);

/** The same text in every run, made of these characters. Whole samples would alarm the scanners of this repository. */
function text(length: number, alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return alphabet[state % alphabet.length];
  }).join('');
}

const pem = (type: 'rsa' | 'ed25519' | 'ec', more = {}) => generateKeyPairSync(type as 'ec', {
  namedCurve: 'P-256', modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem', ...more },
} as never) as unknown as { publicKey: string; privateKey: string };
const RSA = pem('rsa');
const ED25519 = pem('ed25519');
const EC = pem('ec', { type: 'sec1' });
const ENCRYPTED = pem('ec', { cipher: 'aes-256-cbc', passphrase: 'p' });
const DER = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'der' });

/** The outcome for each file of a folder: the reason for which it is refused. */
async function refused(files: { readonly [path: string]: string | Buffer }, ...more: string[]): Promise<{ [path: string]: string }> {
  const { exitCode, stderr } = await person.run('push', person.write('model', files), 'fraud@1', '--json', '--allow-unsafe-names', ...more);
  if (exitCode === 0) {
    return {};
  }
  const { error } = JSON.parse(stderr) as { error: { code: string; exitCode: number; details: { field: string; message: string }[] } };
  expect([error.code, error.exitCode]).toEqual(['secret_found', 2]);
  expect(person.store.seen).toHaveLength(0);
  return Object.fromEntries(error.details.map(({ field, message }) => [field, message]));
}

describe('a file whose name says that it holds secrets', () => {
  test.each([
    '.env', '.env.production', 'deploy/.ENV', 'id_rsa', 'keys/id_ed25519', 'id_ecdsa_sk', 'client.p12', 'client.pfx', 'store.jks', '.netrc', '_netrc', '.pypirc',
    '.git-credentials', '.aws/credentials', 'home/.docker/config.json', '.kube/config', 'gcloud/application_default_credentials.json', '.huggingface/token',
    'kaggle.json', '.pgpass',
  ])('is refused: %s', async (path) => {
    expect(await refused({ 'weights.bin': 'w', [path]: 'x' })).toEqual({ [path]: expect.stringMatching(/^is .*, going by its name$/) });
  });

  test.each([
    '.env.example', '.env.sample', '.env.production.template', 'id_rsa.pub', 'environment.yml', 'config.json', 'docker/config.json', 'credentials.md', 'token', 'env',
  ])('is published if it only resembles one: %s', async (path) => {
    expect(await refused({ 'weights.bin': 'w', [path]: 'x' })).toEqual({});
  });
});

describe('a file that contains a secret', () => {
  const TOKENS: readonly [kind: string, path: string, content: string][] = [
    ['Hugging Face User Access Token', 'train.py', `login(token="${'h'}f_${text(34, 'abcdefghijABCDEFGHIJ')}")`],
    ['GitHub Token', 'README.md', `clone with ${'gh'}p_${text(36)}`],
    ['GitLab Personal Access Token', 'ci.yaml', `token: ${'gl'}pat-${text(20)}`],
    ['AWS Secret Access Key', 'config.json', `{"aws_secret_access${'_'}key": "${text(40)}"}`],
    ['OpenAI API token', 'notebook.ipynb', `{"cells": ["${'s'}k-${text(20)}T3Blbk${'FJ'}${text(20)}"]}`],
    ['Anthropic Claude API key', 'eval.py', `${'sk'}-ant-api03-${text(93)}${'A'}A`],
    ['slack token', 'notify.sh', `${'xo'}xb-${text(12, '0123456789')}-${text(12, '0123456789')}-${text(24)}`],
    ['npm access token', 'package.json', `${'np'}m_${text(36)}`],
    ['npmrc authToken', '.npmrc', `//registry.npmjs.org/:_auth${'Token'}=${text(36)}`],
    ['Databricks personal access token', 'job.yaml', `${'da'}pi${text(32, '0123456789abcdef')}`],
    ['PostgreSQL connection string', 'settings.toml', `url = "postgres${'ql'}://scoring:${text(16)}@db.example.com:5432/models"`],
    ['basic auth credential', 'download.sh', `curl https://reader${':'}${text(16)}@models.example.com/weights.bin`],
    ['GCP Service Account\'s private key(json)', 'service.json', JSON.stringify({ private_key_id: 'a', private_key: RSA.privateKey })],
  ];

  test.each(TOKENS)('is refused, with the line and without the secret: %s', async (kind, path, content) => {
    // The longest word of the sample.
    const secret = content.split(/[^A-Za-z0-9+/_-]+/).sort((a, b) => b.length - a.length)[0];
    const { exitCode, stdout, stderr } = await person.run(
      'push', person.write('model', { 'weights.bin': 'w', [path]: path.endsWith('.json') ? content : `first line\n${content}\n` }), 'fraud@1', '--allow-unsafe-names',
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`  ${path}: contains what looks like a secret in line ${path.endsWith('.json') ? 1 : 2}: ${kind}\n`);
    expect(stderr).toContain('(secret_found)');
    expect(stdout + stderr).not.toContain(secret);
    expect(person.store.seen).toHaveLength(0);
  });

  test.each<[string, string, string | Buffer]>([
    ['RSA', 'server.pem', RSA.privateKey], ['Ed25519', 'server.key', ED25519.privateKey], ['elliptic curve', 'README.md', `Use this:\n\n${EC.privateKey}`],
    ['encrypted', 'notes.txt', ENCRYPTED.privateKey], ['in JSON', 'config.json', JSON.stringify({ key: ED25519.privateKey })], ['binary', 'server.key', DER],
    ['OpenSSH', 'deploy.pem', `-----BEGIN OPENSSH PRIVATE ${'KEY'}-----\n${text(200)}\n-----END OPENSSH PRIVATE ${'KEY'}-----\n`],
  ])('is refused: a private key, %s', async (_, path, content) => {
    expect(await refused({ 'weights.bin': 'w', [path]: content })).toEqual({ [path]: expect.stringMatching(/private key/) });
  });

  test('is refused despite a comment that disables the scanner', async () => {
    const content = `# secretlint-disable\n${TOKENS[0][2]} # secretlint-disable-line, gitleaks:allow\n`;
    expect(Object.keys(await refused({ 'train.py': content }))).toEqual(['train.py']);
  });

  test('is reported with all others and with every other problem, and what is left out is listed too', async () => {
    const folder = person.write('model', { '.env': 'x', 'a.py': TOKENS[0][2], 'b.md': TOKENS[1][2], '.vscode/tasks.json': 'x', '__pycache__/a.pyc': TOKENS[0][2] });
    const { exitCode, stderr } = await person.run('push', folder, 'fraud@1', '--dry-run');
    expect(exitCode).toBe(2);
    expect(stderr.split('\n')).toEqual([
      'left out: __pycache__/ (Python bytecode)',
      expect.stringMatching(/^model-store: cannot push /),
      expect.stringMatching(/^ {2}\.vscode\/: .* refused unless unsafe names are allowed$/),
      '  .env: is a file of environment variables, such as passwords and tokens, going by its name',
      '  a.py: contains what looks like a secret in line 1: Hugging Face User Access Token',
      '  b.md: contains what looks like a secret in line 1: GitHub Token',
      expect.stringContaining('--allow-unsafe-names'),
      expect.stringContaining('Leave these files out with --exclude or in .modelstoreignore'),
      '(secret_found)',
      '',
    ]);
  });

  test('is refused as a single file too', async () => {
    const folder = person.write('model', { '.env': 'x', 'a.py': TOKENS[0][2] });
    expect(await person.run('push', `${folder}/.env`, 'fraud@1')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('(secret_found)') });
    expect(await person.run('push', `${folder}/a.py`, 'fraud@1')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('(secret_found)') });
  });

  test('is refused by an import: a name before anything starts, a content in its turn', async () => {
    person.write('models/fraud/1', { 'weights.bin': 'w', '.env': 'x' });
    person.write('models/fraud/2', { 'weights.bin': 'w', 'train.py': TOKENS[0][2] });
    person.write('models/fraud/3', { 'weights.bin': 'w' });
    const { exitCode, stderr } = await person.run('import', person.path('models'));
    expect(exitCode).toBe(2);
    expect(stderr).toContain('  .env: is a file of environment variables');
    expect(stderr).toContain('  train.py: contains what looks like a secret in line 1: Hugging Face User Access Token');
    expect([...person.store.manifests.keys()]).toEqual(['fraud@3']);
    expect(await person.run('import', person.path('models'), '--exclude', '.env', '--allow-secret', 'train.py')).toMatchObject({ exitCode: 0 });
    expect(paths('fraud@1')).toEqual(['weights.bin']);
    expect(paths('fraud@2')).toEqual(['train.py', 'weights.bin']);
  });

  test('does not stop the push if it is excluded, or if --allow-secret names it, which is noted', async () => {
    const folder = person.write('model', { '.env': 'x', 'docs/a.md': TOKENS[1][2], 'weights.bin': 'w' });
    expect(await refused({}, '--exclude', '.env')).toEqual({ 'docs/a.md': expect.any(String) });
    const { exitCode, stderr } = await person.run('push', folder, 'fraud@1', '--exclude', '.env', '--allow-secret', 'docs/*.md');
    expect({ exitCode, notes: stderr.split('\n').slice(0, 2) }).toEqual({
      exitCode: 0, notes: ['left out: .env (--exclude .env)', 'not checked for secrets: docs/a.md (--allow-secret)'],
    });
    expect(paths()).toEqual(['docs/a.md', 'weights.bin']);
  });

  test('is not searched for in files that are large or binary', async () => {
    const token = TOKENS[0][2];
    expect(await refused({ 'large.txt': `${token}${' '.repeat(LARGEST_SEARCHED_BYTES)}`, 'weights.bin': `\0${token}` })).toEqual({});
    person.store.forget();
    expect(Object.keys(await refused({ 'largest.txt': `${token}${' '.repeat(LARGEST_SEARCHED_BYTES - token.length)}` })))
      .toEqual(['largest.txt']);
  });
});

test('the usual files of a model are never refused', async () => {
  const tokens = Array.from({ length: 20_000 }, (_, index) => text(3 + (index * 7) % 40).slice(index % 3) + index.toString(36));
  const folder = person.write('model', {
    'config.json': JSON.stringify({ architectures: ['BertModel'], pad_token_id: 0, bos_token: '<s>', _name_or_path: 'org/name', transformers_version: '4.46.0' }),
    'tokenizer.json': JSON.stringify({ added_tokens: [{ id: 0, content: '[PAD]' }], model: { vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges: [] } }),
    'tokenizer_config.json': JSON.stringify({ tokenizer_class: 'LlamaTokenizer', unk_token: '<unk>', use_auth_token: false, token: 'none' }),
    'special_tokens_map.json': JSON.stringify({ eos_token: '</s>', secret_token: null }),
    'vocab.txt': tokens.join('\n'),
    'merges.txt': `#version: 0.2\n${tokens.map((token) => `${token.slice(0, 2)} ${token.slice(2)}`).join('\n')}`,
    'model.safetensors.index.json': JSON.stringify({ metadata: { total_size: 1 }, weight_map: Object.fromEntries(tokens.map((_, id) => [`model.layers.${id}.mlp.key_proj.weight`, 'model-00001-of-00002.safetensors'])) }),
    'README.md': '---\nlicense: mit\n---\nSet `HF_TOKEN` to your access token (`hf_...`), or password=hunter2.\n`AWS_SECRET_ACCESS_KEY=$SECRET`\nPrivate keys begin with `-----BEGIN PRIVATE KEY-----`.\n'
      + 'postgresql://user:password@localhost/db https://user:password@example.com\nsha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n',
    'train.py': 'import os\ntoken = os.environ["HF_TOKEN"]\nopenai.api_key = os.getenv("OPENAI_API_KEY")\n',
    LICENSE: readFileSync(`${__dirname}/../../LICENSE`, 'utf8'),
    'ca.pem': rootCertificates.slice(0, 20).join('\n'),
    'public.key': `${RSA.publicKey}${ED25519.publicKey}`,
    'outline.key': Buffer.concat([Buffer.from('PK\u0003\u0004\0\0'), Buffer.from(text(500))]),
    '.env.example': 'HF_TOKEN=\n',
  });
  writeFileSync(`${folder}/weights.bin`, Buffer.alloc(64));
  expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0 });
  expect(paths()).toHaveLength(15);
});
