import { answerOf } from '../support/evidence';
import { logLine, managementEvent, objectEvent, session, storeSession } from '../support/records';

const DAY = '2026-03-02';

describe('copies', () => {
  const copy = (more: object = {}) => objectEvent({
    action: 'CopyObject', bucket: 'holiday-photos', key: 'stolen.bin', bytes: 234, requestId: 'COPY1',
    parameters: { 'x-amz-copy-source': 'artifacts/models/fraud/blobs/sha256/abc' }, ...more,
  });

  test('a copy has the size of the source object, from the access log', async () => {
    const lines = [logLine({ requestId: 'COPY1', operation: 'REST.COPY.OBJECT_GET', bytes: '-', size: 7_000_000 })];
    expect(await answerOf('copies-to-other-buckets', { records: [copy()], lines }, DAY, DAY)).toMatchObject([{
      principal: 'DataScientist=alice', model: 'fraud', object_key: 'models/fraud/blobs/sha256/abc',
      destination: 'holiday-photos/stolen.bin',
      to_another_bucket: true, bytes_out: 7_000_000, bytes_source: 'object size',
    }]);
  });

  test('a copy that the trail delivered after midnight is found in the access log of the day before', async () => {
    const lines = [
      logLine({ requestId: 'COPY1', operation: 'REST.COPY.OBJECT_GET', size: 7_000_000, time: '02/Mar/2026:23:59:59' }),
    ];
    const delivered = (delivery_day: string) => copy({ time: '2026-03-02T23:59:59Z', record: { delivery_day } });
    expect(await answerOf(
      'copies-to-other-buckets', { records: [delivered('2026-03-03')], lines }, '2026-03-03', '2026-03-03',
    )).toMatchObject([{ bytes_out: 7_000_000 }]);
    expect(await answerOf(
      'copies-to-other-buckets', { records: [delivered('2026-03-04')], lines }, '2026-03-04', '2026-03-04',
    )).toMatchObject([{ bytes_out: null }]);
  });

  test('a copy of unknown size has unknown bytes, not the size of the response', async () => {
    const lines = [logLine({ requestId: 'ANOTHER', operation: 'REST.COPY.OBJECT_GET', size: 7_000_000 })];
    expect(await answerOf('copies-to-other-buckets', { records: [copy()], lines }, DAY, DAY)).toMatchObject([
      { bytes_out: null, bytes_source: 'unknown' },
    ]);
    expect(await answerOf('egress-by-principal', { records: [copy()], lines }, DAY, DAY)).toMatchObject([
      { bytes_out: null, reads: 1, reads_of_unknown_size: 1 },
    ]);
  });

  test('a copied part has the size of its range', async () => {
    const part = copy({
      action: 'UploadPartCopy',
      parameters: {
        'x-amz-copy-source': '/artifacts/models%2Ffraud%2Fblobs%2Fsha256%2Fabc?versionId=7',
        'x-amz-copy-source-range': 'bytes=100-199',
      },
    });
    expect(await answerOf('copies-to-other-buckets', { records: [part] }, DAY, DAY)).toMatchObject([
      { object_key: 'models/fraud/blobs/sha256/abc', bytes_out: 100, bytes_source: 'trail' },
    ]);
  });

  test('denied copies, copies of other objects and plain reads are not included', async () => {
    const records = [
      copy({ error: 'AccessDenied' }),
      copy({ parameters: { 'x-amz-copy-source': 'holiday-photos/beach.jpg' } }),
      objectEvent(),
    ];
    expect(await answerOf('copies-to-other-buckets', { records }, DAY, DAY)).toEqual([]);
  });
});

