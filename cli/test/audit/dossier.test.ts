import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Auditor, NOVEMBER_DAYS } from './auditor';
import { DIGEST, managementEvent, objectEvent, session, storeSession } from '../../../test/audit/support/records';
import { Person, type Ran } from '../person';

let auditor: Auditor;
beforeEach(() => { auditor = new Auditor(); });
afterEach(async () => auditor.leave());

const at = (time: string) => ({ time: `2026-11-${time}Z` });

async function dossier(...argv: readonly string[]): Promise<Ran> {
  return auditor.audit(...argv, '--logs', join(auditor.archive.folder, 'logs'), ...NOVEMBER_DAYS);
}

interface Result {
  readonly principals: readonly string[];
  readonly rows: readonly { readonly [column: string]: unknown }[];
}

async function rowsOf(...argv: readonly string[]): Promise<Result> {
  return JSON.parse((await dossier(...argv, '--json')).stdout) as Result;
}

describe('what a person did', () => {
  test('is listed in order of time, across services and by every name of the person', async () => {
    auditor.keep(
      objectEvent({ ...at('05T10:00:00'), who: storeSession('DataScientist=ada'), bytes: 70 }),
      objectEvent({ ...at('05T10:01:00'), who: storeSession('DataScientist=ada'), bytes: 30 }),
      managementEvent('AssumeRole', { roleArn: 'arn:aws:iam::111122223333:role/Admin' }, {
        eventTime: '2026-11-04T09:00:00Z', eventSource: 'sts.amazonaws.com', userIdentity: session('Scientist', 'ada@example.com'),
      }),
      objectEvent({ ...at('06T10:00:00'), who: session('Admin', 'ada'), action: 'DeleteObject', bytes: 0, error: 'AccessDenied' }),
      objectEvent({ ...at('05T10:00:00'), who: session('Scientist', 'adam') }),
    );
    const { principals, rows } = await rowsOf('person', 'ada');
    expect(principals).toEqual(['Admin=ada', 'DataScientist=ada', 'Scientist=ada@example.com']);
    expect(rows.map(({ first_event, principal, action, resource, result, requests, bytes_out }) => (
      [first_event, principal, action, resource, result, requests, bytes_out]))).toEqual([
      ['2026-11-04T09:00:00Z', 'Scientist=ada@example.com', 'AssumeRole', 'arn:aws:iam::111122223333:role/Admin', 'ok', 1, 0],
      ['2026-11-05T10:00:00Z', 'DataScientist=ada', 'GetObject', `models/fraud/blobs/sha256/${DIGEST}`, 'ok', 2, 100],
      ['2026-11-06T10:00:00Z', 'Admin=ada', 'DeleteObject', `models/fraud/blobs/sha256/${DIGEST}`, 'denied', 1, 0],
    ]);
  });

  test('includes what another principal did in the name of the person, with that principal', async () => {
    auditor.archive.file('settings.json', JSON.stringify({ session_role_arns: ['arn:aws:iam::111122223333:role/DownloadSession'], function_role_arns: ['arn:aws:iam::111122223333:role/DownloadFunction'] }));
    const who = storeSession('DataScientist=ada');
    auditor.keep(
      objectEvent({ ...at('05T10:00:00'), who }),
      managementEvent('AssumeRole', {}, {
        eventTime: '2026-11-05T09:59:00Z', eventSource: 'sts.amazonaws.com', userIdentity: session('Admin', 'mallory'),
        responseElements: { credentials: { accessKeyId: who.accessKeyId } },
      }),
    );
    const settings = ['--settings', join(auditor.archive.folder, 'settings.json')];
    expect((await rowsOf('person', 'ada', ...settings)).principals).toEqual(['Admin=mallory']);
  });

  test('names the principals that match before the table', async () => {
    auditor.keep(objectEvent({ ...at('05T10:00:00'), who: session('A', 'ada') }), objectEvent({ ...at('05T10:00:00'), who: session('B', 'ada') }));
    const { stdout, stderr, exitCode } = await dossier('person', 'Ada');
    expect([exitCode, stdout.split('\n')]).toEqual([0, [expect.stringMatching(/^FIRST EVENT /), expect.stringContaining(' A=ada '), expect.stringContaining(' B=ada '), '']]);
    expect(stderr).toContain('Ada: 2 principals: A=ada, B=ada\n');
    expect((await dossier('person', 'A=ada', '--csv')).stdout.split('\n')).toHaveLength(3);
  });

  test('is "not checked" if there are no rows and the logs lack what would show any', async () => {
    auditor.keep(objectEvent({ ...at('05T10:00:00') }));
    expect(await dossier('person', 'nobody')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('not checked: ') as unknown });
    auditor.keep(
      objectEvent({ ...at('05T10:00:00') }), objectEvent({ ...at('05T10:00:00'), action: 'PutObject', record: { readOnly: false } }),
      managementEvent('PutBucketPolicy', { bucketName: 'artifacts' }, { eventTime: '2026-11-05T10:00:00Z' }),
    );
    expect(await dossier('person', 'nobody')).toMatchObject({ exitCode: 0, stdout: 'no rows\n' });
  });
});

