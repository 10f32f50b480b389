import { answerOf } from '../support/evidence';
import { managementEvent, objectEvent, session, storeSession } from '../support/records';

const DAY = '2026-03-02';
const link = { signedAt: '20260302T095900Z' };
const ROLE = 'arn:aws:iam::111122223333:role';

describe('presigned URLs with a longer lifetime than those of the store', () => {
  test('are reported by their lifetime', async () => {
    const records = [
      objectEvent({ link: { ...link, seconds: 3600 } }), objectEvent({ link: { ...link, seconds: 3601 }, bytes: 5 }),
      objectEvent({ link: { ...link, seconds: 604_800 }, error: 'AccessDenied' }),
      objectEvent({ link: { ...link, seconds: NaN } }),
    ];
    expect(await answerOf('long-lived-presigned-urls', { records }, DAY, DAY)).toMatchObject([
      { link_lifetime_seconds: 3601, bytes_out: 5, uses: 1 },
    ]);
  });
});

describe('unexpected role assumptions', () => {
  const opening = (key: string, who: object, more: object = {}) => managementEvent('AssumeRole', {
    roleArn: `${ROLE}/Training`,
  }, {
    eventSource: 'sts.amazonaws.com', userIdentity: who, responseElements: { credentials: { accessKeyId: key } },
    ...more,
  });
  const read = (key: string, role: string, name: string, more: object = {}) =>
    objectEvent({ who: { ...session(role, name, name), accessKeyId: key }, link, ...more });

  test('are reported with who opened the session, whatever its name', async () => {
    const records = [
      opening('ASIA1', session('Admin', 'mallory'), { eventTime: '2026-03-01T23:50:00Z' }),
      read('ASIA1', 'DownloadSession', 'DataScientist=alice', { bytes: 70 }),
      opening('ASIA2', session('Scientist', 'bob')), read('ASIA2', 'Training', 'SageMaker', { bytes: 20 }),
      opening('ASIA3', session('DownloadFunction', 'fn')), read('ASIA3', 'DownloadSession', 'DataScientist=alice'),
      opening('ASIA4', { type: 'AWSService', invokedBy: 'sagemaker.amazonaws.com' }),
      read('ASIA4', 'Training', 'SageMaker'),
      opening('ASIA5', session('Admin', 'mallory'), { errorCode: 'AccessDenied' }), read('ASIA5', 'Training', 'x'),
      opening('ASIA6', session('Admin', 'mallory')), read('ASIA6', 'Training', 'x', { error: 'AccessDenied' }),
    ];
    const answer = await answerOf('unexpected-role-assumption', { records }, DAY, DAY);
    expect(
      answer.map(({ principal, opened_by, role_arn, bytes_out }) => [principal, opened_by, role_arn, bytes_out]),
    ).toEqual([
      // Who opened a session of the store is who reads in it, whatever its name.
      ['Admin=mallory', 'Admin=mallory', `${ROLE}/DownloadSession`, 70],
      ['SageMaker', 'Scientist=bob', `${ROLE}/Training`, 20],
    ]);
  });

  test('in sessions of the store are not reported if the roles of the functions are unknown', async () => {
    const records = [
      opening('ASIA1', session('DownloadFunction', 'fn')), read('ASIA1', 'DownloadSession', 'DataScientist=alice'),
    ];
    expect(
      await answerOf('unexpected-role-assumption', { records, settings: { function_role_arns: null } }, DAY, DAY),
    ).toEqual([]);
  });
});

describe('auditors who download models', () => {
  test('are reported with and without the API, but not for objects that they may read', async () => {
    const records = [
      objectEvent({ who: session('Auditor', 'eve'), bytes: 9 }),
      objectEvent({ who: storeSession('Auditor=eve'), link, bytes: 5 }),
      objectEvent({ who: session('Auditor', 'eve'), error: 'AccessDenied' }),
      objectEvent({ who: session('Auditor', 'eve'), key: 'models/fraud/versions/1.0/manifest.json' }),
      objectEvent({ who: session('Auditor', 'eve'), bucket: 'trail-logs', key: 'AWSLogs/a.json.gz' }),
      objectEvent({ who: storeSession('LeadAuditor=eve'), link }),
    ];
    const answer = await answerOf('auditor-model-reads', { records }, DAY, DAY);
    expect(answer.map(({ principal, model, bytes_out }) => [principal, model, bytes_out])).toEqual([
      ['Auditor=eve', 'fraud', 9], ['Auditor=eve', 'fraud', 5],
    ]);
  });
});

