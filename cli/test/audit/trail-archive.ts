import { createHash, type KeyObject, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Delivery, DigestChain, logFile, type TrailIdentity } from '../../../test/local/rig/recorder/trail-files';
import type { TrailRecord } from '../../../test/local/rig/recorder/trail-record';

export const TRAIL: TrailIdentity = {
  account: '111122223333', region: 'eu-central-1', bucket: 'trail-bucket', trailName: 'models_trail',
};

export interface DeliveredHour {
  readonly digest: string;
  readonly logs: readonly string[];
}

/** A downloaded archive of a trail, without the metadata of the objects. */
export class TrailArchive {
  readonly folder = mkdtempSync(join(tmpdir(), 'trail-'));
  readonly deliveries = new Map<string, Delivery>();
  private chain: DigestChain;

  constructor(private time = Date.parse('2026-11-10T08:00:00Z'), readonly trail = TRAIL) {
    this.chain = new DigestChain(trail, new Date(time));
  }

  /** The keys of the current chain. */
  publicKeys(file = 'public-keys.json', keys = this.chain.publicKeys()): string {
    const path = join(this.folder, file);
    writeFileSync(path, JSON.stringify(keys));
    return path;
  }

  get keys() {
    return this.chain.publicKeys();
  }

  /** A recreated trail with the same name, signed with the same keys, as CloudTrail does. */
  restart(afterHours: number): void {
    const {
      keys, publicKey, fingerprint,
    } = this.chain as unknown as { keys: object; publicKey: Buffer; fingerprint: string };
    this.time += afterHours * 3_600_000;
    this.chain = Object.assign(new DigestChain(this.trail, new Date(this.time)), { keys, publicKey, fingerprint });
  }

  hour(logs = 2): DeliveredHour {
    const delivered = Array.from({ length: logs }, (_, index) => {
      const at = this.time + (index + 1) * 10 * 60_000;
      return logFile(
        this.trail,
        [{
          eventTime: new Date(at).toISOString().replace('.000', ''), eventName: 'GetObject', eventID: `${at}`,
        } as unknown as TrailRecord],
        new Date(at),
      );
    });
    this.time += 3_600_000;
    const digest = this.chain.next(delivered.map(({ digested }) => digested), new Date(this.time));
    return { digest: this.put(digest), logs: delivered.map(({ file }) => this.put(file)) };
  }

  /** Writes a backfill digest file for log files that are missing in the digest file of their hour. */
  backfill(logs = 1): DeliveredHour {
    const { digest: key, logs: keys } = this.hour(logs);
    const { body, ...delivery } = this.deliveries.get(key)!;
    this.remove(key);
    const late = key.replace('.json.gz', '_backfill.json.gz');
    const digest = { ...JSON.parse(
      gunzipSync(body).toString(),
    ) as { digestEndTime: string }, digestS3Object: late, previousDigestS3Bucket: null,
    previousDigestS3Object: null, previousDigestHashValue: null, previousDigestHashAlgorithm: null, previousDigestSignature: null };
    const text = JSON.stringify(digest);
    const signed = [
      digest.digestEndTime, `${this.trail.bucket}/${late}`, createHash('sha256').update(text).digest('hex'), 'null',
    ].join('\n');
    const { privateKey } = (this.chain as unknown as { keys: { privateKey: KeyObject } }).keys;
    const metadata = {
      signature: sign('sha256', Buffer.from(signed), privateKey).toString('hex'),
      'signature-algorithm': 'SHA256withRSA',
    };
    return { digest: this.put({ ...delivery, key: late, body: gzipSync(text), metadata }), logs: keys };
  }

  hours(count: number): DeliveredHour[] {
    return Array.from({ length: count }, () => this.hour());
  }

  /** Delivers a log file that is not in a digest file yet. */
  late(): string {
    const at = new Date(this.time + 5 * 60_000);
    return this.put(
      logFile(this.trail, [{ eventTime: at.toISOString(), eventName: 'GetObject' } as unknown as TrailRecord], at).file,
    );
  }

  put(delivery: Delivery): string {
    this.deliveries.set(delivery.key, delivery);
    this.write(delivery.key, delivery.body);
    return delivery.key;
  }

  write(key: string, body: Buffer): void {
    mkdirSync(dirname(join(this.folder, key)), { recursive: true });
    writeFileSync(join(this.folder, key), body);
  }

  remove(...keys: readonly string[]): void {
    for (const key of keys) {
      this.deliveries.delete(key);
      rmSync(join(this.folder, key));
    }
  }

  /** Changes the text of a file. */
  change(key: string, replacement: (text: string) => string): void {
    const before = gunzipSync(readFileSync(join(this.folder, key))).toString();
    if (replacement(before) === before) {
      throw new Error(`${key} would not change`);
    }
    const body = gzipSync(replacement(before));
    const delivery = this.deliveries.get(key);
    if (delivery) {
      this.deliveries.set(key, { ...delivery, body });
    }
    this.write(key, body);
  }

  leave(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
