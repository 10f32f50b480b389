import * as crypto from 'node:crypto';
import * as zlib from 'node:zlib';
import type { PublicKeyList } from '../rig/recorder/trail-files';

export interface StoredObject {
  readonly body: Buffer;
  readonly metadata: { readonly [name: string]: string };
}

const sha256 = (bytes: Buffer) => crypto.createHash('sha256').update(bytes).digest('hex');

/**
 * Follows the digest files from the newest to the first, as AWS documents it, and returns the log files that they
 * cover. Throws at the first mismatch.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html
 */
export async function verifyDigestChain(
  newestKey: string, keys: PublicKeyList, read: (bucket: string, key: string) => Promise<StoredObject>, bucketOfNewest: string,
): Promise<{ readonly digestFiles: string[]; readonly logFiles: string[] }> {
  const digestFiles: string[] = [];
  const logFiles: string[] = [];
  let [bucket, key, knownSignature, knownHash]: (string | undefined)[] = [bucketOfNewest, newestKey];
  let startOfNewer: string | undefined;
  while (key !== undefined && bucket !== undefined) {
    const { body, metadata } = await read(bucket, key);
    const text = zlib.gunzipSync(body);
    const digest = JSON.parse(text.toString('utf8'));
    const signature = metadata.signature;
    const publicKey = keys.PublicKeyList.find(({ Fingerprint }) => Fingerprint === digest.digestPublicKeyFingerprint);
    check(publicKey !== undefined, key, 'no public key has its fingerprint');
    check(digest.digestS3Bucket === bucket && digest.digestS3Object === key, key, 'it was moved');
    check(knownSignature === undefined || knownSignature === signature, key, 'the next digest file knows another signature');
    check(knownHash === undefined || knownHash === sha256(text), key, 'the next digest file knows another hash');
    check(startOfNewer === undefined || startOfNewer === digest.digestEndTime, key, 'there is a gap behind it');
    const signed = [digest.digestEndTime, `${bucket}/${key}`, sha256(text), digest.previousDigestSignature ?? 'null'].join('\n');
    const rsa = crypto.createPublicKey({ key: Buffer.from(publicKey!.Value, 'base64'), format: 'der', type: 'pkcs1' });
    check(crypto.verify('RSA-SHA256', Buffer.from(signed), rsa, Buffer.from(signature, 'hex')), key, 'the signature is not good');
    for (const { s3Bucket, s3Object, hashValue } of digest.logFiles) {
      const log = await read(s3Bucket, s3Object);
      check(sha256(zlib.gunzipSync(log.body)) === hashValue, s3Object, 'it was changed');
      logFiles.push(s3Object);
    }
    digestFiles.push(key);
    startOfNewer = digest.digestStartTime;
    [bucket, key] = [digest.previousDigestS3Bucket ?? undefined, digest.previousDigestS3Object ?? undefined];
    [knownSignature, knownHash] = [digest.previousDigestSignature ?? undefined, digest.previousDigestHashValue ?? undefined];
  }
  return { digestFiles, logFiles };
}

function check(good: boolean, key: string, otherwise: string): void {
  if (!good) {
    throw new Error(`${key}: ${otherwise}`);
  }
}
