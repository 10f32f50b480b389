import { answerOf, select, type Row } from '../support/evidence';
import { managementEvent, objectEvent, session } from '../support/records';

const DAY = '2026-03-02';

/** The columns of the one read, without the IDs that differ between records. */
async function readOf(record: Row): Promise<Row> {
  const { rows } = await select({ records: [record] }, 'SELECT * FROM egress_events');
  expect(rows).toHaveLength(1);
  return { ...rows[0], request_id: undefined, event_id: undefined };
}

describe('an empty string, which exports write for a missing value', () => {
  test('as the error code is no error', async () => {
    const records = [objectEvent({ bytes: 5_000, record: { errorCode: '', errorMessage: '' } })];
    expect(await answerOf('egress-by-principal', { records }, DAY, DAY)).toMatchObject([{ bytes_out: 5_000, reads: 1 }]);
  });

  test.each(['errorCode', 'errorMessage', 'vpcEndpointId', 'recipientAccountId', 'eventCategory'])('in %s is the same as none', async (field) => {
    const withValue = (value: unknown) => readOf(objectEvent({ record: { [field]: value } }));
    expect(await withValue('')).toEqual(await withValue(undefined));
  });

  test.each(['type', 'arn', 'accountId', 'userName', 'principalId', 'invokedBy', 'accessKeyId', 'identityProvider', 'credentialId'])(
    'in userIdentity.%s is the same as none', async (field) => {
      const withValue = (value: unknown) => readOf(objectEvent({ who: { ...session('Scientist', 'joan'), [field]: value } }));
      expect(await withValue('')).toEqual(await withValue(undefined));
    },
  );

  test('as the source identity does not hide who read', async () => {
    const read = await readOf(objectEvent({ who: session('Scientist', 'joan', '') }));
    expect(read.principal).toBe('Scientist=joan');
  });
});

describe('a request that is too large for its record', () => {
  const omitted = { omitted: true, reason: 'requestParameters too large' };

  test.each([
    ['replication-changes', 'PutBucketReplication'], ['deletions', 'PutBucketLifecycle'], ['protection-changes', 'PutBucketPolicy'],
  ])('is shown by %s, although it names no bucket', async (query, action) => {
    const records = [managementEvent(action, omitted)];
    expect(await answerOf(query, { records }, DAY, DAY)).toMatchObject([{ action, principal: 'DataScientist=alice' }]);
  });
});
