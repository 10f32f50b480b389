import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KmsDouble } from './kms-double';
import { namedQueries } from '../../../src/audit/queries/queries';
import { Auditor } from '../auditor';
import { recordedRead } from '../recorded-read';

let auditor: Auditor;
beforeEach(() => {
  auditor = new Auditor();
  auditor.keep(recordedRead(), recordedRead({ person: '=cmd|"calc"', action: 'DeleteObject', bytesOut: 0 }));
});
afterEach(async () => auditor.leave());

const folder = () => auditor.person.path('export');
const content = (file: string) => readFileSync(join(folder(), file), 'utf8');
const filesBelow = (of: string) => readdirSync(of, { recursive: true, encoding: 'utf8' }).filter((name) => !lstatSync(join(of, name)).isDirectory()).sort();
const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

interface Written {
  readonly folder: string;
  readonly files: number;
  readonly sha256: string;
  readonly signedWith?: string;
}

describe('--export', () => {
  test('writes the report, every result, the list of the evidence, and the checksums of all of them', async () => {
    const { exitCode, stdout, stderr } = await auditor.report('--export', folder(), '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.any(String) as unknown });
    const answers = namedQueries().filter(({ needs }) => !needs.notInReports).flatMap(({ name }) => [`answers/${name}.csv`, `answers/${name}.json`]);
    expect(filesBelow(folder())).toEqual([
      ...answers, 'SHA256SUMS', 'VERIFY.txt', 'evidence.csv', 'evidence.sha256', 'findings.ocsf.jsonl', 'report.html', 'report.json',
    ].sort());
    const written = (JSON.parse(stdout) as { export: Written }).export;
    expect(written).toEqual({ folder: folder(), files: filesBelow(folder()).length, sha256: sha256(content('SHA256SUMS')) });
  });

  test('has checksums that sha256sum verifies, also those of the logs', async () => {
    await auditor.report('--export', folder());
    const listed = content('SHA256SUMS').trim().split('\n');
    expect(listed).toHaveLength(filesBelow(folder()).length - 1);
    for (const line of listed) {
      const [digest, file] = line.split('  ');
      expect([file, sha256(readFileSync(join(folder(), file)))]).toEqual([file, digest]);
    }
    const log = join(auditor.archive.folder, 'logs/a.json.gz');
    expect(content('evidence.sha256')).toBe(`${sha256(readFileSync(log))}  ${log}\n`);
    expect(content('evidence.csv')).toBe(`file,day,bytes,sha256\n${log},,${lstatSync(log).size},${sha256(readFileSync(log))}\n`);
    for (const list of ['SHA256SUMS', 'evidence.sha256']) {
      execFileSync('sha256sum', ['--check', '--strict', '--quiet', list], { cwd: folder(), stdio: 'pipe' });
    }
  });

  test('has results whose CSV contains no formula, and whose JSON says whether they were checked', async () => {
    await auditor.report('--export', folder());
    expect(content('answers/deletions.csv')).toContain('\'=cmd|');
    expect(JSON.parse(content('answers/deletions.json'))).toMatchObject({
      query: 'deletions', status: 'checked', rows: [{ principal: expect.stringContaining('=cmd|') as unknown }],
    });
    expect(JSON.parse(content('answers/reconciliation.json'))).toMatchObject({
      status: 'not checked', reason: expect.stringContaining('No S3 access logs were read') as unknown,
    });
    expect(content('findings.ocsf.jsonl').trim().split('\n').map((line) => (JSON.parse(line) as { class_uid: number }).class_uid)[0]).toBe(2004);
  });

  test('is readable only by its owner', async () => {
    await auditor.report('--export', folder());
    const mode = (path: string) => (lstatSync(path).mode % 0o1000).toString(8);
    expect([mode(folder()), mode(join(folder(), 'answers'))]).toEqual(['700', '700']);
    expect(filesBelow(folder()).filter((file) => mode(join(folder(), file)) !== '600')).toEqual([]);
  });

  test('replaces an earlier export or an empty folder as a whole', async () => {
    mkdirSync(folder());
    expect(await auditor.report('--export', folder())).toMatchObject({ exitCode: 0 });
    writeFileSync(join(folder(), 'answers/custody.csv'), 'changed');
    rmSync(join(folder(), 'report.json'));
    expect(await auditor.report('--export', folder())).toMatchObject({ exitCode: 0 });
    expect(content('answers/custody.csv')).toMatch(/^model,/);
    expect(existsSync(join(folder(), 'report.json'))).toBe(true);
    expect(readdirSync(auditor.person.home)).toEqual(['export']);
  });

  test.each<[string, () => void, string]>([
    ['a folder with other files', () => auditor.person.write('export', { 'thesis.txt': 'mine' }), 'is not empty and was not written by this command'],
    ['a file', () => auditor.person.write('.', { export: 'mine' }), 'is not a folder'],
    ['a symbolic link', () => symlinkSync(auditor.archive.folder, folder()), 'is a symbolic link'],
    ['a list of checksums without a report', () => auditor.person.write('export', { SHA256SUMS: `${'a'.repeat(64)}  report.html\n`, 'report.html': 'mine' }),
      'is not empty and was not written by this command'],
  ])('never replaces %s, and fails before anything is read', async (_, lay, reported) => {
    lay();
    const before = auditor.person.read('.');
    const { exitCode, stdout, stderr } = await auditor.report('--export', folder());
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toContain(reported);
    expect(stderr).not.toContain('read 1 file');
    expect(auditor.person.read('.')).toEqual(before);
  });

  test('never replaces an earlier export to which someone added a file', async () => {
    await auditor.report('--export', folder());
    writeFileSync(join(folder(), 'answers/notes.txt'), 'mine');
    expect(await auditor.report('--export', folder())).toMatchObject({
      exitCode: 4, stderr: expect.stringContaining('also contains answers/notes.txt') as unknown,
    });
  });

  test.each([
    [['--export', '/nowhere/export'], 2, 'cannot write an export to /nowhere'],
    [['--export', ''], 2, '--export "" is not a folder name'],
    [['--sign-with', 'arn:aws:kms:eu-central-1:111122223333:key/k'], 2, '--sign-with: signs an export, so it needs --export'],
  ])('is refused before anything is read: %j', async (argv, code, reported) => {
    const { exitCode, stderr } = await auditor.report(...argv);
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(reported)]);
    expect(stderr).not.toContain('read 1 file');
  });
});

