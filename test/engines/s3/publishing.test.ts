import { randomBytes } from 'node:crypto';
import {
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { PublishResponse, VersionResponse } from '../../../src/contract/wire';
import { proves } from '../../fidelity/proves';
import { errorCode } from '../../local/rig/store-api';
import { entryOf, sample, sha256Hex, type Sample } from '../../local/support/sample';
import { onEveryEngine } from '../support/engine-bench';

const MIB = 2 ** 20;
const PART_BYTES = 16 * MIB;

onEveryEngine('The functions', (bench) => {
  const { store } = bench;
  const { engine, encrypted } = store.engine;
  const Bucket = store.bucketName;
  const ada = bench.as('dataScientist');
  const prefix = `fn-${randomBytes(4).toString('hex')}`;
  const blobKeyOf = (model: string, { digest }: Sample) => `models/${model}/blobs/sha256/${digest}`;

  test('publish files whose digests are the checksums in S3, encrypted if the engine supports it', async () => {
    const model = `${prefix}-stored`;
    const [large, small] = [sample('large.bin', 17 * MIB + 3), sample('small.bin', 100)];
    const { manifestSha256, signature } = await ada.push(model, '1', [large, small]);

    for (const file of [large, small]) {
      const head = await bench.s3.send(
        new HeadObjectCommand({ Bucket, Key: blobKeyOf(model, file), ChecksumMode: 'ENABLED' }),
      );
      const [hex, parts] = file.digest.split('-');
      const base64 = Buffer.from(hex, 'hex').toString('base64');
      expect(head.ChecksumSHA256).toBe(parts === undefined ? base64 : `${base64}-${parts}`);
      expect(head.ServerSideEncryption).toBe(encrypted ? 'aws:kms' : undefined);
    }
    const manifest = await bench.s3.send(
      new GetObjectCommand({ Bucket, Key: `models/${model}/versions/1/manifest.json` }),
    );
    expect(sha256Hex(await manifest.Body!.transformToByteArray())).toBe(manifestSha256);
    expect(JSON.parse(signature!)).toHaveProperty('dsseEnvelope');
    // Committed with the manifest, in the same object.
    expect(manifest.Metadata).toEqual({
      signature: JSON.parse(signature!).dsseEnvelope.signatures[0].sig,
      'signing-key': expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    proves(
      engine,
      's3.multipart.checksum-sha256-composite',
      's3.head.checksum-mode',
      ...(encrypted ? ['s3.default-encryption.sse-kms'] : []),
    );
  });

  test('resume an interrupted upload, and list the parts that S3 has with their checksums', async () => {
    const model = `${prefix}-resume`;
    const file = sample('large.bin', 33 * MIB);
    const {
      files: [{ uploadId }],
    } = await ada.begin(model, [file]);
    const [second] = await ada.uploadLinks(model, file, uploadId, [2]);
    expect((await ada.put(second, file.parts[1].bytes)).status).toBe(200);

    const {
      files: [resumed],
    } = await ada.begin(model, [file]);

    expect(resumed.uploadId).toBe(uploadId);
    expect(resumed.partsPresent).toEqual([
      { partNumber: 2, size: PART_BYTES, checksumSha256: file.parts[1].checksumSha256 },
    ]);
    proves(engine, 's3.list-multipart-uploads.by-key', 's3.list-parts.is-truncated', 's3.list-parts.checksums');
  });

  test('find every part of an upload that S3 lists on several pages', async () => {
    const model = `${prefix}-pages`;
    const parts = 1_001;
    // The size of a file with this number of parts, the last with one byte. The others are too small, which S3 checks
    // only on completion.
    const size = (parts - 1) * PART_BYTES + 1;
    const digest = `${'ab'.repeat(32)}-${parts}`;
    const {
      json: {
        files: [{ uploadId }],
      },
    } = await ada.call('beginUpload', { parameters: { model }, body: { files: [{ digest, size }] } });
    const numbers = Array.from({ length: parts }, (_value, index) => index + 1);
    const upload = async (PartNumber: number) =>
      bench.s3.send(
        new UploadPartCommand({
          Bucket,
          Key: `models/${model}/blobs/sha256/${digest}`,
          UploadId: uploadId,
          PartNumber,
          Body: Buffer.from('x'),
          ChecksumAlgorithm: 'SHA256',
        }),
      );
    while (numbers.length > 0) {
      await Promise.all(numbers.splice(0, 50).map(upload));
    }

    const {
      json: {
        files: [resumed],
      },
    } = await ada.call('beginUpload', { parameters: { model }, body: { files: [{ digest, size }] } });
    const completed = await ada.call('completeUpload', { parameters: { model }, body: { digest, size, uploadId } });

    expect(resumed.uploadId).toBe(uploadId);
    expect(resumed.partsPresent.map(({ partNumber }: { partNumber: number }) => partNumber)).toEqual([parts]);
    // None of them is missing; they have the wrong size.
    expect([completed.status, errorCode(completed)]).toEqual([409, 'wrong_size']);
    proves(engine, 's3.list-parts.is-truncated');
  });

  test.each(['CRC32', undefined] as const)(
    'do not resume an upload that was started with the checksum %p',
    async (ChecksumAlgorithm) => {
      const model = `${prefix}-foreign-${ChecksumAlgorithm ?? 'none'}`.toLowerCase();
      const file = sample('large.bin', 17 * MIB);
      const Key = blobKeyOf(model, file);
      const { UploadId: foreign } = await bench.s3.send(
        new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm }),
      );

      const {
        files: [{ uploadId }],
      } = await ada.begin(model, [file]);
      await ada.push(model, '1', [file]);

      expect(uploadId).not.toBe(foreign);
      const head = await bench.s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
      expect(head.ChecksumSHA256).toMatch(/-2$/);
      proves(engine, 's3.list-parts.checksum-algorithm');
    },
  );

  test('complete the same upload twice, and answer "begin again" for an unknown upload', async () => {
    const model = `${prefix}-twice`;
    const file = sample('large.bin', 17 * MIB);
    const {
      files: [{ uploadId }],
    } = await ada.begin(model, [file]);
    const links = await ada.uploadLinks(model, file, uploadId);
    for (const [index, link] of links.entries()) {
      expect((await ada.put(link, file.parts[index].bytes)).status).toBe(200);
    }
    const complete = async (id: string | undefined, { digest, size }: Sample) =>
      ada.call('completeUpload', { parameters: { model }, body: { digest, size, uploadId: id } });

    expect((await complete(uploadId, file)).status).toBe(200);
    expect((await complete(uploadId, file)).status).toBe(200);
    const unknown = await complete(uploadId, sample('other.bin', 17 * MIB));
    expect([unknown.status, errorCode(unknown)]).toEqual([410, 'expired_upload']);
    const madeUp = await complete('never-begun', sample('other.bin', 17 * MIB));
    expect([madeUp.status, errorCode(madeUp)]).toEqual([410, 'expired_upload']);
    proves(engine, 's3.complete-multipart-upload', 's3.list-parts.no-such-upload');
  });

  test('publish no version with missing files or missing parts', async () => {
    const model = `${prefix}-early`;
    const [sent, missing, unfinished] = [
      sample('sent.bin', 10),
      sample('missing.bin', 20),
      sample('unfinished.bin', 17 * MIB),
    ];
    await ada.send(model, [sent]);
    const {
      files: [{ uploadId }],
    } = await ada.begin(model, [unfinished]);
    const [first, second] = await ada.uploadLinks(model, unfinished, uploadId);
    await ada.put(first, unfinished.parts[0].bytes);

    const answer = await ada.publish(model, '1', [sent, missing, unfinished]);
    expect([answer.status, errorCode(answer)]).toEqual([409, 'blobs_missing']);
    expect(answer.json.details.map(({ field }: { field: string }) => field)).toEqual(['missing.bin', 'unfinished.bin']);
    expect((await ada.call('showVersion', { parameters: { model, version: '1' } })).status).toBe(404);

    // All parts are uploaded, but the upload is not completed: publishing completes it.
    await ada.put(second, unfinished.parts[1].bytes);
    expect((await ada.publish(model, '1', [sent, unfinished])).status).toBe(201);
  });

  test('store a manifest once: a second one is a conflict, and S3 itself rejects an overwrite', async () => {
    const model = `${prefix}-once`;
    const [before, after] = [sample('model.onnx', 700), sample('model.onnx', 700)];
    await ada.push(model, '1', [before]);
    await ada.send(model, [after]);

    const answer = await ada.publish(model, '1', [after]);
    expect([answer.status, errorCode(answer)]).toEqual([409, 'version_exists']);
    const direct = bench.s3.send(
      new PutObjectCommand({ Bucket, Key: `models/${model}/versions/1/manifest.json`, Body: '{}', IfNoneMatch: '*' }),
    );
    await expect(direct).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
    const { manifest } = await ada.get<VersionResponse>('showVersion', { parameters: { model, version: '1' } });
    expect(manifest.files[0].digest).toBe(before.digest);
    proves(engine, 's3.put.if-none-match');
  });

  test('accept exactly one of many concurrent publishers, and all of them if they publish the same files', async () => {
    const model = `${prefix}-race`;
    const candidates = Array.from({ length: 8 }, (_, index) => sample('model.onnx', 100 + index));
    await ada.send(model, candidates);

    const answers = await Promise.all(candidates.map(async (file) => ada.publish(model, '1', [file])));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(7).fill(409)]);
    const winner = candidates[answers.findIndex(({ status }) => status === 201)];
    const { manifest } = await ada.get<VersionResponse>('showVersion', { parameters: { model, version: '1' } });
    expect(manifest.files[0].digest).toBe(winner.digest);

    const same = await Promise.all(Array.from({ length: 8 }, async () => ada.publish(model, '2', [candidates[0]])));
    expect(same.map(({ status }) => status).sort()).toEqual([...Array<number>(7).fill(200), 201]);
    expect(new Set(same.map(({ json }) => (json as PublishResponse).manifestSha256)).size).toBe(1);
    proves(engine, 's3.put.if-none-match.race');
  });

  test('reject a file whose size differs from the stored one', async () => {
    const model = `${prefix}-size`;
    const file = sample('model.onnx', 1_000);
    await ada.push(model, '1', [file]);

    const answer = await ada.call('publish', {
      parameters: { model, version: '2' },
      body: { files: [{ ...entryOf(file), size: 1_001 }] },
    });

    expect([answer.status, errorCode(answer)]).toEqual([409, 'wrong_size']);
  });
});
