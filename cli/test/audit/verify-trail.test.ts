import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type DeliveredHour, TRAIL, TrailArchive } from './trail-archive';
import { at, placeOfLog, SIGNED_UNTIL, TrailAuditor } from './trail-auditor';

let auditor: TrailAuditor;
let archive: TrailArchive;
let hours: DeliveredHour[];
beforeEach(() => {
  auditor = new TrailAuditor();
  ({ archive, hours } = auditor);
});
afterEach(async () => auditor.leave());

describe('a copy of an archive', () => {
  test('that is as it was delivered is whole, from the first digest file to the last but one', async () => {
    const result = await auditor.verified();

    expect(result).toMatchObject({ exitCode: 0, whole: true, digestFiles: 6, logFiles: 12, problems: [] });
    expect(result.chains).toEqual([{
      account: TRAIL.account, region: TRAIL.region, trail: 'models_trail', homeRegion: TRAIL.region, backfill: false, buckets: ['trail-bucket'],
      digestFiles: 6, whole: [{ from: at(8), to: SIGNED_UNTIL }],
    }]);
    expect(result.notes.map(({ message }) => message)).toEqual([
      `${hours[5].digest} is the newest digest file here, and its own signature cannot be checked: it is in the metadata of the object in S3,`
        + ' which a download loses, and in the digest file after it, which is not here',
      `the chain begins at ${at(8)}: ${hours[0].digest} is its first digest file`,
    ]);
  });

  test('is told to people in so many words', async () => {
    archive.remove(hours[2].logs[0]);

    const { exitCode, stdout, stderr } = await auditor.run();

    expect(exitCode).toBe(5);
    expect(stdout.split('\n').slice(0, 8)).toEqual([
      'trail models_trail, account 111122223333, eu-central-1, delivered to trail-bucket: 6 digest files',
      `  whole from ${at(8)} to ${at(10)}`,
      `  whole from ${at(11)} to ${at(13)}`,
      `  a log file is missing, ${at(10)} to ${at(11)}`,
      `    file:     ${hours[2].logs[0]}`,
      expect.stringMatching(/^ {4}expected: SHA-256 [0-9a-f]{64}$/),
      '    found:    no such file',
      expect.stringMatching(/^ {2}note: .* is the newest digest file here/),
    ]);
    expect(stdout).toMatch(/\nchecked 6 digest files and 12 log files, .*: the evidence is not whole, 1 problem\n$/);
    expect(stderr).toMatch(/^6 digest files\nhashing: /);
  });

  test('is told in few words where many files have nothing that signs for them', async () => {
    const added = ['a.json', 'b.json'].map(placeOfLog);
    added.forEach((key) => archive.write(key, gzipSync('{"Records":[]}')));

    expect((await auditor.run()).stdout).toContain(`account 111122223333, eu-central-1:\n  2 log files for which no digest file signs\n    ${added.join('\n    ')}\n\nchecked`);
  });

  test('may begin and end anywhere below the archive, and be unpacked', async () => {
    for (const { key, body } of [...archive.deliveries.values()]) {
      archive.remove(key);
      archive.write(key.replace(/^AWSLogs\/\d+/, 'copies/of/mine'), gunzipSync(body));
    }

    expect(await auditor.verified()).toMatchObject({ exitCode: 0, whole: true, logFiles: 12 });
  });

  test('with every hour signed for but the newest, which nothing signs for yet', async () => {
    archive.late();

    const { whole, notes } = await auditor.verified();

    expect(whole).toBe(true);
    expect(notes.map(({ message }) => message)).toContain(`1 log file is newer than the newest digest file (${at(14)}): nothing signs for it yet`);
  });
});

describe('the keys', () => {
  test('that did not sign are found out, digest file by digest file', async () => {
    const [key] = archive.keys.PublicKeyList;
    const other = new TrailArchive();
    const file = archive.publicKeys('other.json', { PublicKeyList: [{ ...key, Value: other.keys.PublicKeyList[0].Value }] });
    other.leave();

    const { exitCode, problems, chains } = await auditor.verified('--public-keys', file);

    expect(exitCode).toBe(5);
    expect(problems.filter(({ kind }) => kind === 'digest_signature').map((problem) => problem.file)).toEqual(hours.slice(0, 5).reverse().map(({ digest }) => digest));
    expect(chains[0].whole).toEqual([]);
  });

  test('that are of another Region are named', async () => {
    const [key] = archive.keys.PublicKeyList;
    const file = archive.publicKeys('other.json', { PublicKeyList: [{ ...key, Fingerprint: 'f'.repeat(32) }] });

    expect((await auditor.verified('--public-keys', file)).problems[0]).toMatchObject({
      kind: 'key_unknown', file: hours[4].digest, expected: `the public key ${key.Fingerprint}`, found: `among the public keys ${'f'.repeat(32)}`,
    });
  });

  test.each([
    ['nothing', '', 2, 'are no JSON'],
    ['no keys', '{"PublicKeyList":[]}', 2, 'holds no public keys'],
    ['a key that is none', '{"PublicKeyList":[{"Fingerprint":"ab","Value":"AAAA"},{"Value":"AAAA"}]}', 2, 'PublicKeyList[1]: has no Fingerprint'],
  ])('a file that holds %s is refused, with the command that writes one', async (_what, content, code, message) => {
    const file = join(archive.folder, 'keys.json');
    writeFileSync(file, content);

    const { exitCode, stderr } = await auditor.run('--public-keys', file);

    expect(exitCode).toBe(code);
    expect(stderr).toContain(message);
    expect(stderr).toContain('aws cloudtrail list-public-keys');
  });
});

describe('what is asked for', () => {
  test('may be some of the days: the digest file of the day after signs for the last', async () => {
    hours.push(...archive.hours(30));

    const { exitCode, chains: [chain], digestFiles, problems } = await auditor.verified('--from', '2026-11-11', '--to', '2026-11-11');

    expect([exitCode, problems, digestFiles]).toEqual([5, [expect.objectContaining({ kind: 'gap', from: '2026-11-11T19:00:00Z' })], 20]);
    expect(chain.whole).toEqual([{ from: '2026-11-11T00:00:00Z', to: '2026-11-11T19:00:00Z' }]);
    hours.push(...archive.hours(6));
    expect(await auditor.verified('--from', '2026-11-11', '--to', '2026-11-11')).toMatchObject({ exitCode: 0, chains: [{ whole: [{ from: '2026-11-11T00:00:00Z', to: '2026-11-12T00:00:00Z' }] }] });
  });

  test('without digest files there is no answer, which is not the answer that all is well', async () => {
    archive.remove(...hours.map(({ digest }) => digest));

    expect(await auditor.run()).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/there is no digest file at .*: nothing can be said about 12 log files there/) });
  });

  test('a Region without digest files beside one that has them is named', async () => {
    archive.write('AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/10/111122223333_CloudTrail_us-east-1_20261110T0915Z_abcdefABCDEF1234.json.gz', gzipSync('{}'));

    expect((await auditor.verified()).problems).toMatchObject([{ kind: 'no_digests', region: 'us-east-1', found: 'none, for 1 log file' }]);
  });

  test('a folder needs keys, and options are those of the command', async () => {
    expect(await auditor.verifyTrail()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--public-keys FILE') });
    expect(await auditor.verifyTrail('--csv')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('does not know --csv') });
  });
});