describe('replication changes', () => {
  test('of the store\'s buckets are reported, including denied ones', async () => {
    const records = [
      managementEvent('PutBucketReplication', { bucketName: 'artifacts' }),
      managementEvent('DeleteBucketReplication', { bucketName: 'trail-logs' }, { errorCode: 'AccessDenied' }),
      managementEvent('PutBucketReplication', { bucketName: 'artifacts-of-others' }),
      managementEvent('GetBucketReplication', { bucketName: 'artifacts' }, { readOnly: true }),
    ];
    expect(await answerOf('replication-changes', { records }, DAY, DAY)).toMatchObject([
      { action: 'PutBucketReplication', bucket: 'artifacts', result: 'ok', principal: 'DataScientist=alice' },
      { action: 'DeleteBucketReplication', bucket: 'trail-logs', result: 'denied' },
    ]);
  });
});

describe('deletions', () => {
  test('of models and evidence are reported, as are bypassed retention, changed locks and lifecycle rules', async () => {
    const records = [
      objectEvent({ action: 'DeleteObject', parameters: { versionId: 'v1' } }),
      objectEvent({ action: 'DeleteObject', bucket: 'trail-logs', key: 'AWSLogs/a.json.gz', error: 'AccessDenied' }),
      objectEvent({
        action: 'DeleteObjects',
        record: { requestParameters: { bucketName: 'artifacts', 'x-amz-bypass-governance-retention': 'true' } },
      }),
      objectEvent({ action: 'PutObjectRetention' }),
      objectEvent({ action: 'SomethingOfNextYear', parameters: { 'x-amz-bypass-governance-retention': 'true' } }),
      managementEvent('PutBucketLifecycle', { bucketName: 'access-logs' }),
      // Not these.
      objectEvent({ action: 'DeleteObject', bucket: 'holiday-photos' }),
      objectEvent({ action: 'PutObject', parameters: { 'x-amz-bypass-governance-retention': 'false' } }),
      managementEvent('GetBucketLifecycle', { bucketName: 'artifacts' }),
    ];
    const answer = await answerOf('deletions', { records }, DAY, DAY);
    expect(
      answer.map(({ action, what, bucket, version_id, result }) => [action, what, bucket, version_id, result]),
    ).toEqual([
      ['DeleteObject', 'deletion', 'artifacts', 'v1', 'ok'],
      ['DeleteObject', 'deletion', 'trail-logs', null, 'denied'],
      ['DeleteObjects', 'retention bypassed', 'artifacts', null, 'ok'],
      ['PutObjectRetention', 'lock changed', 'artifacts', null, 'ok'],
      ['SomethingOfNextYear', 'retention bypassed', 'artifacts', null, 'ok'],
      ['PutBucketLifecycle', 'deletion arranged', 'access-logs', null, 'ok'],
    ]);
  });
});

