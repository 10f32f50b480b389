import * as crypto from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { accessLogFiles, type LoggedBucket, type LoggedLine } from './access-log-files';
import { accessLogLines, canonicalUserId } from './access-log-line';
import { fieldOf, headerOf, pathOf, queryOf, signatureOf, type Exchange, type RequestSignature } from './exchange';
import { Identities } from './identities';
import { MANAGED_SERVICES, managementRecord } from './management-record';
import { s3OperationOf, type CopySource, type S3Operation } from './s3-operation';
import { isSelected, requireKnownFields, type EventSelector } from './selection';
import { DigestChain, logFile, type Delivery, type DigestedFile, type PublicKeyList, type TrailIdentity } from './trail-files';
import { assumeRoleRecord, invokeRecord, s3Record, type Circumstances, type TrailRecord } from './trail-record';

/** The recording settings: the trail's event selectors and the buckets' logging configuration. */
export interface TrailSettings {
  readonly trailName: string;
  readonly trailBucket: string;
  readonly selectors: readonly EventSelector[];
  readonly accessLogBucket: string;
  readonly loggedBuckets: readonly LoggedBucket[];
}

/** A record to leave out of the trail. Missing fields match anything. */
export interface RecordToDrop {
  readonly eventName?: string;
  readonly key?: string;
  readonly requestID?: string;
}

export interface DroppedRecord {
  readonly eventName: string;
  readonly requestID: string;
  readonly eventID: string;
}

export interface Flushed {
  readonly records: number;
  readonly lines: number;
  readonly trailFiles: readonly string[];
  readonly digestFile: string;
  readonly accessLogFiles: readonly string[];
  /** Every record that was left out on purpose. */
  readonly dropped: readonly DroppedRecord[];
}

const RECORDS_IN_A_FILE = 5_000;

/** Whether the body can contain an issued key, a managed resource, or objects to delete. Others are not read. */
export function keepsBody({ method, url = '/', headers }: IncomingMessage): boolean {
  const service = signatureOf(url, headers)?.service ?? '';
  return service === 'sts' || (MANAGED_SERVICES.has(service) && service !== 'lambda') || (method === 'POST' && queryOf(url).has('delete'));
}

/** Turns reported exchanges into records and lines, and delivers them. */
export class Recorder {
  private trail?: { readonly settings: TrailSettings; readonly identity: TrailIdentity; readonly chain: DigestChain };
  private readonly records: TrailRecord[] = [];
  private readonly lines: LoggedLine[] = [];
  private undigested: DigestedFile[] = [];
  private readonly failures: string[] = [];
  private readonly toDrop: RecordToDrop[] = [];
  private readonly dropped: DroppedRecord[] = [];
  private readonly measuring = new Set<Promise<void>>();
  private delivering: Promise<unknown> = Promise.resolve();
  private readonly bucketOwner: string;

  constructor(
    private readonly account: string, private readonly region: string, readonly identities: Identities, private readonly s3: S3Client,
  ) {
    this.bucketOwner = canonicalUserId(account);
  }

  start(settings: TrailSettings): PublicKeyList {
    requireKnownFields(settings.selectors);
    const identity = { account: this.account, region: this.region, bucket: settings.trailBucket, trailName: settings.trailName };
    this.trail = { settings, identity, chain: new DigestChain(identity, new Date()) };
    return this.trail.chain.publicKeys();
  }

  dropNext(record: RecordToDrop): void {
    this.toDrop.push(record);
  }

  /** Incomplete evidence must not look complete: a request that was not recorded fails the next delivery. */
  take(exchange: Exchange): void {
    try {
      this.record(exchange);
    } catch (error) {
      this.failures.push(`${exchange.method} ${pathOf(exchange.url)}: ${(error as Error).message}`);
    }
  }

  private record(exchange: Exchange): void {
    const signature = signatureOf(exchange.url, exchange.requestHeaders);
    if (signature !== undefined && (signature.service === 'sts' || signature.service === 'iam')) {
      this.identities.learn(exchange, signature);
    }
    if (this.trail === undefined) {
      return;
    }
    const circumstances: Circumstances = {
      identity: this.identities.of(signature),
      signature,
      requestId: requestIdOf(exchange),
      account: this.account,
      region: this.region,
    };
    const { settings } = this.trail;
    switch (signature?.service ?? 's3') {
      case 's3': {
        const operation = s3OperationOf(exchange.method, exchange.url, exchange.requestHeaders);
        if (operation !== undefined) {
          this.takeS3(exchange, operation, settings, circumstances, signature);
        }
        break;
      }
      case 'sts':
        if (new URLSearchParams(exchange.requestText).get('Action') === 'AssumeRole') {
          this.add(assumeRoleRecord(exchange, circumstances));
        }
        break;
      case 'lambda': {
        const name = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(pathOf(exchange.url))?.[1];
        const functionName = decodeURIComponent(name ?? '').split(':function:').pop()!.split(':')[0];
        if (functionName !== '') {
          this.add(invokeRecord(exchange, `arn:aws:lambda:${this.region}:${this.account}:function:${functionName}`, circumstances));
        }
        break;
      }
      default:
    }
    const managed = managementRecord(exchange, signature?.service ?? '', circumstances);
    if (managed !== undefined) {
      this.add(managed);
    }
  }

