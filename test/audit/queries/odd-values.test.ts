import { select } from '../support/evidence';
import { logLine, objectEvent, session } from '../support/records';

const copyOf = (source: string) =>
  objectEvent({ action: 'CopyObject', bucket: 'elsewhere', key: 'x', parameters: { 'x-amz-copy-source': source } });

describe('a copy with an invalid source', () => {
  test.each(['%ZZ/models/a', 'artifacts/models/a%2', 'artifacts%', '/artifacts/models/%FF'])(
    'is kept, with an unknown source: %s',
    async (source) => {
      const { rows } = await select(
        { records: [copyOf(source)] },
        'SELECT bucket, object_key, destination, egress, bytes_source FROM egress_events',
      );
      expect(rows).toEqual([
        { bucket: null, object_key: null, destination: 'elsewhere/x', egress: true, bytes_source: 'unknown' },
      ]);
    },
  );
});

describe('a copy whose source contains a question mark', () => {
  test.each([
    ['/artifacts/models/fraud/q%3Fx.bin', 'models/fraud/q?x.bin'],
    ['artifacts/models/fraud/q%3Fx.bin?versionId=abc', 'models/fraud/q?x.bin'],
    ['/artifacts/models/fraud/q%3FversionId=1?versionId=abc', 'models/fraud/q?versionId=1'],
    ['%2Fartifacts%2Fmodels%2Ffraud%2Fplain?versionId=abc', 'models/fraud/plain'],
  ])('has the complete key: %s', async (source, key) => {
    const { rows } = await select({ records: [copyOf(source)] }, 'SELECT bucket, object_key FROM egress_events');
    expect(rows).toEqual([{ bucket: 'artifacts', object_key: key }]);
  });
});

describe('numbers that are not decimal digits only', () => {
  test.each(['1e3', '0x10', '1_000', '900.5', ' 900', '٣'])(
    'are null as the lifetime of a presigned URL: %s',
    async (lifetime) => {
      const records = [objectEvent({ parameters: { 'X-Amz-Expires': lifetime, 'X-Amz-Date': '20260302T095900Z' } })];
      const { rows } = await select({ records }, 'SELECT presigned, link_lifetime_seconds FROM egress_events');
      expect(rows).toEqual([{ presigned: true, link_lifetime_seconds: null }]);
    },
  );

  test.each(['1e2', '0x1', '1_0', '2.5', '٣'])('are null in the access logs: %s', async (number) => {
    const lines = [logLine().replace(' 200 - 100 100 ', ` ${number} - ${number} ${number} `)];
    const { rows } = await select({ lines }, 'SELECT http_status, bytes_sent, object_size FROM access_log_requests');
    expect(rows).toEqual([{ http_status: null, bytes_sent: null, object_size: null }]);
  });
});

describe('the time at which a URL was presigned', () => {
  test.each([' 20260302T095900Z', '20260302t095900z', '00000302T095900Z', '20260302T095900Z\n'])(
    'is null if S3 does not accept the format: %j',
    async (time) => {
      const records = [objectEvent({ parameters: { 'X-Amz-Expires': '900', 'X-Amz-Date': time } })];
      expect((await select({ records }, 'SELECT link_signed_at FROM egress_events')).rows).toEqual([
        { link_signed_at: null },
      ]);
    },
  );
});

describe('addresses in formats that AWS does not use', () => {
  test.each([
    ['01.2.3.4', null],
    ['1.2.3.04', null],
    ['１.2.3.4', null],
    ['fe80::1%eth0', null],
    ['1.2.3.4\n', null],
    ['1.2.3.4::', null],
    ['::1.2.3.256', null],
    ['::1.2.3.4', null],
    ['64:ff9b::1.2.3.4', null],
    ['0:0:0:0:0:ffff:1.2.3.4', null],
    ['::FFFF:1.2.3.4', '00000000000000000000ffff01020304'],
  ])('%j has the key %s', async (address, key) => {
    const { rows } = await select(
      { records: [objectEvent({ from: address })] },
      'SELECT source_ip_key FROM egress_events',
    );
    expect(rows).toEqual([{ source_ip_key: key }]);
  });
});

describe('an assumed role without a session name', () => {
  test.each(['Role/', 'Role', '/x'])('is not the principal "Role=": assumed-role/%s', async (name) => {
    const arn = `arn:aws:sts::111122223333:assumed-role/${name}`;
    const records = [objectEvent({ record: { userIdentity: { ...session('Role', 'x'), arn } } })];
    expect((await select({ records }, 'SELECT principal FROM egress_events')).rows).toEqual([{ principal: arn }]);
  });
});

describe('a line in another format than the access logs', () => {
  test('has only null fields', async () => {
    const { rows } = await select(
      { lines: ['not a log line'] },
      'SELECT bucket_owner, bucket, operation, object_key, request_uri FROM access_log_requests',
    );
    expect(rows).toEqual([{ bucket_owner: null, bucket: null, operation: null, object_key: null, request_uri: null }]);
  });

  test('an empty quoted string is null', async () => {
    const lines = [logLine().replace('"model-store/1.0"', '""')];
    expect((await select({ lines }, 'SELECT user_agent FROM access_log_requests')).rows).toEqual([
      { user_agent: null },
    ]);
  });
});
