import { answerOf, type Row } from '../support/evidence';
import { logLine, managementEvent, objectEvent, session, storeSession } from '../support/records';

const DAY = '2026-03-02';
const link = { signedAt: '20260302T095900Z' };
const at = (clock: string) => `2026-03-02T${clock}Z`;
const agent = (userAgent: string) => ({ record: { userAgent: `[${userAgent}]` } });

describe('one principal in two places', () => {
  const OFFICE = ['00000000000000000000ffffc6336400', '00000000000000000000ffffc63364ff'] as const;
  const places = async (records: readonly Row[], networks: readonly (readonly [string, string])[] = []) => {
    const answer = await answerOf('two-places', { records, networks }, DAY, DAY);
    return answer.map(({ principal, one_address, other_address, times }) => [principal, one_address, other_address, times]);
  };
  const read = (clock: string, from: string, more: object = {}) => objectEvent({ time: at(clock), from, link, ...more });

  test('is reported within ten minutes, and not later', async () => {
    expect(await places([read('10:00:00', '198.51.100.7'), read('10:09:59', '45.83.64.9')])).toEqual([
      ['DataScientist=alice', '198.51.100.7', '45.83.64.9', 1],
    ]);
    expect(await places([read('10:09:00', '45.83.64.9'), read('10:18:00', '198.51.100.7')])).toEqual([
      ['DataScientist=alice', '45.83.64.9', '198.51.100.7', 1],
    ]);
    expect(await places([read('10:00:00', '198.51.100.7'), read('10:10:01', '45.83.64.9')])).toEqual([]);
  });

  test('is not reported within a network, for different principals, and for AWS services and functions', async () => {
    const who = storeSession('DataScientist=alice');
    expect(await places([
      read('10:00:00', '198.51.100.7'), read('10:01:00', '198.51.7.7'),
      read('10:01:00', '45.83.64.9', { who: storeSession('DataScientist=bob') }),
      read('10:01:00', 'athena.amazonaws.com'), objectEvent({ time: at('10:01:00'), from: '3.120.7.7', who }),
      read('10:01:00', '10.40.0.1', { who: session('Training', 'job') }), read('10:01:00', '45.83.64.9', { who: session('Training', 'job') }),
    ])).toEqual([]);
  });

  test('in the perimeter, or with both kinds of addresses, is reported only for different clients', async () => {
    const networks = [OFFICE, ['00000000000000000000ffff54800000', '00000000000000000000ffff54bfffff']] as const;
    const both = [read('10:00:00', '198.51.100.7'), read('10:01:00', '84.130.1.1')];
    expect(await places(both, networks)).toEqual([]);
    expect(await places([both[0], read('10:01:00', '84.130.1.1', agent('curl/8.1'))], networks)).toHaveLength(1);
    const sameMachine = [read('10:00:00', '198.51.100.7', agent('curl/8.1')), read('10:01:00', '2001:db8::1', agent('curl/8.2'))];
    expect(await places(sameMachine)).toEqual([]);
    expect(await places([both[0], sameMachine[1]])).toHaveLength(1);
  });

  test('counts VPC endpoints, not the addresses behind them', async () => {
    const inVpc = (clock: string, from: string, vpcEndpointId: string) => objectEvent({ time: at(clock), from, link, record: { vpcEndpointId } });
    expect(await places([inVpc('10:00:00', '10.0.0.1', 'vpce-1'), inVpc('10:01:00', '10.9.0.1', 'vpce-1')])).toEqual([]);
    expect(await places([inVpc('10:00:00', '10.0.0.1', 'vpce-1'), inVpc('10:01:00', '10.0.0.1', 'vpce-2')])).toHaveLength(1);
  });
});

