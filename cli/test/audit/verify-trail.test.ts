import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type DeliveredHour, TRAIL, TrailArchive } from './trail-archive';
import type { TrailVerification } from '../../src/audit/trail-digests/verify-trail';
import { Person } from '../person';

let person: Person;
let archive: TrailArchive;
let hours: DeliveredHour[];
beforeEach(() => {
  person = new Person();
  archive = new TrailArchive();
  // From 08:00 to 14:00; a download loses the signature of the last.
  hours = archive.hours(6);
});
afterEach(() => {
  rmSync(person.home, { recursive: true });
  archive.leave();
});

async function run(...argv: string[]) {
  return person.runAt(undefined, 'audit', 'verify-trail', '--logs', archive.folder, '--public-keys', archive.publicKeys(), ...argv);
}

async function verified(...argv: string[]): Promise<TrailVerification & { readonly exitCode: number }> {
  const { exitCode, stdout, stderr } = await run('--json', ...argv);
  expect(stderr).toBe('');
  return { ...JSON.parse(stdout) as TrailVerification, exitCode };
}

const at = (hour: number) => `2026-11-10T${String(hour).padStart(2, '0')}:00:00Z`;
const hashed = /^SHA-256 [0-9a-f]{64}$/;
const SIGNED_UNTIL = at(13);

describe('a copy of an archive', () => {
  test('that is as it was delivered is whole, from the first digest file to the last but one', async () => {
    const result = await verified();

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

    const { exitCode, stdout, stderr } = await run();

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
    const added = ['a.json', 'b.json'].map(hoursLog);
    added.forEach((key) => archive.write(key, gzipSync('{"Records":[]}')));

    expect((await run()).stdout).toContain(`account 111122223333, eu-central-1:\n  2 log files for which no digest file signs\n    ${added.join('\n    ')}\n\nchecked`);
  });

  test('may begin and end anywhere below the archive, and be unpacked', async () => {
    for (const { key, body } of [...archive.deliveries.values()]) {
      archive.remove(key);
      archive.write(key.replace(/^AWSLogs\/\d+/, 'copies/of/mine'), gunzipSync(body));
    }

    expect(await verified()).toMatchObject({ exitCode: 0, whole: true, logFiles: 12 });
  });

  test('with every hour signed for but the newest, which nothing signs for yet', async () => {
    archive.late();

    const { whole, notes } = await verified();

    expect(whole).toBe(true);
    expect(notes.map(({ message }) => message)).toContain(`1 log file is newer than the newest digest file (${at(14)}): nothing signs for it yet`);
  });
});

