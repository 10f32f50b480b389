import { answerOf, select, type Row } from '../support/evidence';
import { managementEvent, objectEvent, session } from '../support/records';

const DAY = '2026-03-02';

/** The requests, in the order of the records, without what differs between any two records. */
async function requestsOf(records: readonly Row[]): Promise<Row[]> {
  const timed = records.map((record, index) => ({ ...record, eventTime: `2026-03-02T10:00:${String(index).padStart(2, '0')}Z` }));
  const { rows } = await select({ records: timed }, 'SELECT * FROM egress_events ORDER BY event_time');
  expect(rows).toHaveLength(records.length);
  return rows.map((row) => ({ ...row, event_time: undefined, request_id: undefined, event_id: undefined }));
}

describe('an empty string, which exports write for a missing value', () => {
  test('as the error code means success', async () => {
    const records = [objectEvent({ bytes: 5_000, record: { errorCode: '', errorMessage: '' } })];
    expect(await answerOf('egress-by-principal', { records }, DAY, DAY)).toMatchObject([{ bytes_out: 5_000, reads: 1 }]);
  });

  test('in a field of the record or of the identity is the same as none', async () => {
    const inRecord = ['errorCode', 'errorMessage', 'vpcEndpointId', 'recipientAccountId', 'eventCategory'].flatMap((field) =>
      ['', undefined].map((value) => objectEvent({ record: { [field]: value } })));
    const inIdentity = [
      'type', 'arn', 'accountId', 'userName', 'principalId', 'invokedBy', 'accessKeyId', 'identityProvider', 'credentialId',
    ].flatMap((field) => ['', undefined].map((value) => objectEvent({ who: { ...session('Scientist', 'joan'), [field]: value } })));

    const requests = await requestsOf([...inRecord, ...inIdentity]);

    const [empty, none] = [0, 1].map((rest) => requests.filter((_, index) => index % 2 === rest));
    expect(empty).toEqual(none);
  });

  test('as the source identity does not hide who read', async () => {
    const [{ principal }] = await requestsOf([objectEvent({ who: session('Scientist', 'joan', '') })]);
    expect(principal).toBe('Scientist=joan');
  });
});

describe('a denied call whose record has no parameters', () => {
  const denied = (resource: string) => managementEvent('PutRolePolicy', null as never, {
    eventSource: 'iam.amazonaws.com', errorCode: 'AccessDenied',
    errorMessage: `User: arn:aws:iam::111122223333:user/eve is not authorized to perform: iam:PutRolePolicy on resource: ${resource} because no identity-based policy allows it`,
  });
  const found = async (record: Row) => (await answerOf('protection-changes', { records: [record] }, DAY, DAY)).map(({ resource }) => resource);

  test.each(['role DownloadSession', 'arn:aws:iam::111122223333:role/path/DownloadSession'])('is judged by the resource in the message: %s', async (resource) => {
    expect(await found(denied(resource))).toEqual(['DownloadSession']);
  });

  test('is not shown if the message names another resource, but is if it names none', async () => {
    expect(await found(denied('role WebTeam'))).toEqual([]);
    expect(await found({ ...denied('role WebTeam'), errorMessage: 'Access denied' })).toEqual([null]);
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