describe('user agents', () => {
  const clients = async (records: readonly Row[]) => {
    const answer = await answerOf('unusual-user-agents', { records }, DAY, DAY);
    return answer.map(({ principal, client, tool, reason }) => [principal, client, tool, reason]);
  };
  const before = (userAgent: string, more: object = {}) => objectEvent({ time: '2026-02-20T10:00:00Z', link, ...agent(userAgent), ...more });
  const now = (userAgent: string, more: object = {}) => objectEvent({ link, ...agent(userAgent), ...more });

  test.each([
    ['model-store/1.0.0 node/20.1.0 (linux x64)', 'model-store/2.1.0 node/24.0.0 (linux arm64)'],
    ['Boto3/1.40.1 md/Botocore#1.40.1 ua/2.1 os/linux#6.1.0 lang/python#3.11.9', 'Boto3/1.41.0 md/Botocore#1.41.0 ua/2.1 os/linux#6.8.0 lang/python#3.13.1'],
    ['aws-cli/2.31.0 Python/3.13.4 Darwin/23.1.0', 'aws-cli/2.40.0 Python/3.14.0 Darwin/25.0.0'],
  ])('of a new version are not new: %s', async (old, updated) => {
    expect(await clients([before(old), now(updated)])).toEqual([]);
  });

  test('of another product or operating system are new, except to a principal that is new itself', async () => {
    const laptop = 'model-store/1.0.0 node/20.1.0 (linux x64)';
    expect(await clients([before(laptop), now('aws-cli/2.31.0 Linux/6.1')])).toEqual([
      ['DataScientist=alice', 'aws-cli on linux', null, 'new client'],
    ]);
    expect(await clients([before(laptop), now('model-store/1.0.0 node/20.1.0 (win32 x64)')])).toEqual([
      ['DataScientist=alice', 'model-store on windows', null, 'new client'],
    ]);
    expect(await clients([before(laptop, { who: storeSession('DataScientist=bob') }), now('aws-cli/2.31.0')])).toEqual([]);
  });

  test.each([
    ['rclone/v1.71.0', 'rclone'], ['S3 Browser/12.1 (https://s3browser.com)', 's3 browser'], ['s5cmd/v2.3.0', 's5cmd'],
    ['Cyberduck/9.0 (Mac OS X)', 'cyberduck'], ['WinSCP/6.3', 'winscp'], ['TruffleHog', 'trufflehog'], ['Pacu/1.5', 'pacu'],
    ['aws-cli/2.31.0 md/installer#exe os/linux#6.6.9-amd64 md/distrib#kali.2026', 'kali'], ['Boto3/1.40.1 Linux/6.5-parrot1-amd64', 'parrot'],
    ['MinIO (linux; amd64) minio-go/v7.0.90 mc/RELEASE', 'minio'],
  ])('of known tools are always reported: %s', async (userAgent, tool) => {
    expect(await clients([before(userAgent), now(userAgent)])).toMatchObject([
      ['DataScientist=alice', expect.anything(), tool, 'known tool'],
    ]);
  });

  test('of tools that copy are ordinary for roles that read directly, but not those of attackers', async () => {
    const who = session('Training', 'job');
    expect(await clients([before('s5cmd/v2.3.0', { who }), now('s5cmd/v2.3.0', { who }), now('pacu', { who })])).toMatchObject([
      ['Training=job', 'pacu', 'pacu', 'known tool; new client'],
    ]);
  });

  test('that only contain the name of a tool in a word are not reported', async () => {
    expect(await clients([before('kaliber/1.0'), now('kaliber/1.0')])).toEqual([]);
  });

  test('of functions of the store and of AWS services are not compared', async () => {
    expect(await clients([
      before('model-store/1.0.0 (linux x64)'), objectEvent(agent('aws-sdk-js/3.9 exec-env/AWS_Lambda')),
      now('athena.amazonaws.com', { from: 'athena.amazonaws.com' }),
    ])).toEqual([]);
  });
});

describe('roles that read directly', () => {
  const elsewhere = async (records: readonly Row[], settings?: Row) => {
    const answer = await answerOf('direct-role-elsewhere', { records, settings }, DAY, DAY);
    return answer.map(({ principal, one_address, vpc_endpoint, reason }) => [principal, one_address, vpc_endpoint, reason]);
  };
  let keys = 0;
  const job = () => {
    keys += 1;
    return { ...session('Training', 'SageMaker'), accessKeyId: `ASIA${keys}` };
  };
  const inVpc = { record: { vpcEndpointId: 'vpce-1' }, from: '10.0.0.5' };
  const before = { time: '2026-02-20T10:00:00Z' };

  test('are reported from a network that the role did not use in the 30 days before', async () => {
    expect(await elsewhere([
      objectEvent({ ...before, ...inVpc, who: job() }), objectEvent({ ...inVpc, who: job() }),
      objectEvent({ from: '45.83.64.9', who: job() }),
    ])).toEqual([['Training=SageMaker', '45.83.64.9', null, 'new network for the role']]);
    expect(await elsewhere([
      objectEvent({ ...before, ...inVpc, who: job() }), objectEvent({ ...before, from: '45.83.64.9', who: job() }),
      objectEvent({ from: '45.83.1.1', who: job() }),
    ])).toEqual([]);
  });

  test('are not reported at the beginning of the logs, and not if other roles use another network', async () => {
    expect(await elsewhere([
      objectEvent({ ...inVpc, who: job() }), objectEvent({ from: '45.83.64.9', who: job() }),
      objectEvent({ ...before, who: session('Scientist', 'joan') }),
    ])).toEqual([]);
  });

  test('are reported if one session is used in two networks, but not for a service that acts for it', async () => {
    const who = job();
    expect(await elsewhere([
      objectEvent({ ...inVpc, who }), objectEvent({ from: 'sagemaker.amazonaws.com', who }),
    ])).toEqual([]);
    expect(await elsewhere([objectEvent({ ...inVpc, who }), objectEvent({ from: '45.83.64.9', who })])).toEqual([
      ['Training=SageMaker', '10.0.0.5', 'vpce-1', 'one session in two networks'],
      ['Training=SageMaker', '45.83.64.9', null, 'one session in two networks'],
    ]);
  });
});

