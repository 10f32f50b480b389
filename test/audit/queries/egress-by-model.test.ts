import { answerOf } from '../support/evidence';
import { DIGEST, objectEvent, storeSession } from '../support/records';

const DAY = '2026-03-02';
const manifest = (version: string, time: string) => objectEvent({
  key: `models/fraud/versions/${version}/manifest.json`, bytes: 10, time,
});

describe('egress by model and version', () => {
  test('a file read with a presigned URL is attributed to the version whose manifest was read for it', async () => {
    const answer = await answerOf('egress-by-model', {
      records: [
        manifest('1.0', '2026-03-02T09:00:00Z'),
        objectEvent({ bytes: 100, time: '2026-03-02T09:05:00Z', link: { signedAt: '20260302T090001Z' } }),
        objectEvent({ bytes: 30, time: '2026-03-02T09:06:00Z', link: { signedAt: '20260302T090001Z' } }),
      ],
    }, DAY, DAY);
    expect(answer).toMatchObject([
      { model: 'fraud', version: '1.0', digest: null, bytes_out: 130, reads: 2, bookkeeping_bytes: 10, principals: 1 },
    ]);
  });

  test.each([
    ['signed long after the manifest was read', { link: { signedAt: '20260302T090100Z' } }],
    ['signed before the manifest was read', { link: { signedAt: '20260302T085958Z' } }],
    ['signed for another principal', { link: { signedAt: '20260302T090001Z' }, who: storeSession('Pipeline=release') }],
    [
      'for a file of another model',
      { link: { signedAt: '20260302T090001Z' }, key: `models/other/blobs/sha256/${DIGEST}` },
    ],
  ])('a presigned URL %s is not attributed to that version', async (_, read) => {
    const answer = await answerOf(
      'egress-by-model',
      { records: [manifest('1.0', '2026-03-02T09:00:00Z'), objectEvent({ bytes: 100, ...read })] },
      DAY,
      DAY,
    );
    expect(answer).toMatchObject([
      { version: null, digest: DIGEST, bytes_out: 100 }, { version: '1.0', bytes_out: 0, bookkeeping_bytes: 10 },
    ]);
  });

  test('if the version is ambiguous, the digest is shown', async () => {
    const answer = await answerOf('egress-by-model', {
      records: [
        manifest('1.0', '2026-03-02T09:00:00Z'),
        manifest('2.0', '2026-03-02T09:00:01Z'),
        // Two versions were requested at the same time.
        objectEvent({ bytes: 100, link: { signedAt: '20260302T090001Z' } }),
        // A link signed long after.
        objectEvent({ bytes: 100, link: { signedAt: '20260302T091000Z' } }),
        // Signed for another principal.
        objectEvent({ bytes: 100, who: storeSession('Pipeline=release'), link: { signedAt: '20260302T090000Z' } }),
        // No link.
        objectEvent({ bytes: 100 }),
      ],
    }, DAY, DAY);
    expect(answer).toMatchObject([
      { model: 'fraud', version: null, digest: DIGEST, bytes_out: 400, reads: 4, principals: 2 },
      { model: 'fraud', version: '1.0', bytes_out: 0, bookkeeping_bytes: 10 },
      { model: 'fraud', version: '2.0', bytes_out: 0, bookkeeping_bytes: 10 },
    ]);
  });

  test('reads are grouped by model, and other objects have no model', async () => {
    const answer = await answerOf('egress-by-model', {
      records: [
        objectEvent({ bytes: 5, key: `models/fraud-2/blobs/sha256/${DIGEST}` }),
        objectEvent({ bytes: 4, key: `models/fraud/blobs/sha256/${DIGEST}-12` }),
        objectEvent({ bytes: 3, key: 'notes.txt' }),
      ],
    }, DAY, DAY);
    expect(answer).toMatchObject([
      { model: 'fraud-2', digest: DIGEST, bytes_out: 5 },
      { model: 'fraud', digest: `${DIGEST}-12`, bytes_out: 4 },
      { model: null, version: null, digest: null, bytes_out: 3 },
    ]);
  });
});
