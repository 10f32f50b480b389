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
  test('is intact from the first digest file to the last but one', async () => {
    const result = await auditor.verified();

    expect(result).toMatchObject({ exitCode: 0, whole: true, digestFiles: 6, logFiles: 12, problems: [] });
    expect(result.chains).toEqual([{
      account: TRAIL.account, region: TRAIL.region, trail: 'models_trail', homeRegion: TRAIL.region, backfill: false,
      buckets: ['trail-bucket'],
      digestFiles: 6, whole: [{ from: at(8), to: SIGNED_UNTIL }],
    }]);
    expect(result.notes.map(({ message }) => message)).toEqual([
      `the signature of the newest digest file, ${hours[5].digest}, was not verified: it is in the metadata of the S3 object,`
        + ' which a download loses, and in the next digest file, which is not here',
      `the chain starts at ${at(8)} with its first digest file, ${hours[0].digest}`,
    ]);
  });

  test('is reported with intact periods, problems and notes', async () => {
    archive.remove(hours[2].logs[0]);

    const { exitCode, stdout, stderr } = await auditor.run();

    expect(exitCode).toBe(5);
    expect(stdout.split('\n').slice(0, 8)).toEqual([
      'trail models_trail, account 111122223333, eu-central-1, delivered to trail-bucket: 6 digest files',
      `  intact from ${at(8)} to ${at(10)}`,
      `  intact from ${at(11)} to ${at(13)}`,
      `  missing log file, ${at(10)} to ${at(11)}`,
      `    file:     ${hours[2].logs[0]}`,
      expect.stringMatching(/^ {4}expected: SHA-256 [0-9a-f]{64}$/),
      '    found:    no such file',
      expect.stringMatching(/^ {2}note: the signature of the newest digest file, .*, was not verified/),
    ]);
    expect(stdout).toMatch(/\nchecked 6 digest files and 12 log files, .*: 1 problem found\n$/);
    expect(stderr).toMatch(/^6 digest files\nhashing: /);
  });

  test('is reported with a list of the log files that are in no digest file', async () => {
    const added = ['a.json', 'b.json'].map(placeOfLog);
    added.forEach((key) => archive.write(key, gzipSync('{"Records":[]}')));

    expect((await auditor.run()).stdout).toContain(`account 111122223333, eu-central-1:\n  2 log files not in any valid digest file\n    ${added.join('\n    ')}\n\nchecked`);
  });

  test('may be a part of the archive, and decompressed', async () => {
    for (const { key, body } of [...archive.deliveries.values()]) {
      archive.remove(key);
      archive.write(key.replace(/^AWSLogs\/\d+/, 'copies/of/mine'), gunzipSync(body));
    }

    expect(await auditor.verified()).toMatchObject({ exitCode: 0, whole: true, logFiles: 12 });
  });

  test('with a backfill digest file says that only the bucket can verify it', async () => {
    const { digest, logs: [log] } = archive.backfill();

    const { exitCode, whole, problems, unverified, notes } = await auditor.verified();

    expect({ exitCode, whole, problems, unverified }).toEqual({
      exitCode: 3, whole: false, problems: [], unverified: [digest, log],
    });
    expect(notes.map(({ message }) => message)).toContainEqual(expect.stringMatching(
      /^not verified: 1 backfill digest file, and 1 log file in no other digest file\. .*verify-trail --logs s3:\/\/trail-bucket\/$/,
    ));
    expect((await auditor.run()).stdout).toMatch(/: no problems found, 2 files not verified\n$/);
  });

  test('with log files newer than all digest files has a note about them', async () => {
    archive.late();

    const { whole, notes } = await auditor.verified();

    expect(whole).toBe(true);
    expect(notes.map(({ message }) => message)).toContain(
      `1 log file is newer than the newest digest file (${at(14)}) and was not verified`,
    );
  });
});

