import { answerOf } from '../support/evidence';
import { managementEvent, objectEvent, session, storeSession } from '../support/records';

describe('egress by principal', () => {
  test('every byte is attributed to the principal of the session', async () => {
    const answer = await answerOf('egress-by-principal', {
      records: [
        objectEvent({ bytes: 100, link: { signedAt: '20260302T095900Z' } }),
        objectEvent({ bytes: 50.0 }),
        objectEvent({ bytes: 7, who: storeSession('Pipeline=release') }),
        // The same person, with a key of the same role and not through the store.
        objectEvent({ bytes: 3, who: session('DataScientist', 'alice') }),
      ],
    }, '2026-03-02', '2026-03-02');
    expect(answer).toMatchObject([
      {
        principal: 'DataScientist=alice',
        bytes_out: 153,
        reads: 3,
        reads_by_link: 1,
        reads_of_unknown_size: 0,
        models: 1,
      },
      { principal: 'Pipeline=release', bytes_out: 7, reads: 1 },
    ]);
  });

  test('requests without bytes of a model, or on another day, are not counted', async () => {
    const answer = await answerOf('egress-by-principal', {
      records: [
        objectEvent({ bytes: 300, error: 'AccessDenied' }),
        objectEvent({ bytes: 200, action: 'PutObject' }),
        objectEvent({
          bytes: 200, bucket: 'trail-logs', key: 'AWSLogs/111122223333/CloudTrail/eu-central-1/2026/03/02/a.json.gz',
        }),
        objectEvent({ bytes: 200, bucket: 'holiday-photos' }),
        objectEvent({ time: '2026-03-01T23:59:59Z' }),
        objectEvent({ time: '2026-03-03T00:00:00Z' }),
        objectEvent({ record: { eventCategory: 'NetworkActivity' } }),
        managementEvent('GetBucketPolicy', { bucketName: 'artifacts' }),
      ],
    }, '2026-03-02', '2026-03-02');
    expect(answer).toEqual([]);
  });

  test('a read without a size in the trail is counted as a read of unknown size', async () => {
    const answer = await answerOf('egress-by-principal', {
      records: [objectEvent({ bytes: 5 }), objectEvent({ record: { additionalEventData: null } })],
    }, '2026-03-02', '2026-03-02');
    expect(answer).toMatchObject([{ bytes_out: 5, reads: 2, reads_of_unknown_size: 1 }]);
  });
});
