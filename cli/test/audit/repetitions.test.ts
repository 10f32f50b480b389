import { Auditor } from './auditor';
import { objectEvent, session } from '../../../test/audit/support/records';

let auditor: Auditor;
beforeEach(() => { auditor = new Auditor(); });
afterEach(async () => auditor.leave());

const OTHER_ACCOUNT = '999999999999';
const TIME = '2026-11-03T09:30:00Z';

/** Who read how many bytes, and what was left out. */
async function reads(...records: object[]) {
  auditor.keep(...records);
  const { stdout, exitCode } = await auditor.ask('egress-by-principal', '--json');
  expect(exitCode).toBe(0);
  const { rows, read } = JSON.parse(stdout) as {
    rows: { principal: string; bytes_out: number; reads: number }[];
    read: { skipped: { reason: string; count: number }[] };
  };
  return {
    rows: rows.map(({ principal, bytes_out, reads: count }) => [principal, bytes_out, count]),
    leftOut: read.skipped.map(({ reason, count }) => [reason, count]),
  };
}

describe('a request that several records describe is counted once', () => {
  test.each([
    ['one shared event ID', { sharedEventID: '6f2a1b6e-0000-4000-8000-000000000001' }],
    ['one request ID', {}],
  ])('if two accounts recorded it with %s, and the record that names the caller is kept', async (_, more) => {
    const request = { time: TIME, bytes: 5000, requestId: 'REQUEST0000000X1' };
    const owner = objectEvent({
      ...request, who: { type: 'AWSAccount', principalId: 'AROAEXAMPLE:job', accountId: OTHER_ACCOUNT }, record: more,
    });
    const caller = objectEvent({
      ...request, who: session('Batch', 'job', undefined, OTHER_ACCOUNT),
      record: {
        recipientAccountId: OTHER_ACCOUNT,
        resources: [{ accountId: '111122223333', type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::artifacts' }], ...more,
      },
    });
    expect(await reads(owner, caller)).toEqual({
      rows: [[`arn:aws:sts::${OTHER_ACCOUNT}:assumed-role/Batch/job`, 5000, 1]], leftOut: [['recorded twice', 1]],
    });
  });

  test('if an addendum replaces its record, which was delivered twice', async () => {
    const record = objectEvent({ time: TIME, bytes: 2000 });
    const addendum = {
      ...record, eventID: 'addendum', additionalEventData: { bytesTransferredOut: 3000 },
      addendum: { reason: 'UPDATED_DATA', originalEventID: record.eventID, originalRequestID: record.requestID },
    };
    expect(await reads(record, addendum, record)).toEqual({
      rows: [['DataScientist=alice', 3000, 1]], leftOut: [['delivered again', 1], ['replaced', 1]],
    });
  });

  test('if it was delivered twice, on two days', async () => {
    const record = objectEvent({ time: TIME, bytes: 7 });
    expect(await reads(record, record)).toEqual({ rows: [['DataScientist=alice', 7, 1]], leftOut: [['delivered again', 1]] });
  });

  test('but records with one ID and different content are all counted', async () => {
    const ann = objectEvent({ time: TIME, bytes: 1000, who: session('Scientist', 'ann') });
    const eve = { ...objectEvent({ time: TIME, bytes: 5000, who: session('Scientist', 'eve') }), eventID: ann.eventID };
    expect(await reads(ann, eve, ann)).toEqual({
      rows: [['Scientist=eve', 5000, 1], ['Scientist=ann', 1000, 1]], leftOut: [['delivered again', 1]],
    });
  });
});

test('records of other days are left out and counted', async () => {
  expect(await reads(objectEvent({ time: TIME, bytes: 7 }), objectEvent({ time: '2025-01-01T00:00:00Z' }))).toEqual({
    rows: [['DataScientist=alice', 7, 1]], leftOut: [['other day', 1]],
  });
});