describe('writes without a session of the store', () => {
  const write = (more: object) => objectEvent({
    action: 'PutObject', key: 'models/fraud/versions/9.0/manifest.json', ...more,
  });

  test('are reported with principal and object', async () => {
    const records = [
      write({ who: session('Admin', 'mallory') }),
      write({
        who: session('Admin', 'mallory'), action: 'CopyObject', parameters: { 'x-amz-copy-source': 'elsewhere/evil' },
      }),
      write({}), write({ who: session('Admin', 'mallory'), error: 'AccessDenied' }),
      write({ who: session('Scanner', 'x'), key: 'verdicts/fraud/a.json' }),
      write({ who: session('Admin', 'mallory'), bucket: 'holiday-photos' }),
      write({ who: session('Admin', 'x'), bucket: 'side-door-abc-s3alias' }),
    ];
    const answer = await answerOf('direct-writes', { records }, DAY, DAY);
    expect(answer.map(({ principal, action, bucket }) => [principal, action, bucket])).toEqual([
      ['Admin=mallory', 'CopyObject', 'artifacts'], ['Admin=mallory', 'PutObject', 'artifacts'],
      ['Admin=x', 'PutObject', 'side-door-abc-s3alias'],
    ]);
  });
});

describe('versions without a signature', () => {
  const put = (key: string, more: object = {}) => objectEvent({
    action: 'PutObject', key: `models/fraud/versions/${key}`, ...more,
  });

  test('are reported in a store that signs manifests', async () => {
    const records = [
      put('1.0/manifest.json'), put('1.0/model.sig'),
      put('2.0/manifest.json', { who: storeSession('DataScientist=bob') }),
      put('3.0/manifest.json', { time: '2026-03-02T23:59:59Z' }),
      put('3.0/model.sig', { time: '2026-03-03T00:00:01Z' }),
      put('4.0/manifest.json', { error: 'PreconditionFailed' }),
    ];
    expect(await answerOf('unsigned-versions', { records }, DAY, DAY)).toMatchObject([
      { principal: 'DataScientist=bob', model: 'fraud', version: '2.0' },
    ]);
  });

  test('are not reported in a store that does not sign manifests', async () => {
    expect(await answerOf('unsigned-versions', { records: [put('1.0/manifest.json')] }, DAY, DAY)).toEqual([]);
  });
});

