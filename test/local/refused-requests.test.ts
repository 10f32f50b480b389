import type { ApiAnswer } from './rig/store-api';
import { entryOf, sample } from './support/sample';
import { TestBench, type Tester } from './support/tester';
import { ERRORS, type ErrorBody, type ErrorCode } from '../../src/contract/errors';
import { MINISTACK } from '../fidelity/engines';
import { proves } from '../fidelity/proves';

/** Asserts the common format of errors, and returns the body. */
function refusal(answer: ApiAnswer, code: ErrorCode): ErrorBody {
  expect(answer.json).toEqual({ code, message: expect.any(String), details: expect.any(Array), requestId: expect.any(String) });
  expect(answer.status).toBe(ERRORS[code].status);
  return answer.json as ErrorBody;
}

const fieldsOf = ({ details }: ErrorBody) => details.map(({ field }) => field);

describe('An invalid request', () => {
  let bench: TestBench;
  let ada: Tester;
  let grace: Tester;
  const good = sample('model.onnx', 1_000);
  const published = { model: 'refused', version: '1.0.0' };

  beforeAll(async () => {
    bench = new TestBench();
    [ada, grace] = await Promise.all([bench.as('dataScientist'), bench.as('pipeline')]);
    await ada.push(published.model, published.version, [good]);
  });
  afterAll(() => bench.close());

  test.each(['Upper', 'with space', '-dash-first', '.dot-first', 'a'.repeat(129), 'dots..inside', 'ümlaut'])(
    'with the model name "%s" is rejected with the rule for names', async (model) => {
      refusal(await ada.call('beginUpload', { parameters: { model }, body: { files: [{ digest: good.digest, size: good.size }] } }), 'invalid_name');
    });

  test('with an invalid version or alias name is rejected with the rule for names', async () => {
    refusal(await ada.publish('refused', 'Version One', [good]), 'invalid_name');
    refusal(await grace.move('refused', 'Prod!', { version: '1.0.0' }), 'invalid_name');
  });

  // [C-19] in docs/compliance.md
  test('to publish invalid paths is rejected with a list of all of them', async () => {
    const paths = ['../escape', '/absolute', 'a//b', 'C:/windows', 'back\\slash', 'fine', 'FINE', 'twice', 'twice', 'twice/below', 'control\u0007'];

    const answer = await ada.publish('refused', '2.0.0', paths.map((path) => ({ ...good, path })));

    const body = refusal(answer, 'invalid_manifest');
    expect(fieldsOf(body)).toEqual([0, 1, 2, 3, 4, 6, 8, 9, 10].map((index) => `files[${index}].path`));
  });

  test('to publish digests that do not match is rejected with the reason', async () => {
    const tooManyParts = { ...good, digest: `${good.digest}-3` };
    const otherDigest = { ...good, path: 'other', digest: '0'.repeat(64) };

    const body = refusal(await ada.publish('refused', '2.0.0', [tooManyParts, otherDigest]), 'invalid_manifest');

    expect(fieldsOf(body)).toEqual(['files[0].digest', 'files[1].digest']);
  });

  // [C-19] in docs/compliance.md
  test('with a body that does not match its schema is rejected before it reaches a function', async () => {
    const bodies = ['no JSON', '[]', '{}', '{"files":[]}', '{"files":[{"digest":"x","size":1}]}', '{"files":[{"digest":1}],"more":true}'];

    for (const body of bodies) {
      refusal(await ada.call('beginUpload', { parameters: { model: 'refused' }, body }), 'invalid_request');
    }
    proves(MINISTACK, 'apigateway.request-validation');
  });

  test('for presigned URLs for unknown parts is rejected with a list of all of them', async () => {
    const large = sample('large.bin', 17 * 2 ** 20);
    const links = [
      { digest: large.digest, size: large.size },
      { digest: large.digest, size: large.size, uploadId: 'some-upload', partNumber: 3, checksumSha256: large.parts[0].checksumSha256 },
      { digest: good.digest, size: good.size, partNumber: 1 },
    ];

    const body = refusal(await ada.call('uploadLinks', { parameters: { model: 'refused' }, body: { links } }), 'invalid_request');

    expect(fieldsOf(body)).toEqual([
      'links[0].uploadId', 'links[0].partNumber', 'links[0].checksumSha256', 'links[1].partNumber', 'links[2].partNumber',
    ]);
  });

  test('for a file whose size differs from the stored one is rejected', async () => {
    const lie = { ...entryOf(good), size: good.size + 1 };

    refusal(await ada.call('beginUpload', { parameters: { model: 'refused' }, body: { files: [{ digest: lie.digest, size: lie.size }] } }), 'wrong_size');
    refusal(await ada.call('publish', { parameters: { model: 'refused', version: '3.0.0' }, body: { files: [lie] } }), 'wrong_size');
  });

  test('to complete an unknown upload is rejected with the advice to start again', async () => {
    const large = sample('large.bin', 17 * 2 ** 20);

    refusal(await ada.call('completeUpload', {
      parameters: { model: 'refused' }, body: { digest: large.digest, size: large.size, uploadId: 'never-begun' },
    }), 'expired_upload');
  });

  test('for an unknown name is rejected with the kind of name that is unknown', async () => {
    refusal(await grace.call('showVersion', { parameters: { model: 'no-such-model', version: '1.0.0' } }), 'unknown_model');
    refusal(await grace.call('showVersion', { parameters: { model: 'refused', version: '9.9.9' } }), 'unknown_version');
    refusal(await grace.call('showAlias', { parameters: { model: 'refused', alias: 'nowhere' } }), 'unknown_alias');
    refusal(await grace.call('aliasHistory', { parameters: { model: 'refused', alias: 'nowhere' } }), 'unknown_alias');
    refusal(await grace.call('listVersions', { parameters: { model: 'no-such-model' } }), 'unknown_model');
    refusal(await grace.call('resolveReference', { parameters: { model: 'refused', reference: 'nowhere' } }), 'unknown_version');
  });

  test('with a forged page token is rejected', async () => {
    refusal(await grace.call('listModels', { query: { pageToken: 'made-up' } }), 'invalid_page_token');
  });

  test('with a page size out of range is rejected', async () => {
    for (const pageSize of ['0', '-1', '1001', 'ten', '1.5']) {
      refusal(await grace.call('listModels', { query: { pageSize } }), 'invalid_request');
    }
  });

  test('that the caller has no permission for is rejected in the same format, without the reason', async () => {
    const { message } = refusal(await ada.move('refused', 'production', { version: '1.0.0' }), 'forbidden');

    expect(message).not.toMatch(/arn:|execute-api|policy/);
  });

  // [C-04] in docs/compliance.md
  test('without credentials, or with an invalid signature, is rejected', async () => {
    const anonymous = await bench.api.call('listModels', undefined);
    const forged = await bench.with({ ...grace.credentials, secretAccessKey: 'not-the-secret' }).call('listModels');

    refusal(anonymous, 'unauthenticated');
    refusal(forged, 'unauthenticated');
  });

  test('returns no secrets in its error', async () => {
    const answers = await Promise.all([
      ada.publish('refused', '1.0.0', [sample('model.onnx', 5)]),
      grace.call('showVersion', { parameters: { model: 'refused', version: '9.9.9' } }),
    ]);

    for (const { text } of answers) {
      expect(text).not.toMatch(/X-Amz-|AWSAccessKeyId|sessionToken|arn:aws/i);
    }
  });
});