  private takeS3(
    exchange: Exchange, operation: S3Operation, settings: TrailSettings, circumstances: Circumstances, signature?: RequestSignature,
  ): void {
    this.add(s3Record(exchange, operation, circumstances), operation.key);
    const touched = [operation.bucket, operation.copySource?.bucket];
    const logged = settings.loggedBuckets.filter(({ bucket }) => touched.includes(bucket));
    if (logged.length === 0) {
      return;
    }
    const write = (copiedSize?: number) => {
      for (const source of logged) {
        const lines = accessLogLines(exchange, operation, source.bucket, {
          identity: circumstances.identity, signature, requestId: circumstances.requestId, bucketOwner: this.bucketOwner, copiedSize,
        });
        this.lines.push(...lines.map((line) => ({ source, at: exchange.startedAt, line })));
      }
    };
    if (operation.copySource === undefined) {
      write();
      return;
    }
    // The size of the source of a copy is known to S3, but is not part of the request or response.
    const record = this.sizeOf(operation.copySource).then(write).finally(() => this.measuring.delete(record));
    this.measuring.add(record);
  }

  private async sizeOf({ bucket, key, versionId }: CopySource): Promise<number | undefined> {
    const head = await this.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId })).catch(() => undefined);
    return head?.ContentLength;
  }

  private add(record: TrailRecord, key?: string): void {
    if (!isSelected(record, this.trail!.settings.selectors)) {
      return;
    }
    const index = this.toDrop.findIndex((wanted) => (wanted.eventName ?? record.eventName) === record.eventName
      && (wanted.requestID ?? record.requestID) === record.requestID && (wanted.key ?? key) === key);
    if (index !== -1) {
      this.toDrop.splice(index, 1);
      this.dropped.push({ eventName: record.eventName, requestID: record.requestID, eventID: record.eventID });
      return;
    }
    this.records.push(record);
    if (this.records.length >= RECORDS_IN_A_FILE) {
      void this.deliverSoon();
    }
  }

  /** Delivers everything recorded so far, as the services do every few minutes. */
  async deliverSoon(): Promise<void> {
    await this.inTurn(async () => this.deliver()).catch((error: Error) => {
      process.stderr.write(`${error.stack}\n`);
    });
  }

  /** Delivers everything recorded so far, with a digest file that signs it. */
  async flush(): Promise<Flushed> {
    return this.inTurn(async () => {
      const { trail } = this;
      if (trail === undefined) {
        throw new Error('there is no trail yet: nothing was recorded');
      }
      if (this.failures.length > 0) {
        throw new Error(`not everything could be recorded:\n${this.failures.join('\n')}`);
      }
      const delivered = await this.deliver();
      // Digest files are named by the second in which they end.
      const wait = trail.chain.signedUntil.getTime() + 1_000 - Date.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)));
      const digest = trail.chain.next(this.undigested, new Date());
      await this.put(trail.settings.trailBucket, digest);
      this.undigested = [];
      return { ...delivered, digestFile: digest.key, dropped: [...this.dropped] };
    });
  }

  private async deliver(): Promise<Omit<Flushed, 'digestFile' | 'dropped'>> {
    const { settings, identity } = this.trail!;
    await Promise.all([...this.measuring]);
    const delivered = { records: 0, lines: 0, trailFiles: [] as string[], accessLogFiles: [] as string[] };
    // Records that could not be delivered are kept for the next delivery.
    for (let batch = this.records.slice(0, RECORDS_IN_A_FILE); batch.length > 0; batch = this.records.slice(0, RECORDS_IN_A_FILE)) {
      const { file, digested } = logFile(identity, batch, new Date());
      await this.put(settings.trailBucket, file);
      this.records.splice(0, batch.length);
      this.undigested.push(digested);
      delivered.trailFiles.push(file.key);
      delivered.records += batch.length;
    }
    const lines = this.lines.splice(0);
    for (const { file, from } of accessLogFiles(lines, this.account, this.region)) {
      try {
        await this.put(settings.accessLogBucket, file);
        delivered.accessLogFiles.push(file.key);
        delivered.lines += from.length;
      } catch (error) {
        this.lines.unshift(...from);
        throw error;
      }
    }
    return delivered;
  }

  private async put(bucket: string, { key, body, contentType, contentEncoding, metadata }: Delivery): Promise<void> {
    await this.s3.send(new PutObjectCommand({
      Bucket: bucket, Key: key, Body: body, ContentType: contentType, ContentEncoding: contentEncoding, Metadata: metadata,
    }));
  }

  /** Runs one delivery at a time. */
  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.delivering.then(work, work);
    this.delivering = result.catch(() => undefined);
    return result;
  }
}

/** From the response of the local AWS, so that the trail, the access log and the client agree. */
function requestIdOf({ responseHeaders, responseText }: Exchange): string {
  return headerOf(responseHeaders, 'x-amz-request-id')
    ?? headerOf(responseHeaders, 'x-amzn-requestid')
    ?? fieldOf(responseText, 'RequestId')
    ?? crypto.randomBytes(8).toString('hex').toUpperCase();
}
