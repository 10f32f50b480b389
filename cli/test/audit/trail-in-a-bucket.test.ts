import { Readable } from 'node:stream';
import { type DeliveredHour, TRAIL, TrailArchive } from './trail-archive';
import type { Evidence, EvidenceFile, Period } from '../../src/audit/trail-digests/evidence';
import { digestNameOf, logNameOf } from '../../src/audit/trail-digests/file-names';
import { publicKeysOf } from '../../src/audit/trail-digests/public-keys';
import { verifyTrail, type VerifyTrailOptions } from '../../src/audit/trail-digests/verify-trail';
import { createProgress } from '../../src/runtime/progress';

/** The delivered files in their bucket, with the metadata of the objects. */
class BucketEvidence implements Evidence {
  readonly name = `s3://${TRAIL.bucket}/`;
  readonly bucket = TRAIL.bucket;

  constructor(private readonly archive: TrailArchive) {}

  async *digests(_period: Period) {
    yield* this.files((key) => digestNameOf(key) !== undefined);
  }

  async *logs(_period: Period) {
    yield* this.files((key) => logNameOf(key) !== undefined);
  }

  async find(key: string): Promise<EvidenceFile | undefined> {
    return this.archive.deliveries.has(key) ? { name: key, size: 1 } : undefined;
  }

  async readDigest({ name }: EvidenceFile) {
    const { body, metadata } = this.archive.deliveries.get(name)!;
    return { bytes: body, signature: metadata?.signature };
  }

  async open({ name }: EvidenceFile) {
    return Readable.from([this.archive.deliveries.get(name)!.body]);
  }

  private files(isWanted: (key: string) => boolean): EvidenceFile[] {
    return [...this.archive.deliveries.values()]
      .filter(({ key }) => isWanted(key))
      .map(({ key, body }) => ({ name: key, size: body.length }));
  }
}

let archive: TrailArchive;
let hours: DeliveredHour[];
beforeEach(() => {
  archive = new TrailArchive();
  hours = archive.hours(4);
});
afterEach(() => archive.leave());

const environment = {
  signal: new AbortController().signal, now: () => Date.parse('2026-11-10T12:30:00Z'), stderr: { write: () => true },
};
const verify = async (options: Partial<VerifyTrailOptions> = {}) => verifyTrail({
  environment, progress: createProgress('none', environment),
}, {
  evidence: new BucketEvidence(archive), period: { from: '2026-11-10', to: '2026-11-10' },
  asked: { from: false, to: true },
  keys: async () => publicKeysOf(archive.keys.PublicKeyList, 'the test'), ...options,
});
const kinds = async (options?: Partial<VerifyTrailOptions>) => (await verify(options)).problems.map(
  ({ kind, file }) => [kind, file],
);
const relabel = (key: string, metadata: { readonly [name: string]: string }) => {
  archive.deliveries.set(key, { ...archive.deliveries.get(key)!, metadata });
};

describe('a trail in its bucket', () => {
  test('is intact up to the newest digest file, whose signature is in its metadata', async () => {
    const whole = [{ from: '2026-11-10T08:00:00Z', to: '2026-11-10T12:00:00Z' }];

    expect(await verify()).toMatchObject({ whole: true, problems: [], chains: [{ whole }] });
  });

  test('includes backfill digest files, which list log files that were delivered late', async () => {
    const { logs: [late] } = archive.backfill();
    const { chains, problems, logFiles } = await verify({ asked: { from: false, to: false } });

    expect(problems.map(({ kind }) => kind)).toEqual([]);
    expect(chains.map(({ backfill, digestFiles }) => [backfill, digestFiles])).toEqual([[false, 4], [true, 1]]);
    expect(logFiles).toBe(9);
    archive.change(late, (text) => text.replace('GetObject', 'PutObject'));
    expect(await kinds({ asked: { from: false, to: false } })).toEqual([['log_changed', late]]);
  });

  test('whose newest digest file was overwritten, and lost its signature, is reported', async () => {
    relabel(hours[3].digest, {});

    expect(await kinds()).toEqual([
      ['digest_signature', hours[3].digest], ...hours[3].logs.map((log) => ['log_unsigned', log]),
    ]);
  });

  test('with a changed signature in the metadata of a digest file is reported, but intact', async () => {
    relabel(hours[1].digest, { signature: 'ab'.repeat(256) });

    const { problems, chains } = await verify();

    expect(problems).toMatchObject([{
      kind: 'digest_signature',
      file: hours[1].digest,
      found: 'a different signature; the next digest file has the correct one',
    }]);
    expect(chains[0].whole).toHaveLength(1);
  });

  test('with a digest file copied to another key is reported with the original location', async () => {
    const moved = hours[1].digest.replace('T100000Z', 'T100001Z');
    archive.deliveries.set(moved, { ...archive.deliveries.get(hours[1].digest)!, key: moved });

    expect(await verify()).toMatchObject({ problems: [
      { kind: 'digest_moved', file: moved, expected: `the file at trail-bucket/${hours[1].digest}` }, expect.anything(),
    ] });
  });

  test('that has delivered nothing for hours is not intact until now', async () => {
    const later = { ...environment, now: () => Date.parse('2026-11-10T18:00:00Z') };

    const { problems } = await verifyTrail({ environment: later, progress: createProgress('none', environment) }, {
      evidence: new BucketEvidence(archive), period: { from: '2026-11-10', to: '2026-11-10' },
      asked: { from: false, to: true },
      keys: async () => publicKeysOf(archive.keys.PublicKeyList, 'the test'),
    });

    expect(problems).toMatchObject([{
      kind: 'gap', expected: 'digest files until 2026-11-10T16:00:00Z',
      found: 'the last valid one ends at 2026-11-10T12:00:00Z',
    }]);
  });

  test('without digest files in a Region of the store is reported', async () => {
    const areas = [TRAIL, { ...TRAIL, region: 'us-east-1' }];

    expect((await verify({ areas })).problems).toMatchObject([
      { kind: 'no_digests', region: 'us-east-1', found: 'none, for 0 log files' },
    ]);
  });
});