describe('reads without a session of the store', () => {
  const direct = objectEvent({ who: session('TrainingJob', 'nightly'), bytes: 50 });
  const linked = objectEvent({ link: { signedAt: '20260302T095900Z' } });

  test('are reported with the role', async () => {
    const records = [
      direct,
      linked,
      // Functions read manifests themselves.
      objectEvent({ key: 'models/fraud/versions/1.0/manifest.json' }),
      objectEvent({ who: session('TrainingJob', 'nightly'), bytes: 50, error: 'AccessDenied' }),
      // Dressed up as a session of the store, by its name alone.
      objectEvent({ who: session('TrainingJob', 'DataScientist=bob', 'DataScientist=bob'), bytes: 20 }),
      objectEvent({ who: session('DownloadSession', 'x', 'x', '999999999999'), bytes: 10 }),
    ];
    const answer = await answerOf('direct-reads', { records }, DAY, DAY);
    expect(answer.map(({ principal, role_arn, bytes_out }) => [principal, role_arn, bytes_out])).toEqual([
      ['TrainingJob=nightly', 'arn:aws:iam::111122223333:role/TrainingJob', 50],
      ['DataScientist=bob', 'arn:aws:iam::111122223333:role/TrainingJob', 20],
      ['x', 'arn:aws:iam::999999999999:role/DownloadSession', 10],
    ]);
  });

  test('are detected by the source identity if the roles of the store are unknown', async () => {
    const answer = await answerOf(
      'direct-reads', { records: [direct, linked], settings: { session_role_arns: null } }, DAY, DAY,
    );
    expect(answer).toMatchObject([{ principal: 'TrainingJob=nightly' }]);
  });

  test.each([
    null, undefined,
  ])('include a file read in a session of the store without a presigned URL (roles: %s)', async (roles) => {
    const settings = roles === undefined ? {} : { session_role_arns: roles };
    expect(
      await answerOf('direct-reads', { records: [objectEvent({ bytes: 30 })], settings }, DAY, DAY),
    ).toMatchObject([
      { principal: 'DataScientist=alice', bytes_out: 30 },
    ]);
  });

  test('exclude a batch job, but not a person who assumed its role', async () => {
    const records = [
      objectEvent({ who: session('Training', 'SageMaker'), bytes: 10 }),
      objectEvent({ who: session('Training', 'SageMaker', 'DataScientist=mallory'), bytes: 20 }),
      objectEvent({ who: session('Training', 'SageMaker', undefined, '999999999999'), bytes: 40 }),
    ];
    const answer = await answerOf('direct-reads', { records }, DAY, DAY);
    expect(answer.map(({ principal, bytes_out }) => [principal, bytes_out])).toEqual([
      ['arn:aws:sts::999999999999:assumed-role/Training/SageMaker', 40], ['DataScientist=mallory', 20],
    ]);
  });

  test('exclude manifests read by an auditor, but not files', async () => {
    const records = [
      objectEvent({ who: session('Auditor', 'eve'), key: 'models/fraud/versions/1.0/manifest.json' }),
      objectEvent({ who: session('Auditor', 'eve'), bytes: 3 }),
    ];
    expect(await answerOf('direct-reads', { records }, DAY, DAY)).toMatchObject([
      { principal: 'Auditor=eve', bytes_out: 3 },
    ]);
  });

  test('include reads through an access point, by another account, and anonymous reads', async () => {
    const records = [
      objectEvent({
        bucket: 'arn:aws:s3:eu-central-1:111122223333:accesspoint/side-door',
        bytes: 1,
        who: session('TrainingJob', 'a'),
      }),
      objectEvent({ bucket: 'side-door-abcdefghijkl-s3alias', bytes: 2, who: session('TrainingJob', 'b') }),
      objectEvent({
        bytes: 4, who: { type: 'AWSAccount', principalId: 'AROAEXAMPLE:mallory', accountId: '999999999999' },
      }),
      objectEvent({ bytes: 8, who: { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' } }),
      objectEvent({ bytes: 16, bucket: 'holiday-photos', who: session('TrainingJob', 'c') }),
    ];
    const answer = await answerOf('direct-reads', { records }, DAY, DAY);
    expect(
      answer.map(({ principal, principal_account, bytes_out }) => [principal, principal_account, bytes_out]),
    ).toEqual([
      ['ANONYMOUS_PRINCIPAL', 'ANONYMOUS_PRINCIPAL', 8], ['AROAEXAMPLE:mallory', '999999999999', 4],
      ['TrainingJob=b', '111122223333', 2], ['TrainingJob=a', '111122223333', 1],
    ]);
  });
});

describe('reads by auditors', () => {
  test('include reads with their role and through the API', async () => {
    const records = [
      objectEvent({ who: session('Auditor', 'eve'), bucket: 'trail-logs', key: 'AWSLogs/a.json.gz', bytes: 70 }),
      objectEvent({ who: storeSession('Auditor=eve'), key: 'models/fraud/versions/1.0/manifest.json', bytes: 5 }),
      objectEvent({ who: session('Auditor', 'eve'), error: 'AccessDenied' }),
      // Not these.
      objectEvent({ who: session('AuditorsFriend', 'eve') }),
      objectEvent({ who: session('Auditor', 'eve', undefined, '999999999999') }),
      objectEvent({ who: storeSession('DataScientist=Auditor') }),
      objectEvent({ who: storeSession('itor=eve') }),
    ];
    const answer = await answerOf('auditor-reads', { records }, DAY, DAY);
    expect(
      answer.map(({ principal, object_kind, result, bytes_out }) => [principal, object_kind, result, bytes_out]),
    ).toEqual([
      ['Auditor=eve', 'blob', 'denied', 0],
      ['Auditor=eve', 'log', 'ok', 70],
      ['Auditor=eve', 'manifest', 'ok', 5],
    ]);
  });
});

describe('the chain of custody', () => {
  const alice = storeSession('DataScientist=alice', 'UploadSession');
  const pipeline = storeSession('Pipeline=release');
  const version = (name: string, file: string) => `models/fraud/versions/${name}/${file}`;
  const at = (minute: number) => `2026-03-02T10:${String(minute).padStart(2, '0')}:00Z`;
  const records = [
    objectEvent({ who: alice, action: 'PutObject', time: at(0), bytes: 0 }),
    objectEvent({ who: alice, action: 'PutObject', time: at(1), bytes: 0, key: version('1.0', 'manifest.json') }),
    objectEvent({ who: alice, action: 'PutObject', time: at(2), bytes: 0, key: version('1.0', 'model.sig') }),
    objectEvent({ who: pipeline, time: at(3), bytes: 9, key: version('1.0', 'manifest.json') }),
    objectEvent({
      who: pipeline, action: 'PutObject', time: '2026-03-02T10:03:01Z', bytes: 0,
      key: 'models/fraud/aliases/production.json',
    }),
    objectEvent({
      who: storeSession('DataScientist=bob'), time: at(4), bytes: 9, key: version('1.0', 'manifest.json'),
    }),
    objectEvent({
      who: storeSession('DataScientist=bob'), time: at(5), bytes: 100, link: { signedAt: '20260302T100400Z' },
    }),
    objectEvent({ who: alice, action: 'PutObject', time: at(6), bytes: 0, key: version('2.0', 'manifest.json') }),
    objectEvent({
      who: alice, action: 'PutObject', time: at(7), bytes: 0, key: 'models/other/versions/1.0/manifest.json',
    }),
    objectEvent({
      who: alice,
      action: 'PutObject',
      time: at(8),
      bytes: 0,
      key: version('1.0', 'manifest.json'),
      error: 'PreconditionFailed',
    }),
  ];
  const steps = (answer: Awaited<ReturnType<typeof answerOf>>) =>
    answer.map((row) => [row.model, row.version, row.step, row.principal, row.alias, row.bytes_out]);

  test('has who pushed, published, promoted and pulled', async () => {
    expect(steps(
      await answerOf('custody', { records, settings: { custody_model: 'fraud', custody_version: '1.0' } }, DAY, DAY),
    )).toEqual([
      ['fraud', null, 'pushed', 'DataScientist=alice', null, 0],
      ['fraud', '1.0', 'published', 'DataScientist=alice', null, 0],
      ['fraud', '1.0', 'signed', 'DataScientist=alice', null, 0],
      ['fraud', '1.0', 'promoted', 'Pipeline=release', 'production', 0],
      ['fraud', '1.0', 'pulled', 'DataScientist=bob', null, 100],
    ]);
  });

  test('does not attribute pushed files to a version that the caller only viewed', async () => {
    const looked = [
      objectEvent({ who: alice, time: at(20), bytes: 9, key: version('1.0', 'manifest.json') }),
      objectEvent({
        who: alice, action: 'PutObject', time: '2026-03-02T10:20:01Z', bytes: 0, link: { signedAt: '20260302T102001Z' },
      }),
    ];

    expect(steps(await answerOf('custody', { records: looked }, DAY, DAY))).toEqual([
      ['fraud', null, 'pushed', 'DataScientist=alice', null, 0],
    ]);
  });

  test('has all versions if none is given', async () => {
    const answer = await answerOf('custody', { records }, DAY, DAY);
    expect(steps(answer).filter(([,, step]) => step === 'published')).toEqual([
      ['fraud', '1.0', 'published', 'DataScientist=alice', null, 0],
      ['fraud', '2.0', 'published', 'DataScientist=alice', null, 0],
      ['other', '1.0', 'published', 'DataScientist=alice', null, 0],
    ]);
  });
});
