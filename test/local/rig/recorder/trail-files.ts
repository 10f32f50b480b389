import * as crypto from 'node:crypto';
import * as zlib from 'node:zlib';
import { withoutMilliseconds } from './identities';
import type { TrailRecord } from './trail-record';

/** A delivered file. */
export interface Delivery {
  readonly key: string;
  readonly body: Buffer;
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A log file, as listed in a digest file. */
export interface DigestedFile {
  readonly s3Bucket: string;
  readonly s3Object: string;
  readonly hashValue: string;
  readonly hashAlgorithm: 'SHA-256';
  readonly newestEventTime: string;
  readonly oldestEventTime: string;
}

export interface TrailIdentity {
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  readonly trailName: string;
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html */
export function logFile(trail: TrailIdentity, records: readonly TrailRecord[], deliveredAt: Date): { file: Delivery; digested: DigestedFile } {
  const { account, region } = trail;
  const text = JSON.stringify({ Records: records });
  const minute = compact(deliveredAt).replace(/\d\dZ$/, 'Z');
  const key = `AWSLogs/${account}/CloudTrail/${region}/${day(deliveredAt)}/${account}_CloudTrail_${region}_${minute}_${uniqueName()}.json.gz`;
  const times = records.map(({ eventTime }) => eventTime).sort();
  return {
    file: { key, body: zlib.gzipSync(text), contentType: 'application/json', contentEncoding: 'gzip' },
    digested: {
      s3Bucket: trail.bucket,
      s3Object: key,
      hashValue: sha256(text),
      hashAlgorithm: 'SHA-256',
      newestEventTime: times[times.length - 1],
      oldestEventTime: times[0],
    },
  };
}

interface PreviousDigest {
  readonly key: string;
  readonly hash: string;
  readonly signature: string;
  readonly endedAt: Date;
}

/** The output of `aws cloudtrail list-public-keys`. */
export interface PublicKeyList {
  readonly PublicKeyList: readonly {
    readonly Value: string; readonly ValidityStartTime: string; readonly ValidityEndTime: string; readonly Fingerprint: string;
  }[];
}

const KEY_VALID_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * The chain of digest files, each of which covers the log files since the previous one, and the previous one itself:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
 */
export class DigestChain {
  private readonly keys = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly publicKey = this.keys.publicKey.export({ type: 'pkcs1', format: 'der' });
  private readonly fingerprint = crypto.createHash('md5').update(this.publicKey).digest('hex');
  private previous?: PreviousDigest;

  constructor(private readonly trail: TrailIdentity, private readonly startedAt: Date) {}

  publicKeys(): PublicKeyList {
    return {
      PublicKeyList: [{
        Value: this.publicKey.toString('base64'),
        ValidityStartTime: withoutMilliseconds(this.startedAt),
        ValidityEndTime: withoutMilliseconds(new Date(this.startedAt.getTime() + KEY_VALID_MS)),
        Fingerprint: this.fingerprint,
      }],
    };
  }

  /** The start time of the next digest file. */
  get signedUntil(): Date {
    return this.previous?.endedAt ?? this.startedAt;
  }

  next(files: readonly DigestedFile[], endedAt: Date): Delivery {
    const { account, region, bucket, trailName } = this.trail;
    const { previous } = this;
    const key = `AWSLogs/${account}/CloudTrail-Digest/${region}/${day(endedAt)}/`
      + `${account}_CloudTrail-Digest_${region}_${trailName}_${region}_${compact(endedAt)}.json.gz`;
    const digestEndTime = withoutMilliseconds(endedAt);
    const text = JSON.stringify({
      awsAccountId: account,
      digestStartTime: withoutMilliseconds(this.signedUntil),
      digestEndTime,
      digestS3Bucket: bucket,
      digestS3Object: key,
      digestPublicKeyFingerprint: this.fingerprint,
      digestSignatureAlgorithm: 'SHA256withRSA',
      newestEventTime: files.map(({ newestEventTime }) => newestEventTime).sort().pop() ?? null,
      oldestEventTime: files.map(({ oldestEventTime }) => oldestEventTime).sort()[0] ?? null,
      previousDigestS3Bucket: previous === undefined ? null : bucket,
      previousDigestS3Object: previous?.key ?? null,
      previousDigestHashValue: previous?.hash ?? null,
      previousDigestHashAlgorithm: previous === undefined ? null : 'SHA-256',
      previousDigestSignature: previous?.signature ?? null,
      logFiles: files,
    });
    const hash = sha256(text);
    // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html
    const signed = [digestEndTime, `${bucket}/${key}`, hash, previous?.signature ?? 'null'].join('\n');
    const signature = crypto.sign('sha256', Buffer.from(signed), this.keys.privateKey).toString('hex');
    this.previous = { key, hash, signature, endedAt };
    return {
      key,
      body: zlib.gzipSync(text),
      contentType: 'application/json',
      contentEncoding: 'gzip',
      metadata: { signature: signature, 'signature-algorithm': 'SHA256withRSA' },
    };
  }
}

/** `2026/11/21` */
export function day(time: Date): string {
  return time.toISOString().slice(0, 10).replace(/-/g, '/');
}

/** `20261121T193000Z` */
function compact(time: Date): string {
  return withoutMilliseconds(time).replace(/[-:]/g, '');
}

/** 16 letters and digits. */
function uniqueName(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 16 }, () => letters[crypto.randomInt(letters.length)]).join('');
}

function sha256(text: string): string {
  return crypto.createHash('sha256').update(text).digest('hex');
}