describe('what was done from an address', () => {
  test('is listed for an address, a network, and presigned URLs that were requested there', async () => {
    auditor.keep(
      objectEvent({ ...at('05T10:00:00'), from: '203.0.113.7', who: session('A', 'x') }),
      objectEvent({ ...at('05T10:00:00'), from: '203.0.113.8', who: session('B', 'x') }),
      objectEvent({
        ...at('05T10:00:00'), from: '198.51.100.9', who: storeSession('C=x'), link: { signedAt: '20261105T095900Z', askedFrom: '203.0.113.7' },
      }),
      objectEvent({ ...at('05T10:00:00'), from: '2001:db8::1', who: session('D', 'x') }),
      objectEvent({ ...at('05T10:00:00'), from: 'athena.amazonaws.com', who: session('E', 'x') }),
    );
    expect((await rowsOf('address', '203.0.113.7')).principals).toEqual(['A=x', 'C=x']);
    expect((await rowsOf('address', '203.0.113.0/24')).principals).toEqual(['A=x', 'B=x', 'C=x']);
    expect((await rowsOf('address', '2001:DB8:0::/48')).principals).toEqual(['D=x']);
  });

  test('is refused for what is not an address', async () => {
    expect(await dossier('address', 'example.com')).toMatchObject({
      exitCode: 2, stderr: expect.stringContaining('"example.com" is not an address or network') as unknown,
    });
  });
});

describe('what was done with a file', () => {
  test('is listed by its digest, with the manifest of the version', async () => {
    const other = 'b'.repeat(64);
    auditor.keep(
      objectEvent({ ...at('04T10:00:00'), action: 'PutObject', key: 'models/fraud/versions/1.4.0/manifest.json' }),
      objectEvent({ ...at('05T10:00:00') }), objectEvent({ ...at('05T10:00:00'), key: `models/fraud/blobs/sha256/${other}` }),
      objectEvent({ ...at('05T10:00:00'), key: `models/churn/blobs/sha256/${DIGEST}` }),
      objectEvent({ ...at('05T10:00:00'), key: 'models/fraud/versions/1.5.0/manifest.json' }),
    );
    const { rows } = await rowsOf('file', 'fraud@1.4.0', DIGEST);
    expect(rows.map(({ action, resource }) => [action, resource])).toEqual([
      ['PutObject', 'models/fraud/versions/1.4.0/manifest.json'], ['GetObject', `models/fraud/blobs/sha256/${DIGEST}`],
    ]);
  });

  test('is listed by its path, which the manifest of the version resolves', async () => {
    const person = await new Person().arrive();
    try {
      await person.run('push', person.write('model', { 'a.bin': 'a', 'sub/b.bin': 'b' }), 'fraud@1');
      const digest = createHash('sha256').update('b').digest('hex');
      auditor.keep(objectEvent({ ...at('05T10:00:00'), key: `models/fraud/blobs/sha256/${digest}` }), objectEvent(at('05T10:00:00')));
      const ask = async (path: string) => person.run(
        'audit', 'file', 'fraud@1', path, '--logs', join(auditor.archive.folder, 'logs'), ...NOVEMBER_DAYS, '--json',
      );
      expect(JSON.parse((await ask('sub/b.bin')).stdout)).toMatchObject({
        model: 'fraud', version: '1', file: 'sub/b.bin', digest, rows: [{ resource: `models/fraud/blobs/sha256/${digest}` }],
      });
      expect(await ask('sub/c.bin')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('has no file \\"sub/c.bin\\"') as unknown });
    } finally {
      await person.leave();
    }
  });

  test('by its path needs a store', async () => {
    auditor.keep(objectEvent({ ...at('05T10:00:00') }));
    expect(await dossier('file', 'fraud@1.4.0', 'model.bin')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no store given') as unknown });
  });
});