describe('the keys', () => {
  test('that did not sign the digest files are reported for each of them', async () => {
    const [key] = archive.keys.PublicKeyList;
    const other = new TrailArchive();
    const file = archive.publicKeys(
      'other.json', { PublicKeyList: [{ ...key, Value: other.keys.PublicKeyList[0].Value }] },
    );
    other.leave();

    const { exitCode, problems, chains } = await auditor.verified('--public-keys', file);

    expect(exitCode).toBe(5);
    expect(problems.filter(({ kind }) => kind === 'digest_signature').map((problem) => problem.file)).toEqual(
      hours.slice(0, 5).reverse().map(({ digest }) => digest),
    );
    expect(chains[0].whole).toEqual([]);
  });

  test('of another Region are named', async () => {
    const [key] = archive.keys.PublicKeyList;
    const file = archive.publicKeys('other.json', { PublicKeyList: [{ ...key, Fingerprint: 'f'.repeat(32) }] });

    expect((await auditor.verified('--public-keys', file)).problems[0]).toMatchObject({
      kind: 'key_unknown', file: hours[4].digest, expected: `the public key ${key.Fingerprint}`,
      found: `only these public keys: ${'f'.repeat(32)}`,
    });
  });

  test.each([
    ['nothing', '', 2, 'is not valid JSON'],
    ['no keys', '{"PublicKeyList":[]}', 2, 'no public keys in '],
    [
      'an invalid key',
      '{"PublicKeyList":[{"Fingerprint":"ab","Value":"AAAA"},{"Value":"AAAA"}]}',
      2,
      'PublicKeyList[1]: has no Fingerprint',
    ],
  ])('a file that contains %s is rejected, with the command that creates one', async (
    _what, content, code, message,
  ) => {
    const file = join(archive.folder, 'keys.json');
    writeFileSync(file, content);

    const { exitCode, stderr } = await auditor.run('--public-keys', file);

    expect(exitCode).toBe(code);
    expect(stderr).toContain(message);
    expect(stderr).toContain('aws cloudtrail list-public-keys');
  });
});

describe('the requested evidence', () => {
  test('may be some of the days, verified with the digest file of the next day', async () => {
    hours.push(...archive.hours(30));

    const { exitCode, chains: [chain], digestFiles, problems } = await auditor.verified(
      '--from', '2026-11-11', '--to', '2026-11-11',
    );

    expect([exitCode, problems, digestFiles]).toEqual([
      5, [expect.objectContaining({ kind: 'gap', from: '2026-11-11T19:00:00Z' })], 20,
    ]);
    expect(chain.whole).toEqual([{ from: '2026-11-11T00:00:00Z', to: '2026-11-11T19:00:00Z' }]);
    hours.push(...archive.hours(6));
    expect(await auditor.verified('--from', '2026-11-11', '--to', '2026-11-11')).toMatchObject({
      exitCode: 0, chains: [{ whole: [{ from: '2026-11-11T00:00:00Z', to: '2026-11-12T00:00:00Z' }] }],
    });
  });

  test('without digest files is an error', async () => {
    archive.remove(...hours.map(({ digest }) => digest));

    expect(await auditor.run()).toMatchObject({
      exitCode: 3, stderr: expect.stringMatching(/no digest files at .*, so the 12 log files there cannot be verified/),
    });
  });

  test('with digest files in only one Region names the other one', async () => {
    archive.write('AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/10/111122223333_CloudTrail_us-east-1_20261110T0915Z_abcdefABCDEF1234.json.gz', gzipSync('{}'));

    expect((await auditor.verified()).problems).toMatchObject([
      { kind: 'no_digests', region: 'us-east-1', found: 'none, for 1 log file' },
    ]);
  });

  test('in a folder needs public keys, and other commands\' options are rejected', async () => {
    expect(await auditor.verifyTrail()).toMatchObject({
      exitCode: 2, stderr: expect.stringContaining('--public-keys FILE'),
    });
    expect(await auditor.verifyTrail('--csv')).toMatchObject({
      exitCode: 2, stderr: expect.stringContaining('unknown option \'--csv\''),
    });
  });
});
