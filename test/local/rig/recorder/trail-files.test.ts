import * as crypto from 'node:crypto';
import * as zlib from 'node:zlib';
import { accessLogFiles } from './access-log-files';
import { DigestChain, logFile, type Delivery, type PublicKeyList } from './trail-files';
import type { TrailRecord } from './trail-record';
import { verifyDigestChain, type StoredObject } from '../../support/digest-chain';

const TRAIL = { account: '111122223333', region: 'us-east-1', bucket: 'trail-bucket', trailName: 'local-trail' };
const at = (time: string) => new Date(`2026-11-21T${time}Z`);
const record = (time: string) => ({ eventTime: `2026-11-21T${time}Z`, eventName: 'GetObject' }) as TrailRecord;

describe('The files of the local trail', () => {
  const stored = new Map<string, StoredObject>();
  const store = ({ key, body, metadata = {} }: Delivery) => {
    stored.set(`${TRAIL.bucket}/${key}`, { body, metadata });
    return key;
  };
  const read = async (bucket: string, key: string) => {
    const found = stored.get(`${bucket}/${key}`);
    if (found === undefined) {
      throw new Error(`${key}: it is missing`);
    }
    return found;
  };
  let keys: PublicKeyList;
  let logs: string[];
  let digests: string[];

  beforeEach(() => {
    stored.clear();
    const chain = new DigestChain(TRAIL, at('19:00:00'));
    keys = chain.publicKeys();
    const first = logFile(TRAIL, [record('19:05:00'), record('19:01:00')], at('19:06:00'));
    const second = logFile(TRAIL, [record('20:30:00')], at('20:31:00'));
    logs = [store(first.file), store(second.file)];
    digests = [
      store(chain.next([first.digested], at('20:00:00'))),
      store(chain.next([second.digested], at('21:00:00'))),
      store(chain.next([], at('22:00:00'))),
    ];
  });
  const verify = async () => verifyDigestChain(digests[2], keys, read, TRAIL.bucket);

  test('have the keys that CloudTrail uses', () => {
    expect(logs[0]).toMatch(/^AWSLogs\/111122223333\/CloudTrail\/us-east-1\/2026\/11\/21\/111122223333_CloudTrail_us-east-1_20261121T1906Z_[A-Za-z0-9]{16}\.json\.gz$/);
    expect(digests[0]).toBe('AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/11/21/'
      + '111122223333_CloudTrail-Digest_us-east-1_local-trail_us-east-1_20261121T200000Z.json.gz');
    expect(JSON.parse(zlib.gunzipSync(stored.get(`${TRAIL.bucket}/${logs[0]}`)!.body).toString())).toEqual({ Records: [record('19:05:00'), record('19:01:00')] });
  });

  test('are covered by a chain of digest files, including those for hours without records', async () => {
    expect(await verify()).toEqual({ digestFiles: [digests[2], digests[1], digests[0]], logFiles: [logs[1], logs[0]] });

    const [first, , third] = digests.map((key) => JSON.parse(zlib.gunzipSync(stored.get(`${TRAIL.bucket}/${key}`)!.body).toString()));
    expect(first).toMatchObject({
      digestStartTime: '2026-11-21T19:00:00Z', oldestEventTime: '2026-11-21T19:01:00Z', newestEventTime: '2026-11-21T19:05:00Z', previousDigestSignature: null,
    });
    expect(third).toMatchObject({ digestStartTime: '2026-11-21T21:00:00Z', oldestEventTime: null, newestEventTime: null, logFiles: [] });
  });

  test.each<[string, () => void, RegExp]>([
    ['a log file was changed', () => change(logs[0], (text) => text.replace('GetObject', 'PutObject')), /it was changed/],
    ['a log file is missing', () => stored.delete(`${TRAIL.bucket}/${logs[1]}`), /it is missing/],
    ['a digest file was changed', () => change(digests[1], (text) => text.replace('"SHA-256"', '"SHA-512"')), /knows another hash/],
    ['a digest file is missing', () => stored.delete(`${TRAIL.bucket}/${digests[0]}`), /it is missing/],
    ['the newest digest file was changed', () => change(digests[2], (text) => text.replace('"logFiles":[]', '"logFiles": []')), /signature is not good/],
    ['it was signed with another key', () => {
      keys = { PublicKeyList: [{ ...keys.PublicKeyList[0], Value: new DigestChain(TRAIL, at('19:00:00')).publicKeys().PublicKeyList[0].Value }] };
    }, /signature is not good/],
  ])('show it when %s', async (_what, tamper, expected) => {
    tamper();

    await expect(verify()).rejects.toThrow(expected);
  });

  function change(key: string, replacement: (text: string) => string): void {
    const name = `${TRAIL.bucket}/${key}`;
    const before = stored.get(name)!;
    const text = zlib.gunzipSync(before.body).toString();
    expect(replacement(text)).not.toBe(text);
    stored.set(name, { ...before, body: zlib.gzipSync(replacement(text)) });
  }

  test('the public key has CloudTrail\'s format: PKCS#1 in DER, with its fingerprint', () => {
    const [{ Value: value, Fingerprint: fingerprint }] = keys.PublicKeyList;
    const der = Buffer.from(value, 'base64');

    expect(crypto.createPublicKey({ key: der, format: 'der', type: 'pkcs1' }).asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 });
    expect(fingerprint).toBe(crypto.createHash('md5').update(der).digest('hex'));
  });
});

describe('The files of the local access log', () => {
  test('have keys by account, Region, source and the day of the event', () => {
    const source = { bucket: 'models-bucket', prefix: 'artifact-bucket/' };
    const lines = [
      { source, at: new Date('2026-11-21T23:59:59Z'), line: 'one' },
      { source, at: new Date('2026-11-22T00:00:00Z'), line: 'two' },
      { source, at: new Date('2026-11-21T01:00:00Z'), line: 'three' },
    ];

    const files = accessLogFiles(lines, '111122223333', 'us-east-1').map(({ file }) => [file.key.replace(/[0-9A-F]{16}$/, '…'), file.body.toString()]);

    expect(files).toEqual([
      ['artifact-bucket/111122223333/us-east-1/models-bucket/2026/11/21/2026-11-21-00-00-00-…', 'one\nthree\n'],
      ['artifact-bucket/111122223333/us-east-1/models-bucket/2026/11/22/2026-11-22-00-00-00-…', 'two\n'],
    ]);
  });
});
