import { answerOf, select, type Row } from '../support/evidence';
import { objectEvent, session } from '../support/records';

const principals = async (identities: readonly Row[]) => (await select(
  { records: identities.map((who) => objectEvent({ who })) }, 'SELECT DISTINCT principal FROM egress_events ORDER BY principal',
)).rows.map(({ principal }) => principal);

describe('sessions of a role with generated names are one principal', () => {
  test.each([
    ['SDKs', ['botocore-session-1795855669', 'aws-sdk-js-1795855669439', 'aws-go-sdk-1795855669439123456']],
    ['instances', ['i-0123456789abcdef0', 'i-0fedcba9876543210']],
    ['ECS tasks', ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210']],
    ['EKS pods', ['eks-prod-train-7d9f8b6c5d-01234567-89ab-cdef-0123-456789abcdef', 'eks-prod-train-x-76543210-89ab-cdef-0123-456789abcdef']],
    ['pods of a deployment', ['train-7d9f8b6c5d-x2k4q', 'train-6c5d7d9f8b-zzzzz']],
    ['builds', ['AWSCodeBuild-01234567-89ab-cdef-0123-456789abcdef', 'AWSCodeBuild-76543210-89ab-cdef-0123-456789abcdef']],
  ])('of %s', async (_, names) => {
    expect(await principals(names.map((name) => session('Batch', name)))).toEqual(['Batch=*']);
    expect(await principals(names.map((name) => session('Batch', name, undefined, '999999999999')))).toEqual([
      'arn:aws:sts::999999999999:assumed-role/Batch/*',
    ]);
  });

  test('also if the name of the role leaves no room for the session name in a name of the store', async () => {
    const role = 'Platform-TrainingJobsRole5F3E1B2A-1A2B3C4D5E6F7G8H';
    expect(await principals(['i-0123456789abcdef0', 'botocore-session-1795855669'].map((name) => session(role, name))))
      .toEqual([`${role}=*`]);
  });

  test('also as a source identity, which the store sets', async () => {
    expect(await principals([session('DownloadSession', 'x', 'Batch=i-0123456789abcdef0')])).toEqual(['Batch=*']);
  });

  test.each([
    'ada', 'ada@example.com', 'ada-lovelace', 'i-am-ada', 'nightly', '01234567-89ab-cdef-0123-456789abcdef',
  ])('but %s is a name of its own', async (name) => {
    expect(await principals([session('Batch', name)])).toEqual([`Batch=${name}`]);
  });
});

describe('a direct role', () => {
  const day = (date: number, name: string, bytes: number) => objectEvent({
    time: `2026-03-${String(date).padStart(2, '0')}T10:00:00Z`, who: session('Training', name), bytes,
    record: { delivery_day: `2026-03-${String(date).padStart(2, '0')}` },
  });
  const usual = Array.from({ length: 8 }, (_, index) => day(2 + index, 'nightly', 100));
  const raid = Array.from({ length: 10 }, (_, index) => day(12, `worker${index}`, 90));

  test('is compared with its past as a whole, whatever its sessions are called', async () => {
    const rows = await answerOf('volume-anomalies', { records: [...usual, ...raid] }, '2026-03-02', '2026-03-12');
    expect(rows).toMatchObject([{ principal: 'Training=*', event_day: '2026-03-12', bytes_out: 900, median_bytes: 100 }]);
  });

  test('on a new instance each day is not a new principal each day', async () => {
    const records = Array.from({ length: 9 }, (_, index) => day(2 + index, `i-0123456789abcdef${index}`, 2000));
    const rows = await answerOf('bulk-egress-by-new-principals', { records }, '2026-03-06', '2026-03-10');
    expect(rows).toEqual([]);
  });
});