describe('what was done to an archive is told, file by file', () => {
  test('a log file that was changed by a byte', async () => {
    archive.change(hours[1].logs[1], (text) => text.replace('GetObject', 'PutObject'));

    const { exitCode, problems, chains: [chain] } = await verified();

    expect(exitCode).toBe(5);
    expect(problems).toEqual([{
      kind: 'log_changed', account: TRAIL.account, region: TRAIL.region, trail: 'models_trail', file: hours[1].logs[1],
      expected: expect.stringMatching(hashed), found: expect.stringMatching(hashed), from: at(9), to: at(10),
    }]);
    expect(problems[0].expected).not.toBe(problems[0].found);
    expect(chain.whole).toEqual([{ from: at(8), to: at(9) }, { from: at(10), to: SIGNED_UNTIL }]);
  });

  test('a log file that was cut off', async () => {
    const { body } = archive.deliveries.get(hours[1].logs[1])!;
    archive.write(hours[1].logs[1], body.subarray(0, body.length - 12));

    expect((await verified()).problems).toMatchObject([{ kind: 'log_changed', file: hours[1].logs[1], found: expect.stringMatching(/^gzip that cannot be unpacked/) }]);
  });

  test('a log file that was deleted', async () => {
    archive.remove(hours[3].logs[0]);

    const { exitCode, problems, chains: [chain] } = await verified();

    expect([exitCode, problems]).toEqual([5, [expect.objectContaining({ kind: 'log_missing', file: hours[3].logs[0], found: 'no such file' })]]);
    expect(chain.whole).toEqual([{ from: at(8), to: at(11) }, { from: at(12), to: SIGNED_UNTIL }]);
  });

  test.each([
    ['under a name such as CloudTrail gives', hoursLog('111122223333_CloudTrail_eu-central-1_20261110T0915Z_abcdefABCDEF1234.json.gz')],
    ['under a name of its own', hoursLog('forged.json')],
    ['under another day than its name says', hoursLog('111122223333_CloudTrail_eu-central-1_20261130T0915Z_abcdefABCDEF1234.json.gz')],
  ])('a log file that was added %s', async (_how, key) => {
    archive.write(key, gzipSync('{"Records":[]}'));

    const { exitCode, problems } = await verified();

    expect([exitCode, problems]).toEqual([5, [expect.objectContaining({ kind: 'log_unsigned', file: key, expected: 'a digest file that signs for it', found: 'none' })]]);
  });

  test('a log file that lies there twice, and would be counted twice', async () => {
    const [log] = hours[0].logs;
    archive.write(`zz/${log}`, archive.deliveries.get(log)!.body);

    expect((await verified()).problems).toMatchObject([{ kind: 'log_twice', file: `zz/${log}`, found: `another at ${log}; only that one was checked` }]);
  });

  test('a digest file that was deleted: it, the hour that it signed for, and the one before it, whose signature it held', async () => {
    archive.remove(hours[2].digest);

    const { exitCode, problems, chains: [chain] } = await verified();

    expect(exitCode).toBe(5);
    expect(problems.map(({ kind, file }) => [kind, file])).toEqual([
      ['digest_signature', hours[1].digest],
      ['digest_missing', hours[2].digest],
      ...[...hours[2].logs].map((log) => ['log_unsigned', log]),
    ]);
    expect(problems[1]).toMatchObject({ expected: expect.stringContaining(`, as ${hours[3].digest} knows`), from: at(10), to: at(11) });
    expect(chain.whole).toEqual([{ from: at(8), to: at(9) }, { from: at(11), to: SIGNED_UNTIL }]);
  });

  test('a digest file that was changed to hide that a log file was taken away', async () => {
    const [log] = hours[2].logs;
    archive.remove(log);
    archive.change(hours[2].digest, (text) => {
      const digest = JSON.parse(text) as { logFiles: { s3Object: string }[] };
      return JSON.stringify({ ...digest, logFiles: digest.logFiles.filter(({ s3Object }) => s3Object !== log) });
    });

    const { problems, chains: [chain] } = await verified();

    expect(problems.map(({ kind, file, found }) => [kind, file, found])).toEqual([
      ['digest_changed', hours[2].digest, expect.stringMatching(hashed)],
      ['log_unsigned', hours[2].logs[1], `only ${hours[2].digest}, which is not good`],
    ]);
    expect(problems[0].expected).toMatch(new RegExp(`^SHA-256 [0-9a-f]{64}, as ${hours[3].digest} knows$`));
    expect(chain.whole).toEqual([{ from: at(8), to: at(10) }, { from: at(11), to: SIGNED_UNTIL }]);
  });

  test('a digest file that is none any more', async () => {
    archive.write(hours[2].digest, gzipSync('{"digestStartTime":'));

    expect((await verified()).problems[0]).toMatchObject({ kind: 'digest_unreadable', file: hours[2].digest });
  });

  test('a digest file under the name of another', async () => {
    archive.write(hours[2].digest, archive.deliveries.get(hours[1].digest)!.body);

    expect((await verified()).problems[0]).toMatchObject({ kind: 'digest_moved', file: hours[2].digest, expected: `to lie at trail-bucket/${hours[1].digest}` });
  });

  test('the newest log files and digest files together: the days that were asked for are not covered', async () => {
    archive.remove(...hours.slice(3).flatMap(({ digest, logs }) => [digest, ...logs]));

    const { exitCode, problems } = await verified('--from', '2026-11-10', '--to', '2026-11-10');

    expect(exitCode).toBe(5);
    expect(problems.map(({ kind, from, to }) => [kind, from, to])).toEqual([['gap', '2026-11-10T00:00:00Z', at(8)], ['gap', at(10), '2026-11-11T00:00:00Z']]);
  });

  test('a digest file that was made up after the newest, to vouch for a log file of an earlier time', async () => {
    const forged = hoursLog('111122223333_CloudTrail_eu-central-1_20261110T0915Z_abcdefABCDEF1234.json.gz');
    archive.write(forged, gzipSync('{"Records":[]}'));
    const { digest } = archive.hour();
    archive.change(digest, (text) => {
      const { logFiles, ...rest } = JSON.parse(text) as { logFiles: object[] };
      const hashValue = createHash('sha256').update('{"Records":[]}').digest('hex');
      return JSON.stringify({ ...rest, logFiles: [...logFiles, { ...logFiles[0], s3Object: forged, hashValue }] });
    });

    const { exitCode, problems } = await verified();

    expect([exitCode, problems]).toEqual([5, [expect.objectContaining({
      kind: 'log_unsigned', file: forged, found: `only ${digest}, whose signature cannot be checked`,
    })]]);
  });

  test('a backfill digest file whose signature was lost vouches for nothing', async () => {
    const { digest, logs: [log] } = archive.backfill();
    archive.hours(2);

    expect((await verified()).problems.filter(({ file }) => file === digest || file === log).map(({ kind, file }) => [kind, file])).toEqual([
      ['digest_signature', digest], ['log_unsigned', log],
    ]);
  });

  test('a time for which the trail was stopped: where the chain ends, and where another begins', async () => {
    archive.restart(3);
    const [first] = archive.hours(3);

    const { exitCode, problems, chains: [chain] } = await verified();

    expect(exitCode).toBe(5);
    expect(problems.map(({ kind, file, from, to }) => [kind, file, from, to])).toEqual([
      ['digest_signature', hours[5].digest, at(13), at(14)],
      ['chain_restarted', first.digest, at(14), at(17)],
    ]);
    expect(chain.whole).toEqual([{ from: at(8), to: at(13) }, { from: at(17), to: at(19) }]);
  });
});

