import { errorCode } from './rig/store-api';
import { entryOf, sample, sha256Hex } from './support/sample';
import { TestBench, type Tester } from './support/tester';
import type { PublishResponse, VersionResponse } from '../../src/contract/wire';
import { MINISTACK } from '../fidelity/engines';
import { proves } from '../fidelity/proves';

const MIB = 2 ** 20;

describe('Pushing a model, over raw HTTP against the deployed functions', () => {
  let bench: TestBench;
  let ada: Tester;

  beforeAll(async () => {
    bench = new TestBench();
    ada = await bench.as('dataScientist');
  });
  afterAll(() => bench.close());

  test('single-part, multipart and empty files become one version', async () => {
    const files = [sample('weights.bin', 17 * MIB + 3), sample('config.json', '{}'), sample('empty', ''), sample('a/deep/folder/vocabulary.txt', 2_000)];

    await ada.send('push-all-sizes', files);
    const answer = await ada.publish('push-all-sizes', '1.0.0', files, { metadata: { framework: 'onnx' } });

    expect(answer.status).toBe(201);
    const { manifest, created } = answer.json as PublishResponse;
    expect(created).toBe(true);
    expect(manifest.files.map(({ path }) => path)).toEqual(['a/deep/folder/vocabulary.txt', 'config.json', 'empty', 'weights.bin']);
    expect(manifest.metadata).toEqual({ framework: 'onnx' });
    expect(manifest.createdBy).toMatch(/assumed-role\/.+\/ada$/);
    proves(MINISTACK, 's3.complete-multipart-upload', 's3.multipart.checksum-sha256-composite', 's3.head.checksum-mode');
  });

  test('the manifest digest matches the object in the bucket, and the version is signed', async () => {
    const files = [sample('model.onnx', 1_000)];
    const { manifestSha256, signature } = await ada.push('push-stored', '1.0.0', files);

    const { localAws, bucketName } = bench.store;
    const url = `${localAws.endpoint}/${bucketName}/models/push-stored/versions/1.0.0/manifest.json`;
    const stored = await bench.http.sendSigned({ method: 'GET', url }, localAws.root, 's3', localAws.region);

    expect(sha256Hex(stored.bytes)).toBe(manifestSha256);
    expect(JSON.parse(signature!)).toHaveProperty('dsseEnvelope');
  });

  test('a file that the store already has, in any version, is not uploaded again', async () => {
    const [first, second] = [sample('first.bin', 500), sample('second.bin', 600)];
    await ada.push('push-have', '1.0.0', [first]);

    const { files } = await ada.begin('push-have', [first, second]);

    expect(files.map(({ state }) => state)).toEqual(['have', 'need']);
  });

  test('a file of one model is not available to another', async () => {
    const file = sample('shared.bin', 500);
    await ada.push('push-tenant-a', '1.0.0', [file]);

    const { files } = await ada.begin('push-tenant-b', [file]);

    expect(files[0].state).toBe('need');
  });

  test('an interrupted upload is resumed', async () => {
    const file = sample('large.bin', 33 * MIB);
    const { files: [{ uploadId }] } = await ada.begin('push-resume', [file]);
    const [secondPart] = await ada.uploadLinks('push-resume', file, uploadId, [2]);
    expect((await ada.put(secondPart, file.parts[1].bytes)).status).toBe(200);

    const { files: [resumed] } = await ada.begin('push-resume', [file]);

    expect(resumed.uploadId).toBe(uploadId);
    expect(resumed.partsPresent).toEqual([{ partNumber: 2, size: 16 * MIB, checksumSha256: file.parts[1].checksumSha256 }]);
    proves(MINISTACK, 's3.list-multipart-uploads.by-key', 's3.list-parts.checksums');
  });

  test('publishing completes an upload whose completion request was lost', async () => {
    const file = sample('large.bin', 17 * MIB);
    const { files: [{ uploadId }] } = await ada.begin('push-unjoined', [file]);
    const links = await ada.uploadLinks('push-unjoined', file, uploadId);
    for (const [index, link] of links.entries()) {
      expect((await ada.put(link, file.parts[index].bytes)).status).toBe(200);
    }

    const answer = await ada.publish('push-unjoined', '1.0.0', [file]);

    expect(answer.status).toBe(201);
  });

  test('completing the same upload twice succeeds both times', async () => {
    const file = sample('large.bin', 17 * MIB);
    const { files: [{ uploadId }] } = await ada.begin('push-join-twice', [file]);
    const links = await ada.uploadLinks('push-join-twice', file, uploadId);
    for (const [index, link] of links.entries()) {
      await ada.put(link, file.parts[index].bytes);
    }
    const complete = async () => ada.call('completeUpload', { parameters: { model: 'push-join-twice' }, body: { digest: file.digest, size: file.size, uploadId } });

    expect((await complete()).status).toBe(200);
    expect((await complete()).status).toBe(200);
  });

  test('publishing the same version again changes nothing and says so', async () => {
    const files = [sample('model.onnx', 700)];
    const first = await ada.push('push-again', '1.0.0', files);

    const again = await ada.publish('push-again', '1.0.0', files);

    expect(again.status).toBe(200);
    expect(again.json).toMatchObject({ created: false, manifestSha256: first.manifestSha256 });
  });

  // [C-16] in docs/compliance.md
  test('a version never changes: publishing different content under its name is a conflict', async () => {
    const [before, after] = [sample('model.onnx', 700), sample('model.onnx', 700)];
    await ada.push('push-conflict', '1.0.0', [before]);
    await ada.send('push-conflict', [after]);

    const answer = await ada.publish('push-conflict', '1.0.0', [after]);

    expect([answer.status, errorCode(answer)]).toEqual([409, 'version_exists']);
    const { manifest } = await ada.get<VersionResponse>('showVersion', { parameters: { model: 'push-conflict', version: '1.0.0' } });
    expect(manifest.files[0].digest).toBe(before.digest);
  });

  test('of concurrent publishers of a version with different content, exactly one succeeds', async () => {
    const candidates = Array.from({ length: 4 }, (_, index) => sample('model.onnx', 100 + index));
    await ada.send('push-race', candidates);

    const answers = await Promise.all(candidates.map(async (file) => ada.publish('push-race', '1.0.0', [file])));

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    const winner = candidates[answers.findIndex(({ status }) => status === 201)];
    const { manifest } = await ada.get<VersionResponse>('showVersion', { parameters: { model: 'push-race', version: '1.0.0' } });
    expect(manifest.files[0].digest).toBe(winner.digest);
    proves(MINISTACK, 's3.put.if-none-match.race');
  });

  test('of concurrent publishers of a version with the same content, one creates it and all succeed', async () => {
    const files = [sample('model.onnx', 900)];
    await ada.send('push-same-race', files);

    const answers = await Promise.all(Array.from({ length: 4 }, async () => ada.publish('push-same-race', '1.0.0', files)));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    expect(new Set(answers.map(({ json }) => json.manifestSha256)).size).toBe(1);
  });

  test('a version with files that were not uploaded is rejected, with every one of them named', async () => {
    const [sent, ...missing] = [sample('sent.bin', 10), sample('missing.bin', 20), sample('unfinished.bin', 17 * MIB)];
    await ada.send('push-missing', [sent]);
    await ada.begin('push-missing', missing);

    const answer = await ada.publish('push-missing', '1.0.0', [sent, ...missing]);

    expect([answer.status, errorCode(answer)]).toEqual([409, 'blobs_missing']);
    expect(answer.json.details.map(({ field }: { field: string }) => field)).toEqual(['missing.bin', 'unfinished.bin']);
    const shown = await ada.call('showVersion', { parameters: { model: 'push-missing', version: '1.0.0' } });
    expect(shown.status).toBe(404);
  });

  test('identical files under two paths are stored once', async () => {
    const [one, other] = [sample('one.bin', 'the very same'), sample('other.bin', 'the very same')];
    const { manifest } = await ada.push('push-twins', '1.0.0', [one, other]);

    expect(manifest.files.map(({ digest }) => digest)).toEqual([one.digest, one.digest]);
  });

  test('a version can name its base version, if that exists', async () => {
    const files = [sample('model.onnx', 50)];
    await ada.push('push-base', '1.0.0', files);
    const publish = async (version: string, base: string) =>
      ada.call('publish', { parameters: { model: 'push-base', version }, body: { files: files.map(entryOf), base } });

    expect((await publish('1.0.1', '1.0.0')).status).toBe(201);
    expect(errorCode(await publish('1.0.2', '0.9.0'))).toBe('unknown_version');
  });
});
