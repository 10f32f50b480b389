import { answerOf, select, type Row } from '../support/evidence';
import { ACCOUNT, objectEvent, session } from '../support/records';

const OTHER_ACCOUNT = '999999999999';
const DAY = '2026-03-02';

const egressOf = async (records: readonly Row[]) => {
  const rows = await answerOf('egress-by-principal', { records }, DAY, DAY);
  return rows.map(({ principal, bytes_out, reads }) => ({ principal, bytes_out, reads }));
};

/** The two records of a request by a role of another account: for the caller's account and for the bucket's. */
function recordedTwice(more: Row = {}): readonly [caller: Row, owner: Row] {
  const request = { bytes: 5000, requestId: 'REQUEST0000000X1' };
  return [
    objectEvent({
      ...request, who: session('Batch', 'job', undefined, OTHER_ACCOUNT),
      record: { recipientAccountId: OTHER_ACCOUNT, resources: [{ accountId: ACCOUNT, type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::artifacts' }], ...more },
    }),
    objectEvent({
      ...request, who: { type: 'AWSAccount', principalId: 'AROAEXAMPLE:job', accountId: OTHER_ACCOUNT },
      record: { recipientAccountId: ACCOUNT, ...more },
    }),
  ];
}

describe('one request is counted once', () => {
  test.each([
    ['the same shared event ID', { sharedEventID: '6f2a1b6e-0000-4000-8000-000000000001' }],
    ['the same request ID and no shared event ID', {}],
  ])('if two accounts recorded it, with %s; the record that names the caller is kept', async (_, more) => {
    const records = recordedTwice(more);
    const caller = `arn:aws:sts::${OTHER_ACCOUNT}:assumed-role/Batch/job`;
    expect(await egressOf(records)).toEqual([{ principal: caller, bytes_out: 5000, reads: 1 }]);
    expect(await egressOf([...records].reverse())).toEqual([{ principal: caller, bytes_out: 5000, reads: 1 }]);
  });

  test('if it was delivered twice', async () => {
    const record = objectEvent({ bytes: 7, requestId: 'REQUEST0000000X2' });
    expect(await egressOf([record, record])).toEqual([{ principal: 'DataScientist=alice', bytes_out: 7, reads: 1 }]);
  });

  test('if an addendum replaces its record', async () => {
    const record = objectEvent({ bytes: 2000, requestId: 'REQUEST0000000X3' });
    const addendum = {
      ...record, eventID: 'addendum', additionalEventData: { bytesTransferredOut: 3000 },
      addendum: {
        reason: 'UPDATED_DATA', updatedFields: 'additionalEventData', originalEventID: record.eventID,
        originalRequestID: record.requestID,
      },
    };
    const once = [{ principal: 'DataScientist=alice', bytes_out: 3000, reads: 1 }];
    expect(await egressOf([record, addendum])).toEqual(once);
    expect(await egressOf([addendum, record])).toEqual(once);
  });

  test('if its record is an addendum because of a late delivery', async () => {
    const record = objectEvent({ bytes: 7, record: { addendum: { reason: 'DELIVERY_DELAY' } } });
    expect(await egressOf([record])).toEqual([{ principal: 'DataScientist=alice', bytes_out: 7, reads: 1 }]);
  });

  test('but different requests of one caller are not the same, even with one request ID', async () => {
    const records = ['a', 'b'].map((file) => objectEvent({
      bytes: 7, requestId: 'REQUEST0000000X4', key: `models/fraud/blobs/sha256/${file}`,
    }));
    expect(await egressOf(records)).toEqual([{ principal: 'DataScientist=alice', bytes_out: 14, reads: 2 }]);
  });
});

describe('two records with one ID and different content', () => {
  const ann = objectEvent({ bytes: 1000, who: session('Scientist', 'ann'), requestId: 'REQUEST0000000X5' });
  const eve = {
    ...objectEvent({ bytes: 5000, who: session('Scientist', 'eve'), requestId: 'REQUEST0000000X5' }), eventID: ann.eventID,
  };

  test('are both counted', async () => {
    expect(await egressOf([ann, eve, ann])).toEqual([
      { principal: 'Scientist=eve', bytes_out: 5000, reads: 1 }, { principal: 'Scientist=ann', bytes_out: 1000, reads: 1 },
    ]);
  });

  test('are rows of conflicting-records', async () => {
    const rows = await answerOf('conflicting-records', { records: [ann, eve, ann, objectEvent()] }, DAY, DAY);
    expect(rows.map(({ event_id, principal, bytes_out }) => [event_id, principal, bytes_out])).toEqual([
      [ann.eventID, 'Scientist=ann', 1000], [ann.eventID, 'Scientist=eve', 5000],
    ]);
  });

  test('are not reported if they are duplicates that were delivered on different days', async () => {
    const records = [{ ...ann, delivery_day: DAY }, { ...ann, delivery_day: '2026-03-03' }];
    expect(await answerOf('conflicting-records', { records }, DAY, '2026-03-03')).toEqual([]);
  });
});

describe('a copy within a bucket', () => {
  const copyTo = (bucket: string) => objectEvent({
    action: 'CopyObject', bucket, key: 'archive/x',
    parameters: { 'x-amz-copy-source': 'artifacts/models/fraud/blobs/sha256/b', 'x-amz-copy-source-range': 'bytes=0-99' },
  });
  const copies = async (bucket: string) =>
    (await select({ records: [copyTo(bucket)] }, 'SELECT egress, bytes_out FROM egress_events')).rows;

  test('is no egress, because its bytes stay in the bucket', async () => {
    expect(await copies('artifacts')).toEqual([{ egress: false, bytes_out: 0 }]);
  });

  test('is listed with the other copies', async () => {
    const rows = await answerOf('copies-to-other-buckets', { records: [copyTo('artifacts')] }, DAY, DAY);
    expect(rows).toMatchObject([{ to_another_bucket: false, destination: 'artifacts/archive/x' }]);
  });

  test('to another bucket is egress', async () => {
    expect(await copies('elsewhere')).toEqual([{ egress: true, bytes_out: 100 }]);
  });
});
