import { randomBytes } from 'node:crypto';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import type { UploadLink } from '../../../src/contract/wire';
import { objectLink } from '../../../src/handlers/aws/links';
import { proves } from '../../fidelity/proves';
import { errorCode } from '../../local/rig/store-api';
import { withAnotherSignature } from '../../local/support/another-signature';
import { sample, type Sample } from '../../local/support/sample';
import { onEveryEngine } from '../support/engine-bench';
import { openSession } from '../support/sessions';

const MIB = 2 ** 20;

/** MinIO returns 400 if a signed header is missing or the path differs; S3 and versitygw return 403. */
const REFUSED = [400, 403];

onEveryEngine('A presigned URL', (bench) => {
  const { engine } = bench.store.engine;
  const ada = bench.as('dataScientist');
  const grace = bench.as('pipeline');
  const model = `url-${randomBytes(4).toString('hex')}`;

  const uploadOf = async (size: number): Promise<{ readonly file: Sample; readonly link: UploadLink }> => {
    const file = sample('model.bin', size);
    const [link] = await ada.uploadLinks(model, file);
    return { file, link };
  };
  const without = (link: UploadLink, header: string): UploadLink => {
    const headers = Object.fromEntries(Object.entries(link.headers).filter(([name]) => name !== header));
    expect(headers).not.toEqual(link.headers);
    return { ...link, headers };
  };
  const isStored = async (name: string, { digest }: Sample) =>
    bench.s3
      .send(new HeadObjectCommand({ Bucket: bench.store.bucketName, Key: `models/${name}/blobs/sha256/${digest}` }))
      .then(
        () => true,
        () => false,
      );

  test('for an upload accepts exactly the bytes that it was signed for, once', async () => {
    const { file, link } = await uploadOf(1_000);
    const tampered = Buffer.from(file.bytes);
    tampered[500] = 255 - tampered[500];

    const refused = await ada.put(link, tampered);
    expect({ status: refused.status, stored: await isStored(model, file) }).toEqual({ status: 400, stored: false });
    expect(['BadDigest', 'XAmzContentChecksumMismatch']).toContain(errorCode(refused));
    expect((await ada.put(link, file.bytes)).status).toBe(200);
    const again = await ada.put(link, file.bytes);
    expect([again.status, errorCode(again)]).toEqual([412, 'PreconditionFailed']);
    proves(engine, 's3.put.bad-digest', 's3.put.if-none-match', 's3.presign.put');
  });

  test.each(['x-amz-checksum-sha256', 'if-none-match'])(
    'for an upload is rejected without its signed header %s',
    async (header) => {
      const { file, link } = await uploadOf(1_000);

      const answer = await ada.put(without(link, header), file.bytes);

      expect(REFUSED).toContain(answer.status);
      expect(errorCode(answer)).toMatch(/^(AccessDenied|SignatureDoesNotMatch|InvalidRequest)$/);
      expect(await isStored(model, file)).toBe(false);
      proves(engine, 's3.presign.signed-headers');
    },
  );

  test('for an upload is rejected with another value of a signed header', async () => {
    const { file, link } = await uploadOf(1_000);
    const other = sample('other.bin', 1_000);

    const answers = await Promise.all([
      ada.put(
        { ...link, headers: { ...link.headers, 'x-amz-checksum-sha256': other.parts[0].checksumSha256 } },
        other.bytes,
      ),
      ada.put({ ...link, headers: { ...link.headers, 'if-none-match': '"etag"' } }, file.bytes),
      ada.put(link, Buffer.concat([file.bytes, Buffer.from('more')])),
    ]);

    expect(answers.map(({ status }) => status >= 400 && status < 500)).toEqual([true, true, true]);
    expect(await isStored(model, file)).toBe(false);
    proves(engine, 's3.presign.signed-headers');
  });

  test('is rejected for another file, another model, another method or a listing', async () => {
    const { file, link } = await uploadOf(1_000);
    const other = sample('other.bin', 1_000);
    const request = { method: 'PUT', headers: link.headers, body: file.bytes };

    const answers = await Promise.all([
      bench.http.send({ ...request, url: link.url.replace(file.digest, other.digest) }),
      bench.http.send({ ...request, url: link.url.replace(`/models/${model}/`, `/models/${model}-other/`) }),
      bench.http.send({ method: 'GET', url: link.url }),
      bench.http.send({ method: 'DELETE', url: link.url }),
      bench.http.send({ method: 'GET', url: link.url.replace(/\/models\/[^?]*/, '/') }),
    ]);

    expect(answers.map(({ status }) => REFUSED.includes(status))).toEqual(Array(5).fill(true));
    proves(engine, 's3.presign.bound-to-key-and-method');
  });

  test('for a download returns the file and its ranges, and allows no other file, version or method', async () => {
    const [one, other] = [sample('one.bin', 5_000), sample('other.bin', 5_000)];
    await ada.push(`${model}-read`, '1', [one]);
    await ada.push(`${model}-read`, '2', [other]);
    const [link] = await grace.downloadLinks(`${model}-read`, '1', ['one.bin']);

    const whole = await grace.follow(link);
    expect({ status: whole.status, same: whole.bytes.equals(one.bytes) }).toEqual({ status: 200, same: true });
    const part = await bench.http.send({ method: 'GET', url: link.url, headers: { range: 'bytes=1000-1999' } });
    expect({ status: part.status, same: part.bytes.equals(one.bytes.subarray(1_000, 2_000)) }).toEqual({
      status: 206,
      same: true,
    });
    const refused = await Promise.all([
      bench.http.send({ method: 'GET', url: link.url.replace(one.digest, other.digest) }),
      bench.http.send({ method: 'PUT', url: link.url, body: other.bytes }),
      bench.http.send({ method: 'GET', url: withAnotherSignature(link.url) }),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403]);
    proves(engine, 's3.presign.get', 's3.get.range', 's3.presign.bound-to-key-and-method');
  });

  test('contains the signed address of the requester, which S3 ignores', async () => {
    const { file, link } = await uploadOf(10);

    const askedFrom = new URL(link.url).searchParams.get('x-asked-from');
    expect(askedFrom).toBe('127.0.0.1');
    expect(
      (
        await ada.put(
          { ...link, url: link.url.replace('x-asked-from=127.0.0.1', 'x-asked-from=127.0.0.2') },
          file.bytes,
        )
      ).status,
    ).toBe(403);
    expect((await ada.put(link, file.bytes)).status).toBe(200);
    proves(engine, 's3.presign.unknown-x-parameter');
  });

  test('is rejected once it has expired', async () => {
    const file = sample('late.bin', 1_000);
    const key = `models/${model}/blobs/sha256/${file.digest}`;
    const session = await openSession(bench.store, 'upload', {
      model,
      blobs: { actions: ['s3:PutObject'], keys: [key] },
    });
    const signedAgo = async (seconds: number) =>
      objectLink(
        session,
        { signingDate: new Date(Date.now() - seconds * 1_000), expiresIn: 60, expiresAt: '' },
        { bucketName: bench.store.bucketName, key, size: file.size, checksumSha256: file.parts[0].checksumSha256 },
      );

    const late = await ada.put(await signedAgo(62), file.bytes);
    const inTime = await ada.put(await signedAgo(5), file.bytes);
    session.s3.destroy();

    expect([late.status, errorCode(late), inTime.status]).toEqual([403, 'AccessDenied', 200]);
    proves(engine, 's3.presign.expiry');
  });

  test('is rejected with an unknown session token, or without one', async () => {
    const { file, link } = await uploadOf(1_000);
    const url = new URL(link.url);
    const token = url.searchParams.get('X-Amz-Security-Token')!;

    const other = await ada.put(
      { ...link, url: link.url.replace(encodeURIComponent(token), `${token.slice(0, -8)}AAAAAAAA`) },
      file.bytes,
    );
    const none = await ada.put({ ...link, url: link.url.replace(/&?X-Amz-Security-Token=[^&]*/, '') }, file.bytes);

    expect([other, none].map(({ status }) => REFUSED.includes(status))).toEqual([true, true]);
    expect(await isStored(model, file)).toBe(false);
    proves(engine, 's3.session-token.required');
  });

  test('for a part accepts only the bytes of that part', async () => {
    const file = sample('large.bin', 17 * MIB);
    const {
      files: [{ uploadId }],
    } = await ada.begin(model, [file]);
    const [first, second] = await ada.uploadLinks(model, file, uploadId);

    const swapped = await ada.put(second, file.parts[0].bytes.subarray(0, file.parts[1].bytes.length));
    expect(swapped.status).toBe(400);
    expect(
      (await ada.put({ ...first, url: first.url.replace('partNumber=1', 'partNumber=2') }, file.parts[0].bytes)).status,
    ).toBe(403);
    expect(REFUSED).toContain((await ada.put(without(first, 'x-amz-checksum-sha256'), file.parts[0].bytes)).status);
    const {
      files: [resumed],
    } = await ada.begin(model, [file]);
    expect(resumed).toMatchObject({ uploadId, partsPresent: [] });
    proves(engine, 's3.upload-part.bad-digest', 's3.presign.part');
  });
});