describe('--sign-with', () => {
  const ARN = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  let kms: KmsDouble;
  beforeEach(async () => {
    kms = await new KmsDouble().start();
    auditor.person.awsEndpoint = kms.origin;
  });
  afterEach(async () => kms.stop());

  const signed = async (...argv: string[]) => auditor.report('--export', folder(), '--sign-with', ARN, ...argv);
  const verify = (hash: string) => execFileSync(
    'openssl', ['dgst', `-${hash}`, '-verify', 'SHA256SUMS.pem', '-signature', 'SHA256SUMS.sig', 'SHA256SUMS'], { cwd: folder(), encoding: 'utf8' },
  );

  test.each([
    ['P-256', 'ECDSA_SHA_256', 'sha256'], ['P-384', 'ECDSA_SHA_384', 'sha384'],
  ] as const)('signs the checksums with a key on %s, as openssl verifies', async (curve, algorithm, hash) => {
    kms.use(curve, algorithm);
    const { exitCode, stderr } = await signed();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining(`signed with ${ARN}`) as unknown });
    expect(verify(hash)).toBe('Verified OK\n');
    expect(content('VERIFY.txt')).toContain(`openssl dgst -${hash} -verify SHA256SUMS.pem -signature SHA256SUMS.sig SHA256SUMS\n`);
    expect(kms.calls.map(({ action, input }) => [action, input.KeyId])).toEqual([['GetPublicKey', ARN], ['Sign', ARN]]);
    writeFileSync(join(folder(), 'SHA256SUMS'), content('SHA256SUMS').replace(/^./, 'X'));
    expect(() => verify(hash)).toThrow();
  });

  test('replaces a signed export with an unsigned one, without the old signature', async () => {
    await signed();
    expect(await auditor.report('--export', folder())).toMatchObject({ exitCode: 0 });
    expect(filesBelow(folder()).filter((file) => /\.(?:sig|pem)$/.test(file))).toEqual([]);
    expect(content('VERIFY.txt')).toContain('This export is not signed');
  });

  test('reports a key that cannot sign before anything is read', async () => {
    kms.answer = { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT', EncryptionAlgorithms: ['RSAES_OAEP_SHA_256'] };
    const { exitCode, stderr } = await signed();
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('its key spec is RSA_2048, and its usage is ENCRYPT_DECRYPT')]);
    expect(stderr).not.toContain('read 1 file');
    expect(existsSync(folder())).toBe(false);
  });

  test.each(['GetPublicKey', 'Sign'])('writes nothing if kms:%s is not permitted, and names the permission', async (action) => {
    kms.refused = action;
    const { exitCode, stderr } = await signed();
    expect([exitCode, stderr]).toEqual([6, expect.stringContaining(`AWS does not permit kms:${action} on the key ${ARN}`)]);
    expect(readdirSync(auditor.person.home)).toEqual([]);
  });

  test('writes nothing if the signature does not match the public key', async () => {
    kms.lies = true;
    expect(await signed()).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('does not match its public key') as unknown });
    expect(readdirSync(auditor.person.home)).toEqual([]);
  });

  test('needs the ARN of a key', async () => {
    expect(await auditor.report('--export', folder(), '--sign-with', 'alias/audit')).toMatchObject({
      exitCode: 2, stderr: expect.stringContaining('--sign-with "alias/audit" is not the ARN of a KMS key') as unknown,
    });
    expect(kms.calls).toEqual([]);
  });
});
