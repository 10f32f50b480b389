import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type DeliveredHour, TRAIL, type TrailArchive } from './trail-archive';
import { at, placeOfLog, SIGNED_UNTIL, TrailAuditor } from './trail-auditor';

const hashed = /^SHA-256 [0-9a-f]{64}$/;

let auditor: TrailAuditor;
let archive: TrailArchive;
let hours: DeliveredHour[];
beforeEach(() => {
  auditor = new TrailAuditor();
  ({ archive, hours } = auditor);
});
afterEach(async () => auditor.leave());

describe('what was done to an archive is told, file by file', () => {
  // [C-09] in docs/compliance.md
  test('a log file that was changed by a byte', async () => {
    archive.change(hours[1].logs[1], (text) => text.replace('GetObject', 'PutObject'));

    const { exitCode, problems, chains: [chain] } = await auditor.verified();

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

    expect((await auditor.verified()).problems).toMatchObject([{ kind: 'log_changed', file: hours[1].logs[1], found: expect.stringMatching(/^gzip that cannot be unpacked/) }]);
  });

  test('a log file that was deleted', async () => {
    archive.remove(hours[3].logs[0]);

    const { exitCode, problems, chains: [chain] } = await auditor.verified();

    expect([exitCode, problems]).toEqual([5, [expect.objectContaining({ kind: 'log_missing', file: hours[3].logs[0], found: 'no such file' })]]);
    expect(chain.whole).toEqual([{ from: at(8), to: at(11) }, { from: at(12), to: SIGNED_UNTIL }]);
  });

  test.each([
    ['under a name such as CloudTrail gives', placeOfLog('111122223333_CloudTrail_eu-central-1_20261110T0915Z_abcdefABCDEF1234.json.gz')],
    ['under a name of its own', placeOfLog('forged.json')],
    ['under another day than its name says', placeOfLog('111122223333_CloudTrail_eu-central-1_20261130T0915Z_abcdefABCDEF1234.json.gz')],
  ])('a log file that was added %s', async (_how, key) => {
    archive.write(key, gzipSync('{"Records":[]}'));

    const { exitCode, problems } = await auditor.verified();

    expect([exitCode, problems]).toEqual([5, [expect.objectContaining({ kind: 'log_unsigned', file: key, expected: 'a digest file that signs for it', found: 'none' })]]);
  });

  test('a log file that lies there twice, and would be counted twice', async () => {
    const [log] = hours[0].logs;
    archive.write(`zz/${log}`, archive.deliveries.get(log)!.body);

    expect((await auditor.verified()).problems).toMatchObject([{ kind: 'log_twice', file: `zz/${log}`, found: `another at ${log}; only that one was checked` }]);
  });

  test('a digest file that was deleted: it, the hour that it signed for, and the one before it, whose signature it held', async () => {
    archive.remove(hours[2].digest);

    const { exitCode, problems, chains: [chain] } = await auditor.verified();

    expect(exitCode).toBe(5);
    expect(problems.map(({ kind, file }) => [kind, file])).toEqual([
      ['digest_signature', hours[1].digest],
      ['digest_missing', hours[2].digest],
      ...[...hours[2].logs].map((log) => ['log_unsigned', log]),
    ]);
    expect(problems[1]).toMatchObject({ expected: expect.stringContaining(`, as ${hours[3].digest} knows`), from: at(10), to: at(11) });
    expect(chain.whole).toEqual([{ from: at(8), to: at(9) }, { from: at(11), to: SIGNED_UNTIL }]);
  });

  // [C-09] in docs/compliance.md
  test('a digest file that was changed to hide that a log file was taken away', async () => {
    const [log] = hours[2].logs;
    archive.remove(log);
    archive.change(hours[2].digest, (text) => {
      const digest = JSON.parse(text) as { logFiles: { s3Object: string }[] };
      return JSON.stringify({ ...digest, logFiles: digest.logFiles.filter(({ s3Object }) => s3Object !== log) });
    });

    const { problems, chains: [chain] } = await auditor.verified();

    expect(problems.map(({ kind, file, found }) => [kind, file, found])).toEqual([
      ['digest_changed', hours[2].digest, expect.stringMatching(hashed)],
      ['log_unsigned', hours[2].logs[1], `only ${hours[2].digest}, which is not good`],
    ]);
    expect(problems[0].expected).toMatch(new RegExp(`^SHA-256 [0-9a-f]{64}, as ${hours[3].digest} knows$`));
    expect(chain.whole).toEqual([{ from: at(8), to: at(10) }, { from: at(11), to: SIGNED_UNTIL }]);
  });

  test('a digest file that is none any more', async () => {
    archive.write(hours[2].digest, gzipSync('{"digestStartTime":'));

    expect((await auditor.verified()).problems[0]).toMatchObject({ kind: 'digest_unreadable', file: hours[2].digest });
  });

  test('a digest file under the name of another', async () => {
    archive.write(hours[2].digest, archive.deliveries.get(hours[1].digest)!.body);

    expect((await auditor.verified()).problems[0]).toMatchObject({ kind: 'digest_moved', file: hours[2].digest, expected: `to lie at trail-bucket/${hours[1].digest}` });
  });

  test('the newest log files and digest files together: the days that were asked for are not covered', async () => {
    archive.remove(...hours.slice(3).flatMap(({ digest, logs }) => [digest, ...logs]));

    const { exitCode, problems } = await auditor.verified('--from', '2026-11-10', '--to', '2026-11-10');

    expect(exitCode).toBe(5);
    expect(problems.map(({ kind, from, to }) => [kind, from, to])).toEqual([['gap', '2026-11-10T00:00:00Z', at(8)], ['gap', at(10), '2026-11-11T00:00:00Z']]);
  });

  test('a digest file that was made up after the newest, to vouch for a log file of an earlier time', async () => {
    const forged = placeOfLog('111122223333_CloudTrail_eu-central-1_20261110T0915Z_abcdefABCDEF1234.json.gz');
    archive.write(forged, gzipSync('{"Records":[]}'));
    const { digest } = archive.hour();
    archive.change(digest, (text) => {
      const { logFiles, ...rest } = JSON.parse(text) as { logFiles: object[] };
      const hashValue = createHash('sha256').update('{"Records":[]}').digest('hex');
      return JSON.stringify({ ...rest, logFiles: [...logFiles, { ...logFiles[0], s3Object: forged, hashValue }] });
    });

    const { exitCode, problems } = await auditor.verified();

    expect([exitCode, problems]).toEqual([5, [expect.objectContaining({
      kind: 'log_unsigned', file: forged, found: `only ${digest}, whose signature cannot be checked`,
    })]]);
  });

  test('a backfill digest file whose signature was lost vouches for nothing', async () => {
    const { digest, logs: [log] } = archive.backfill();
    archive.hours(2);

    expect((await auditor.verified()).problems.filter(({ file }) => file === digest || file === log).map(({ kind, file }) => [kind, file])).toEqual([
      ['digest_signature', digest], ['log_unsigned', log],
    ]);
  });

  test('a time for which the trail was stopped: where the chain ends, and where another begins', async () => {
    archive.restart(3);
    const [first] = archive.hours(3);

    const { exitCode, problems, chains: [chain] } = await auditor.verified();

    expect(exitCode).toBe(5);
    expect(problems.map(({ kind, file, from, to }) => [kind, file, from, to])).toEqual([
      ['digest_signature', hours[5].digest, at(13), at(14)],
      ['chain_restarted', first.digest, at(14), at(17)],
    ]);
    expect(chain.whole).toEqual([{ from: at(8), to: at(13) }, { from: at(17), to: at(19) }]);
  });
});