describe('presigned URLs', () => {
  const signs = (caller: string, model: string, more: Row = {}) => managementEvent('AssumeRole', {
    roleArn: 'arn:aws:iam::111122223333:role/DownloadSession', roleSessionName: caller, sourceIdentity: caller,
    policy: JSON.stringify({
      Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`arn:aws:s3:::artifacts/models/${model}/blobs/sha256/abc`] }],
    }),
  }, { eventSource: 'sts.amazonaws.com', userIdentity: session('DownloadFunction', 'fn'), readOnly: true, ...more });
  const unused = async (records: readonly Row[]) => {
    const answer = await answerOf('unused-presigned-urls', { records }, DAY, DAY);
    return answer.map(({ principal, model, sessions }) => [principal, model, sessions]);
  };

  test('that were requested and never used are reported by model', async () => {
    expect(await unused([
      signs('DataScientist=alice', 'fraud'), signs('DataScientist=alice', 'fraud'), signs('DataScientist=alice', 'churn'),
      objectEvent({ link, key: 'models/churn/blobs/sha256/abc' }),
    ])).toEqual([['DataScientist=alice', 'fraud', 2]]);
  });

  test('that were used after midnight, or denied, were used', async () => {
    expect(await unused([
      signs('DataScientist=alice', 'fraud', { eventTime: '2026-03-02T23:55:00Z' }), objectEvent({ link, time: '2026-03-03T00:05:00Z' }),
      signs('DataScientist=bob', 'fraud'), objectEvent({ link, who: storeSession('DataScientist=bob'), error: 'AccessDenied' }),
    ])).toEqual([]);
  });

  test('for uploads, manifests and sessions of others are not reported', async () => {
    const upload = JSON.stringify({ Statement: [{ Action: ['s3:GetObject', 's3:PutObject'], Resource: ['arn:aws:s3:::artifacts/models/m/blobs/sha256/a'] }] });
    const manifest = JSON.stringify({ Statement: [{ Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::artifacts/models/m/versions/1/manifest.json'] }] });
    const with_ = (policy: string) => signs('DataScientist=alice', 'm', { requestParameters: { roleSessionName: 'DataScientist=alice', policy } });
    expect(await unused([
      with_(upload), with_(manifest), signs('x', 'm', { userIdentity: session('Admin', 'mallory') }), signs('x', 'm', { errorCode: 'AccessDenied' }),
    ])).toEqual([]);
  });

  test('are reported if different clients use them, or a file is downloaded twice', async () => {
    const reused = async (records: readonly Row[], lines?: readonly string[]) => {
      const answer = await answerOf('reused-presigned-urls', { records, lines }, DAY, DAY);
      return answer.map(({ principal, uses, clients, bytes_out, object_size }) => [principal, uses, clients, bytes_out, object_size]);
    };
    const part = (clock: string, bytes: number, more: object = {}) => objectEvent({ time: at(clock), link, bytes, ...more });
    const sized = [logLine({ size: 100 })];
    expect(await reused([part('10:00:00', 50), part('10:01:00', 50)], sized)).toEqual([]);
    expect(await reused([part('10:00:00', 100), part('10:10:00', 100)], sized)).toEqual([['DataScientist=alice', 2, 1, 200, 100]]);
    expect(await reused([part('10:00:00', 100), part('10:10:00', 100)])).toEqual([]);
    expect(await reused([part('10:00:00', 50), part('10:10:00', 50, agent('curl/8.1'))])).toEqual([['DataScientist=alice', 2, 2, 100, null]]);
    expect(await reused([part('10:00:00', 50, agent('curl/8.1')), part('10:10:00', 50, agent('curl/8.2'))])).toEqual([]);
  });
});