describe('changes to the protection of the store', () => {
  const change = (source: string, action: string, parameters: object, more: object = {}) =>
    managementEvent(
      action,
      parameters as Record<string,
        unknown>,
      { eventSource: `${source}.amazonaws.com`, userIdentity: session('Admin', 'mallory'), ...more },
    );
  const found = async (records: object[], settings = {}) =>
    (await answerOf('protection-changes', { records: records as never, settings }, DAY, DAY)).map(
      ({ what, action, resource }) => [what, action, resource],
    );

  test.each([
    ['cloudtrail', 'StopLogging', { name: 'models-trail' }, 'trail', 'models-trail'],
    [
      'cloudtrail',
      'PutEventSelectors',
      { trailName: 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/models-trail' },
      'trail',
      'models-trail',
    ],
    ['s3', 'PutBucketPolicy', { bucketName: 'artifacts' }, 'bucket', 'artifacts'],
    ['s3', 'PutBucketLogging', { bucketName: 'trail-logs' }, 'bucket', 'trail-logs'],
    ['s3', 'PutAccountPublicAccessBlock', {}, 'bucket', null],
    [
      'kms',
      'PutKeyPolicy',
      { keyId: '1234abcd-12ab-34cd-56ef-1234567890ab' },
      'key',
      '1234abcd-12ab-34cd-56ef-1234567890ab',
    ],
    [
      'kms',
      'CreateGrant',
      { keyId: 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' },
      'key',
      '1234abcd-12ab-34cd-56ef-1234567890ab',
    ],
    ['iam', 'UpdateAssumeRolePolicy', { roleName: 'DownloadSession' }, 'role', 'DownloadSession'],
    [
      'logs',
      'DeleteLogGroup',
      { logGroupName: '/aws/cloudtrail/models' },
      'alarm or log group',
      '/aws/cloudtrail/models',
    ],
    [
      'logs',
      'DeleteLogStream',
      { logGroupIdentifier: 'arn:aws:logs:eu-central-1:111122223333:log-group:/aws/cloudtrail/models:*' },
      'alarm or log group',
      '/aws/cloudtrail/models',
    ],
    ['monitoring', 'DeleteAlarms', { alarmNames: ['one', 'ModelStore-Models-Denied-3C'] }, 'alarm or log group', null],
    [
      'monitoring',
      'DisableAlarmActions',
      { alarmNames: ['ModelStore-Models-EgressByPerson-1A2B'] },
      'alarm or log group',
      'ModelStore-Models-EgressByPerson-1A2B',
    ],
    [
      'monitoring',
      'DisableInsightRules',
      { ruleNames: ['ModelStore-Models-EgressByPersonRule'] },
      'alarm or log group',
      'ModelStore-Models-EgressByPersonRule',
    ],
    [
      'monitoring',
      'PutMetricAlarm',
      { alarmName: 'ModelStore-Models-EgressByPerson-1A2B', threshold: 1e15 },
      'alarm or log group',
      'ModelStore-Models-EgressByPerson-1A2B',
    ],
    [
      'monitoring',
      'PutInsightRule',
      { ruleName: 'ModelStore-Models-EgressByPersonRule' },
      'alarm or log group',
      'ModelStore-Models-EgressByPersonRule',
    ],
    [
      'monitoring',
      'PutAlarmMuteRule',
      { name: 'holidays', muteTargets: { alarmNames: ['ModelStore-Models-Denied-3C'] } },
      'alarm or log group',
      'holidays',
    ],
    ['monitoring', 'DeleteAnomalyDetector', { namespace: 'SecureModelArtifactStore' }, 'alarm or log group', null],
    [
      'logs',
      'PutAccountPolicy',
      { policyName: 'mask', policyType: 'DATA_PROTECTION_POLICY' },
      'alarm or log group',
      null,
    ],
    [
      'events',
      'DisableRule',
      { name: 'ModelStore-Models-Tampering-Trail' },
      'alarm or log group',
      'ModelStore-Models-Tampering-Trail',
    ],
    [
      'events',
      'RemoveTargets',
      { rule: 'ModelStore-Models-Tampering-Trail', ids: ['Target0'] },
      'alarm or log group',
      'ModelStore-Models-Tampering-Trail',
    ],
    [
      'glue',
      'UpdateTable',
      { databaseName: 'Models_Audit', name: 'egress_events', tableInput: { name: 'egress_events' } },
      'tables, queries or parameters',
      'Models_Audit',
    ],
    ['glue', 'DeleteDatabase', { name: 'models_audit' }, 'tables, queries or parameters', 'models_audit'],
    [
      'athena',
      'UpdateWorkGroup',
      { workGroup: 'models-questions' },
      'tables, queries or parameters',
      'models-questions',
    ],
    [
      'athena',
      'UpdateNamedQuery',
      { namedQueryId: '4d1a9d8a-7b8a-4c1e-9d2e-0b8a1d2c3e4f' },
      'tables, queries or parameters',
      null,
    ],
    [
      'ssm',
      'PutParameter',
      { name: '/secure-model-artifact-store/models/audit', overwrite: true },
      'tables, queries or parameters',
      'audit',
    ],
    [
      'apigateway',
      'UpdateIntegration',
      { restApiId: 'api0123456', resourceId: 'r1', httpMethod: 'POST' },
      'api or sign-in',
      'api0123456',
    ],
    [
      'cognito-idp',
      'CreateUserPoolClient',
      { userPoolId: 'eu-central-1_Pool01' },
      'api or sign-in',
      'eu-central-1_Pool01',
    ],
  ])('include %s:%s', async (source, action, parameters, what, resource) => {
    expect(await found([change(source, action, parameters)])).toEqual([[what, action, resource]]);
  });

  test.each([
    ['another trail', change('cloudtrail', 'StopLogging', { name: 'others-trail' })],
    ['another bucket', change('s3', 'PutBucketPolicy', { bucketName: 'holiday-photos' })],
    [
      'another role, whose name contains a watched one',
      change('iam', 'PutRolePolicy', { roleName: 'NotDownloadSession' }),
    ],
    ['a grant of another key, created by a service', change('kms', 'CreateGrant', { keyId: 'ffffffff-12ab-34cd-56ef-1234567890ab' }, {
      userIdentity: { ...session('Admin', 'x'), invokedBy: 'rds.amazonaws.com' },
    })],
    ['a read-only call', change('cloudtrail', 'GetTrailStatus', { name: 'models-trail' }, { readOnly: true })],
    ['a read-only call whose record does not say so', change('cloudtrail', 'GetTrailStatus', { name: 'models-trail' }, { readOnly: undefined })],
    ['alarms of other stacks', change('monitoring', 'DeleteAlarms', { alarmNames: ['one', 'two'] })],
    [
      'a read-only call to API Gateway',
      change('apigateway', 'GetIntegration', { restApiId: 'api0123456' }, { readOnly: true }),
    ],
    [
      'an alarm of another stack',
      change('monitoring', 'DisableAlarmActions', { alarmNames: ['Billing-ModelStore-1A2B'] }),
    ],
    ['a rule of another stack', change('events', 'DisableRule', { name: 'Billing-Daily' })],
    [
      'an alarm of another stack that is changed',
      change('monitoring', 'PutMetricAlarm', { alarmName: 'Billing-ModelStore-1A2B' }),
    ],
    [
      'a table of another database',
      change('glue', 'UpdateTable', { databaseName: 'sales', tableInput: { name: 'models_audit' } }),
    ],
    ['another parameter', change('ssm', 'PutParameter', { name: '/billing/audit' })],
    ['another API', change('apigateway', 'UpdateIntegration', { restApiId: 'api9999999' })],
    ['a new user in the user pool', change('cognito-idp', 'AdminCreateUser', { userPoolId: 'eu-central-1_Pool01' })],
    ['an alarm that CloudFormation changes', change('monitoring', 'PutMetricAlarm', {
      alarmName: 'ModelStore-Models-Denied-3C',
    }, {
      userIdentity: { ...session('Deployment', 'x'), invokedBy: 'cloudformation.amazonaws.com' },
    })],
  ])('do not include %s', async (_, record) => {
    expect(await found([record])).toEqual([]);
  });

  test('include an alarm muted by CloudFormation', async () => {
    expect(await found([change('monitoring', 'DisableAlarmActions', { alarmNames: ['ModelStore-Models-Denied-3C'] }, {
      userIdentity: { ...session('Other', 'x'), invokedBy: 'cloudformation.amazonaws.com' },
    })])).toHaveLength(1);
  });

  test('without watched resources, include every change in the account', async () => {
    expect(
      await found([change('cloudtrail', 'StopLogging', { name: 'others-trail' })], { watched_resources: null }),
    ).toHaveLength(1);
    expect(
      await found([change('events', 'DisableRule', { name: 'Billing-Daily' })], { watched_prefix: null }),
    ).toHaveLength(1);
  });

  describe('in a deployment', () => {
    const deployed = (role: string, invokedBy?: string) => ({
      userIdentity: { ...session(role, 'AWSCloudFormation'), ...invokedBy === undefined ? {} : { invokedBy } },
    });
    const records = (role: string, invokedBy?: string) => [
      change('s3', 'PutBucketPolicy', { bucketName: 'artifacts' }, deployed(role, invokedBy)),
      change('s3', 'PutBucketLifecycle', { bucketName: 'artifacts' }, deployed(role, invokedBy)),
      change('s3', 'PutBucketReplication', { bucketName: 'artifacts' }, deployed(role, invokedBy)),
      change('s3', 'DeleteBucket', { bucketName: 'trail-logs' }, deployed(role, invokedBy)),
    ] as never;
    const actions = async (role: string, invokedBy?: string) => Promise.all([
      'protection-changes', 'deletions', 'replication-changes',
    ].map(async (name) =>
      (await answerOf(name, { records: records(role, invokedBy) }, DAY, DAY)).map(({ action }) => action)));

    test('are expected, except deletions', async () => {
      expect(await actions('Deployment', 'cloudformation.amazonaws.com')).toEqual([['DeleteBucket'], ['DeleteBucket'], []]);
    });

    test('are not expected from the same role without CloudFormation, or from CloudFormation with another role', async () => {
      const all = [
        ['PutBucketPolicy', 'PutBucketLifecycle', 'PutBucketReplication', 'DeleteBucket'],
        ['PutBucketLifecycle', 'DeleteBucket'],
        ['PutBucketReplication'],
      ];
      expect(await actions('Deployment')).toEqual(all);
      expect(await actions('Scientist', 'cloudformation.amazonaws.com')).toEqual(all);
    });
  });
});
