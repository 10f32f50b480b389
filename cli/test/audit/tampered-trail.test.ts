import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
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

describe('every manipulation of an archive is reported, file by file', () => {
  // [C-09] in docs/compliance.md
  test('a log file with a changed byte', async () => {
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

  test('a truncated log file', async () => {
    const { body } = archive.deliveries.get(hours[1].logs[1])!;
    archive.write(hours[1].logs[1], body.subarray(0, body.length - 12));

    expect((await auditor.verified()).problems).toMatchObject([
      {
        kind: 'log_changed', file: hours[1].logs[1], found: expect.stringMatching(/^a damaged or truncated gzip file/),
      },
    ]);
  });

  test('a deleted log file', async () => {
    archive.remove(hours[3].logs[0]);

    const { exitCode, problems, chains: [chain] } = await auditor.verified();

    expect([exitCode, problems]).toEqual([
      5, [expect.objectContaining({ kind: 'log_missing', file: hours[3].logs[0], found: 'no such file' })],
    ]);
    expect(chain.whole).toEqual([{ from: at(8), to: at(11) }, { from: at(12), to: SIGNED_UNTIL }]);
  });

  test.each([
    [
      'with a name in the format of CloudTrail',
      placeOfLog('111122223333_CloudTrail_eu-central-1_20261110T0915Z_abcdefABCDEF1234.json.gz'),
    ],
    ['with another name', placeOfLog('forged.json')],
    [
      'in the folder of another day',
      placeOfLog('111122223333_CloudTrail_eu-central-1_20261130T0915Z_abcdefABCDEF1234.json.gz'),
    ],
  ])('a log file that was added %s', async (_how, key) => {
    archive.write(key, gzipSync('{"Records":[]}'));

    const { exitCode, problems } = await auditor.verified();

    expect([exitCode, problems]).toEqual([
      5,
      [expect.objectContaining({
        kind: 'log_unsigned', file: key, expected: 'a digest file that lists it', found: 'none',
      })],
    ]);
  });

  test('a duplicate log file, which would be counted twice', async () => {
    const [log] = hours[0].logs;
    archive.write(`zz/${log}`, archive.deliveries.get(log)!.body);

    expect((await auditor.verified()).problems).toMatchObject([
      { kind: 'log_twice', file: `zz/${log}`, found: `another one at ${log}; only that one was checked` },
    ]);
  });

  test('a deleted digest file, with its hour and the previous digest file, whose signature it contained', async () => {
    archive.remove(hours[2].digest);

    const { exitCode, problems, chains: [chain] } = await auditor.verified();

    expect(exitCode).toBe(5);
    expect(problems.map(({ kind, file }) => [kind, file])).toEqual([
      ['digest_signature', hours[1].digest],
      ['digest_missing', hours[2].digest],
      ...[...hours[2].logs].map((log) => ['log_unsigned', log]),
    ]);
    expect(problems[1]).toMatchObject({
      expected: expect.stringContaining(`, according to ${hours[3].digest}`), from: at(10), to: at(11),
    });
    expect(chain.whole).toEqual([{ from: at(8), to: at(9) }, { from: at(11), to: SIGNED_UNTIL }]);
  });

  // [C-09] in docs/compliance.md
  test('a digest file that was changed to hide a removed log file', async () => {
    const [log] = hours[2].logs;
    archive.remove(log);
    archive.change(hours[2].digest, (text) => {
      const digest = JSON.parse(text) as { logFiles: { s3Object: string }[] };
      return JSON.stringify({ ...digest, logFiles: digest.logFiles.filter(({ s3Object }) => s3Object !== log) });
    });

    const { problems, chains: [chain] } = await auditor.verified();

    expect(problems.map(({ kind, file, found }) => [kind, file, found])).toEqual([
      ['digest_changed', hours[2].digest, expect.stringMatching(hashed)],
      ['log_unsigned', hours[2].logs[1], `only in ${hours[2].digest}, which is not valid`],
    ]);
    expect(problems[0].expected).toMatch(new RegExp(`^SHA-256 [0-9a-f]{64}, according to ${hours[3].digest}$`));
    expect(chain.whole).toEqual([{ from: at(8), to: at(10) }, { from: at(11), to: SIGNED_UNTIL }]);
  });

  test('an unreadable digest file', async () => {
    archive.write(hours[2].digest, gzipSync('{"digestStartTime":'));

    expect((await auditor.verified()).problems[0]).toMatchObject({ kind: 'digest_unreadable', file: hours[2].digest });
  });

  test('a digest file with the name of another one', async () => {
    archive.write(hours[2].digest, archive.deliveries.get(hours[1].digest)!.body);

    expect((await auditor.verified()).problems[0]).toMatchObject({
      kind: 'digest_moved', file: hours[2].digest, expected: `the file at trail-bucket/${hours[1].digest}`,
    });
  });

  test('the newest log files and digest files removed together: the requested days are not covered', async () => {
    archive.remove(...hours.slice(3).flatMap(({ digest, logs }) => [digest, ...logs]));

    const { exitCode, problems } = await auditor.verified('--from', '2026-11-10', '--to', '2026-11-10');

    expect(exitCode).toBe(5);
    expect(problems.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['gap', '2026-11-10T00:00:00Z', at(8)], ['gap', at(10), '2026-11-11T00:00:00Z'],
    ]);
  });

  test('a forged newest digest file that lists an older log file', async () => {
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
      kind: 'log_unsigned', file: forged, found: `only in ${digest}, whose signature cannot be verified`,
    })]]);
  });

  test('a changed log file that only a backfill digest file lists, whose signature a copy cannot have', async () => {
    const { logs: [log] } = archive.backfill();
    archive.change(log, (text) => text.replace('GetObject', 'HeadObject'));

    const { exitCode, problems } = await auditor.verified();

    expect([exitCode, problems.map(({ kind, file }) => [kind, file])]).toEqual([5, [['log_changed', log]]]);
  });

  describe('bytes after the end of a gzip stream, which some tools would read,', () => {
    const added = gzipSync('{"Records":[{"eventName":"GetObject"}]}');
    const after: { readonly [what: string]: Buffer } = {
      'zero bytes': Buffer.alloc(512),
      'a zero byte and a second gzip member': Buffer.concat([Buffer.alloc(1), added]),
      'an empty second gzip member': gzipSync(''),
      'a second gzip member': added,
      'other bytes': Buffer.from('more'),
    };

    test.each(Object.entries(after))('in a log file: %s', async (_, bytes) => {
      const [log] = hours[1].logs;
      appendFileSync(join(archive.folder, log), bytes);

      const { exitCode, problems } = await auditor.verified();

      expect([exitCode, problems.map(({ kind, file }) => [kind, file])]).toEqual([5, [['log_changed', log]]]);
    });

    test.each(Object.entries(after))('in a digest file: %s', async (_, bytes) => {
      const { digest } = hours[1];
      appendFileSync(join(archive.folder, digest), bytes);

      const { exitCode, problems } = await auditor.verified();

      expect([exitCode, problems[0].file]).toEqual([5, digest]);
      expect(problems[0].kind).toMatch(/^digest_(?:unreadable|changed)$/);
    });

    test('in a log file that is read in several pieces', async () => {
      const [log] = hours[1].logs;
      const text = gunzipSync(archive.deliveries.get(log)!.body);
      const large = gzipSync(text, { level: 0 });
      appendFileSync(join(archive.folder, log), Buffer.alloc(1024 * 1024));

      expect((await auditor.verified()).problems).toMatchObject([
        { kind: 'log_changed', file: log, found: expect.stringMatching(/^bytes after/) },
      ]);
      archive.write(log, large);
      expect(await auditor.verified()).toMatchObject({ exitCode: 0, problems: [] });
    });
  });

  test('a stopped trail: where the chain ends and another one starts', async () => {
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
