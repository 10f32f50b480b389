import { answerOf, select } from '../support/evidence';
import { logLine, managementEvent, objectEvent, storeSession } from '../support/records';

describe('egress by day', () => {
  test('every byte is attributed to the principal and the day of the download', async () => {
    const answer = await answerOf('egress-by-day', {
      records: [
        objectEvent({ bytes: 100 }), objectEvent({ bytes: 50 }),
        objectEvent({ bytes: 7, who: storeSession('Pipeline=release') }),
        objectEvent({ bytes: 9, time: '2026-03-03T00:00:00Z' }),
        objectEvent({ time: '2026-03-03T10:00:00Z', record: { additionalEventData: null } }),
        objectEvent({ bytes: 1, time: '2026-03-04T00:00:00Z' }),
      ],
    }, '2026-03-02', '2026-03-03');
    expect(answer).toMatchObject([
      { event_day: '2026-03-02', principal: 'DataScientist=alice', bytes_out: 150, reads: 2, reads_of_unknown_size: 0 },
      { event_day: '2026-03-02', principal: 'Pipeline=release', bytes_out: 7, reads: 1, reads_of_unknown_size: 0 },
      { event_day: '2026-03-03', principal: 'DataScientist=alice', bytes_out: 9, reads: 2, reads_of_unknown_size: 1 },
    ]);
  });

  test('requests without bytes of a model are not counted', async () => {
    const answer = await answerOf('egress-by-day', {
      records: [
        objectEvent({ bytes: 300, error: 'AccessDenied' }), objectEvent({ bytes: 200, action: 'PutObject' }),
        objectEvent({
          bytes: 200, bucket: 'trail-logs', key: 'AWSLogs/111122223333/CloudTrail/eu-central-1/2026/03/02/a.json.gz',
        }),
        objectEvent({ bytes: 200, bucket: 'holiday-photos' }),
      ],
    }, '2026-03-02', '2026-03-02');
    expect(answer).toEqual([]);
  });
});

describe('log coverage', () => {
  test('has the number of records by kind and the first and last event for each day', async () => {
    const answer = await answerOf('log-coverage', {
      records: [
        objectEvent({
          time: '2026-03-02T08:00:00Z', action: 'Invoke', record: { eventSource: 'lambda.amazonaws.com' },
        }),
        objectEvent({ time: '2026-03-02T09:00:00Z', error: 'AccessDenied' }),
        objectEvent({ time: '2026-03-02T09:30:00Z', record: { eventCategory: null } }),
        objectEvent({ time: '2026-03-02T09:40:00Z', record: { eventCategory: 'NetworkActivity' } }),
        managementEvent('GetBucketPolicy', { bucketName: 'artifacts' }, { eventTime: '2026-03-02T11:00:00Z' }),
        objectEvent({ time: '2026-03-05T08:00:00Z' }),
      ],
      lines: [
        logLine({ time: '02/Mar/2026:07:00:00' }),
        logLine({ time: '04/Mar/2026:07:00:00' }),
        logLine({ time: '04/Mar/2026:07:00:01' }),
      ],
    }, '2026-03-02', '2026-03-04');
    expect(answer).toMatchObject([
      { event_day: '2026-03-02', trail_records: 5, data_events: 3, management_events: 1, invocations: 1, access_log_lines: 1 },
      { event_day: '2026-03-04', trail_records: 0, data_events: 0, management_events: 0, invocations: 0, access_log_lines: 2 },
    ]);
    expect(String(answer[0].first_event)).toContain('07:00:00');
    expect(String(answer[0].last_event)).toContain('11:00:00');
  });

  /** A record of version 1.05, which does not say what kind of event it is about. */
  const old = (action: string, parameters: object | null, more: object = {}) => objectEvent({ action, record: {
    eventVersion: '1.05', eventCategory: null, managementEvent: null, readOnly: null, requestParameters: parameters, ...more,
  } });

  test('counts records without a category as data events only if they are about objects or invocations', async () => {
    const records = [
      old('GetObject', { bucketName: 'artifacts', key: 'models/a/b' }), old('ListObjects', { bucketName: 'artifacts' }),
      old('DeleteObjects', { bucketName: 'artifacts', delete: '' }), old('HeadBucket', { bucketName: 'artifacts' }),
      old('ListBuckets', null), old('GetBucketAcl', { bucketName: 'artifacts', acl: [''] }),
      old('PutBucketPolicy', { bucketName: 'artifacts' }),
      old('Invoke', { functionName: 'models-download' }, { eventSource: 'lambda.amazonaws.com' }),
      old('ListFunctions20150331', null, { eventSource: 'lambda.amazonaws.com' }),
      old('DescribeInstances', {}, { eventSource: 'ec2.amazonaws.com' }),
      old('AssumeRole', {}, { eventSource: 'sts.amazonaws.com' }),
    ];
    expect(await answerOf('log-coverage', { records }, '2026-03-02', '2026-03-02')).toMatchObject([{
      trail_records: 11, data_events: 5, object_reads: 3, object_writes: 1, requests_to_other_buckets: 0, invocations: 1,
      other_data_events: 0, management_events: 6, management_changes: 1, other_events: 0,
    }]);
    const others = await answerOf('other-requests', { records }, '2026-03-02', '2026-03-02');
    expect(others.map(({ action, what }) => [action, what])).toEqual([
      ['GetBucketAcl', 'configuration'], ['HeadBucket', 'objects'], ['ListObjects', 'objects'],
    ]);
    const { rows } = await select({ records }, 'SELECT action FROM egress_events ORDER BY action');
    expect(rows.map(({ action }) => action)).toEqual(['DeleteObjects', 'GetObject', 'HeadBucket', 'ListObjects']);
  });

  test.each([
    ['the artifact bucket, which no one may hide models in as logs', 'artifacts', { object_reads: 1, evidence_reads: 0 }, 1, 0],
    ['another bucket', 'trail', { object_reads: 0, evidence_reads: 1 }, 0, 1],
  ])('counts a read of AWSLogs/ as other queries do, if the buckets of the archive are unknown: in %s', async (_, bucket, counts, egress, evidence) => {
    const logs = {
      records: [objectEvent({ bucket, key: 'AWSLogs/111122223333/CloudTrail/eu-central-1/2026/03/02/a.json.gz' })],
      settings: { log_buckets: null, ...bucket === 'artifacts' ? {} : { artifact_bucket: null } },
    };
    const ask = (name: string) => answerOf(name, logs, '2026-03-02', '2026-03-02');
    expect(await ask('log-coverage')).toMatchObject([counts]);
    expect([await ask('egress-by-principal'), await ask('evidence-reads')]).toMatchObject([{ length: egress }, { length: evidence }]);
  });

  test('has no row for a day without records', async () => {
    expect(await answerOf('log-coverage', { records: [objectEvent()] }, '2026-03-03', '2026-03-09')).toEqual([]);
  });
});