function hoursLog(name: string): string {
  return `AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/10/${name}`;
}

describe('the keys', () => {
  test('that did not sign are found out, digest file by digest file', async () => {
    const [key] = archive.keys.PublicKeyList;
    const other = new TrailArchive();
    const file = archive.publicKeys('other.json', { PublicKeyList: [{ ...key, Value: other.keys.PublicKeyList[0].Value }] });
    other.leave();

    const { exitCode, problems, chains } = await verified('--public-keys', file);

    expect(exitCode).toBe(5);
    expect(problems.filter(({ kind }) => kind === 'digest_signature').map((problem) => problem.file)).toEqual(hours.slice(0, 5).reverse().map(({ digest }) => digest));
    expect(chains[0].whole).toEqual([]);
  });

  test('that are of another Region are named', async () => {
    const [key] = archive.keys.PublicKeyList;
    const file = archive.publicKeys('other.json', { PublicKeyList: [{ ...key, Fingerprint: 'f'.repeat(32) }] });

    expect((await verified('--public-keys', file)).problems[0]).toMatchObject({
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

    const { exitCode, stderr } = await run('--public-keys', file);

    expect(exitCode).toBe(code);
    expect(stderr).toContain(message);
    expect(stderr).toContain('aws cloudtrail list-public-keys');
  });
});

describe('what is asked for', () => {
  test('may be some of the days: the digest file of the day after signs for the last', async () => {
    hours.push(...archive.hours(30));

    const { exitCode, chains: [chain], digestFiles, problems } = await verified('--from', '2026-11-11', '--to', '2026-11-11');

    expect([exitCode, problems, digestFiles]).toEqual([5, [expect.objectContaining({ kind: 'gap', from: '2026-11-11T19:00:00Z' })], 20]);
    expect(chain.whole).toEqual([{ from: '2026-11-11T00:00:00Z', to: '2026-11-11T19:00:00Z' }]);
    hours.push(...archive.hours(6));
    expect(await verified('--from', '2026-11-11', '--to', '2026-11-11')).toMatchObject({ exitCode: 0, chains: [{ whole: [{ from: '2026-11-11T00:00:00Z', to: '2026-11-12T00:00:00Z' }] }] });
  });

  test('without digest files there is no answer, which is not the answer that all is well', async () => {
    archive.remove(...hours.map(({ digest }) => digest));

    expect(await run()).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/there is no digest file at .*: nothing can be said about 12 log files there/) });
  });

  test('a Region without digest files beside one that has them is named', async () => {
    archive.write('AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/10/111122223333_CloudTrail_us-east-1_20261110T0915Z_abcdefABCDEF1234.json.gz', gzipSync('{}'));

    expect((await verified()).problems).toMatchObject([{ kind: 'no_digests', region: 'us-east-1', found: 'none, for 1 log file' }]);
  });

  test('a folder needs keys, and options are those of the command', async () => {
    const bare = async (...argv: string[]) => person.runAt(undefined, 'audit', 'verify-trail', ...argv);
    expect(await bare('--logs', archive.folder)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--public-keys FILE') });
    expect(await bare('--logs', archive.folder, '--csv')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('does not know --csv') });
  });
});
