import { Readable } from 'node:stream';
import type { DigestObject, Evidence, EvidenceFile, Period } from './evidence';
import { digestNameOf } from './file-names';
import { type AuditDescription, trailLogPrefix } from '../../../../src/contract/audit-description';
import type { S3Address } from '../../aws/s3-address';
import { dayAfter } from '../reader/days';
import { type DailyPrefix, discover, entriesOfDays } from '../sources/daily-logs';
import type { S3Objects } from '../sources/s3-objects';

const OF_NO_TRAIL = /(?:^|\/)CloudTrail-Insight\/$/;
const OF_DIGESTS = /(?:^|\/)CloudTrail-Digest\/[^/]+\/$/;

interface EvidencePrefixes {
  readonly digests: readonly DailyPrefix[];
  readonly logs: readonly DailyPrefix[];
}

/** An archive in S3, with the metadata of its objects. */
export class S3Evidence implements Evidence {
  /** The evidence at any depth below an S3 address. */
  static at(objects: S3Objects, { bucket, prefix }: S3Address, signal: AbortSignal): S3Evidence {
    return new S3Evidence(`s3://${bucket}/${prefix}`, bucket, objects, signal, async () => {
      const { daily } = await discover(objects, bucket, prefix, signal, {
        isWanted: (folder) => !OF_NO_TRAIL.test(folder), isDaily: () => true,
      });
      return {
        digests: daily.filter((each) => OF_DIGESTS.test(each.prefix)),
        logs: daily.filter((each) => !OF_DIGESTS.test(each.prefix)),
      };
    });
  }

  /** The evidence of a store's trail. */
  static of(objects: S3Objects, { trail }: AuditDescription, signal: AbortSignal): S3Evidence {
    const below = (kind: 'CloudTrail' | 'CloudTrail-Digest') => trail.accounts.flatMap((account) =>
      trail.regions.map((region) => (
        { bucket: trail.bucketName, prefix: trailLogPrefix(kind, trail, account, region) }
      )));
    return new S3Evidence(`s3://${trail.bucketName}/`, trail.bucketName, objects, signal,
      async () => ({ digests: below('CloudTrail-Digest'), logs: below('CloudTrail') }));
  }

  private places?: Promise<EvidencePrefixes>;

  private constructor(
    readonly name: string, readonly bucket: string,
    private readonly objects: S3Objects, private readonly signal: AbortSignal,
    private readonly discovery: () => Promise<EvidencePrefixes>,
  ) {}

  async *digests(period: Period): AsyncGenerator<EvidenceFile> {
    const { digests } = await this.found();
    for (const file of await this.list(digests, { ...period, to: period.to && dayAfter(period.to) })) {
      if (digestNameOf(file.name)) {
        yield file;
      }
    }
  }

  async *logs(period: Period): AsyncGenerator<EvidenceFile> {
    const { logs } = await this.found();
    yield* await this.list(logs, period);
  }

  async find(key: string): Promise<EvidenceFile | undefined> {
    const size = await this.objects.size(this.bucket, key);
    return size === undefined ? undefined : { name: key, size };
  }

  async readDigest({ name }: EvidenceFile): Promise<DigestObject> {
    const { bytes, metadata } = await this.objects.read(this.bucket, name);
    return { bytes, signature: metadata.signature };
  }

  async open({ name }: EvidenceFile): Promise<Readable> {
    return Readable.from([(await this.objects.read(this.bucket, name)).bytes]);
  }

  private async found() {
    this.places ??= this.discovery();
    return this.places;
  }

  private async list(
    prefixes: readonly DailyPrefix[], { from = '0000-00-00', to = '9999-12-31' }: Period,
  ): Promise<EvidenceFile[]> {
    const entries = await entriesOfDays(this.objects, prefixes, { from, to }, this.signal);
    return entries.flat().map(({ key, size }) => ({ name: key, size }));
  }
}
