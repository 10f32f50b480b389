import type { Row } from '../../../audit/support/evidence';
import { logLine, managementEvent, objectEvent, session } from '../../../audit/support/records';

/**
 * Unexpected values that callers, AWS or a damaged file can cause, one record or line each. They do not include
 * what CloudTrail never writes (another type where the schema has a string or an object, or a time in another
 * format).
 */
const TEXTS = ['', 'ä€😀', 'a\nb\tc"\\', '\u0001', null] as const;

const COPY_SOURCES = [
  '%ZZ',
  '%',
  'a%2',
  '%%41',
  '/artifacts/models/a%FF',
  'artifacts/models/a%EF%BF%BD',
  'artifacts/models/a%00b',
  'artifacts/models/%E2%82%AC',
  'artifacts%2Fmodels%2Fa',
  '//artifacts/models/a',
  'artifacts',
  '/',
  '',
  '?versionId=1',
  'artifacts/models/a?versionId=2',
  'artifacts/models/a%3Fb',
  'artifacts/models/a%3Fb?versionId=2',
  'artifacts/models/a%3FversionId=1?versionId=\n2',
  'artifacts/models/a?b',
  'artifacts/models/a+b',
  'artifacts/models/a\nb',
  'artifacts/models/ä',
  'arn:aws:s3:::artifacts/models/a',
  'arn:aws:s3:eu:1:accesspoint/p/object/models/a\nb',
  7,
  true,
  null,
];
const RANGES = [
  'bytes=0-9',
  'bytes=0-',
  'bytes=9-0',
  'bytes=0-9\n',
  ' bytes=0-9',
  'bytes=0-999999999999999',
  'BYTES=0-9',
  7,
];
const ADDRESSES = [
  '1.2.3.4',
  '01.2.3.4',
  '1.2.3.04',
  '1.2.3',
  ' 1.2.3.4',
  '1.2.3.4 ',
  '1.2.3.4\n',
  '256.0.0.1',
  '1.2.3.4/8',
  '１.2.3.4',
  '٣.1.1.1',
  '',
  '::ffff:1.2.3.4',
  '::1.2.3.4',
  '::FFFF:1.2.3.4',
  '0:0:0:0:0:ffff:1.2.3.4',
  '::ffff:0102:0304',
  '64:ff9b::1.2.3.4',
  '::1.2.3.256',
  '1.2.3.4::',
  'fe80::1%eth0',
  '1::2::3',
  ':::',
  '::',
  ':1',
  '1:',
  '0000:0000:0000:0000:0000:0000:0000:0001',
  '1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7::8',
  '::2:3:4:5:6:7:8',
  '2001:db8::g',
  '00001::',
  '[::1]',
  'AWS Internal',
];
const BYTES = [
  1.5,
  -1,
  0,
  '1e3',
  ' 12 ',
  '0x10',
  'NaN',
  'Infinity',
  '1e30',
  9007199254740993,
  '9223372036854775807',
  true,
  null,
  '',
  'many',
];
const LIFETIMES = [
  '900',
  900,
  '1e3',
  ' 900 ',
  '900.5',
  '0x10',
  '',
  'x',
  9.5,
  '+900',
  '1_000',
  '٣',
  '99999999999999999999',
  true,
  null,
];
const SIGNING_TIMES = [
  '20260302T095900Z',
  '20260302T095900',
  '2026-03-02T09:59:00Z',
  '20260302T095900Zx',
  ' 20260302T095900Z',
  '20260302t095900z',
  '20260230T095900Z',
  '20260302T245900Z',
  '20260302T095960Z',
  '99990302T095900Z',
  '00000302T095900Z',
  '20260302T095900Z\n',
  20260302,
  '',
  '020260302T095900Z',
];
const ARNS = [
  'Role',
  'Role/',
  '/x',
  'Role/a/b',
  `${'R'.repeat(60)}/😀😀`,
  `${'R'.repeat(60)}/abc`,
  `${'R'.repeat(60)}/abcd`,
  'Ro=le/x',
  'Role/x=y',
];
const KEYS = [
  'models/a/blobs/sha256/b',
  'models/a/blobs/sha256/b/c',
  'models//blobs/sha256/b',
  'models/a/versions/1/manifest.json',
  'models/a/versions/1/2/manifest.json',
  'models/a/aliases/p.json',
  'models/a/aliases/.json',
  'models/a/aliases/p.json.json',
  'verdicts/a/b.json',
  'verdicts/a/b/c.json',
  'models/a',
  'models/',
  'MODELS/a/b',
  'models/a\nb/blobs/sha256/c',
  'AWSLogs/x',
  'models/%/x',
  'models/a_b/x',
  7,
  ...TEXTS,
];
const BUCKETS = [
  'artifacts',
  'ARTIFACTS',
  'trail-logs',
  'trail',
  'trail-logs,access-logs',
  'x-s3alias',
  'arn:aws:s3:x',
  7,
  ...TEXTS,
];
const RESOURCES: readonly Row[] = [
  { name: 'arn:a:b/c' },
  { name: '' },
  { name: 'a/' },
  { name: 'a:' },
  { keyId: 'alias/x' },
  { alarmNames: [] },
  { alarmNames: ['a'] },
  { alarmNames: ['a', null] },
  { alarmNames: [null, 'b'] },
  { alarmNames: 'a' },
  { alarmNames: [7] },
  { logGroupName: '' },
  { logGroupIdentifier: 'arn:aws:logs:e:1:log-group:/a/b:*' },
  { logGroupIdentifier: '/a/b' },
  { logGroupIdentifier: '' },
  { logGroupIdentifier: ':' },
  { name: 'a\nb' },
  ...['', ':', 'f:live', '1:function:f', 'arn:aws:lambda:e:1:function:f:live', 'a/b', 'x\nfunction:f', 'function:', 5].flatMap((name) => [
    { functionName: name },
    { resourceArn: name },
  ]),
  { name: 5 },
  { name: null, trailName: 't' },
  { name: 'x'.repeat(5_000) },
  { 'x-amz-bypass-governance-retention': true },
  { 'x-amz-bypass-governance-retention': 'TRUE' },
];
const CONTEXTS = [
  null,
  {},
  { sourceIdentity: '' },
  { sessionIssuer: null },
  { sessionIssuer: { arn: '' } },
  { webIdFederationData: { federatedProvider: 'x', attributes: { a: 'b' } }, sourceIdentity: 'alice' },
];

const withRecord = (record: Row): Row => objectEvent({ record });
const withParameters = (parameters: Row): Row => objectEvent({ parameters });
const copyOf = (source: unknown, more: Row = {}): Row =>
  objectEvent({
    action: 'CopyObject',
    bucket: 'elsewhere',
    key: 'x',
    parameters: { 'x-amz-copy-source': source, ...more },
  });
const withIdentity = (identity: Row): Row =>
  withRecord({ userIdentity: { ...session('Scientist', 'mallory'), ...identity } });

/** Tags of a new session, as CloudTrail writes them and as it never should. */
const TAGS: readonly unknown[] = [
  undefined, null, '', 'invocation-id', {}, [], [null], [7], [{ key: 'invocation-id' }], [{ value: 'R1' }],
  [{ key: 'invocation-id', value: 'R1' }], [{ value: 'R1', key: 'invocation-id' }], [{ key: 'invocation-id', value: '' }],
  [{ key: 'invocation-id', value: 7 }], [{ key: 'other', value: 'a' }, { key: 'invocation-id', value: 'ä b' }],
  [{ key: 'other', value: '{"key":"invocation-id","value":"R1"}' }], { key: 'invocation-id', value: 'R1' },
];
const ISSUED: readonly unknown[] = [
  { credentials: { accessKeyId: 'ASIADOWNLOADSESSION' } }, { credentials: { accessKeyId: '' } }, { credentials: 'hidden' },
  { credentialSet: [{ credentials: { accessKeyId: 'ASIASET' } }] }, { credentialSet: [] }, { credentialSet: 'x' },
];

export const ODD_RECORDS: readonly Row[] = [
  ...COPY_SOURCES.map((source) => copyOf(source)),
  ...RANGES.map((range) => copyOf('artifacts/models/a/blobs/sha256/b', { 'x-amz-copy-source-range': range })),
  ...ADDRESSES.flatMap((address) => [
    objectEvent({ from: address }),
    objectEvent({ link: { signedAt: '20260302T095900Z', askedFrom: address } }),
  ]),
  ...BYTES.map((bytesTransferredOut) =>
    withRecord({ additionalEventData: { bytesTransferredOut, AuthenticationMethod: 'AuthHeader' } }),
  ),
  ...['QueryString', 'querystring', 1, null].map((AuthenticationMethod) =>
    withRecord({ additionalEventData: { AuthenticationMethod } }),
  ),
  ...LIFETIMES.map((lifetime) => withParameters({ 'X-Amz-Expires': lifetime, 'X-Amz-Date': '20260302T095900Z' })),
  ...SIGNING_TIMES.map((time) => withParameters({ 'X-Amz-Expires': '900', 'X-Amz-Date': time })),
  ...['2026-03-02T10:00:00.5Z', '2026-13-02T10:00:00Z', '2026-03-02T10:00:60Z', '2026-03-02', '', null].map(
    (eventTime) => withRecord({ eventTime, delivery_day: '2026-03-02' }),
  ),
  ...[true, false, 'true', 'false', 'True', 1, 0, null, 'yes'].flatMap((flag) => [
    withRecord({ readOnly: flag }),
    withRecord({ managementEvent: flag, eventCategory: null }),
  ]),
  ...[
    'eventName',
    'userAgent',
    'errorCode',
    'errorMessage',
    'requestID',
    'awsRegion',
    'vpcEndpointId',
    'eventType',
    'eventCategory',
    'recipientAccountId',
    'sourceIPAddress',
  ].flatMap((field) => TEXTS.map((value) => withRecord({ [field]: value }))),
  ...['type', 'arn', 'accountId', 'userName', 'principalId', 'invokedBy', 'accessKeyId'].flatMap((field) =>
    ['', 'ä', 7, true, null].map((value) => withIdentity({ [field]: value })),
  ),
  ...CONTEXTS.map((sessionContext) => withIdentity({ sessionContext })),
  ...[null, {}].flatMap((value) =>
    ['userIdentity', 'requestParameters', 'additionalEventData', 'responseElements'].map((field) =>
      withRecord({ [field]: value }),
    ),
  ),
  ...ARNS.map((name) => withIdentity({ arn: `arn:aws:sts::111122223333:assumed-role/${name}` })),
  ...KEYS.map((key) => withParameters({ key })),
  ...BUCKETS.map((bucketName) => withParameters({ bucketName })),
  ...RESOURCES.map((parameters) => managementEvent('Do', parameters, { eventSource: 'x.amazonaws.com' })),
  ...TAGS.flatMap((tags) =>
    ISSUED.map((responseElements) =>
      managementEvent(
        'AssumeRole',
        { roleArn: 'arn:aws:iam::111122223333:role/DownloadSession', roleSessionName: 'a', tags },
        { eventSource: 'sts.amazonaws.com', responseElements },
      ),
    ),
  ),
  ...['R1', '', null].map((requestID) =>
    objectEvent({ action: 'Invoke', record: { eventSource: 'lambda.amazonaws.com', requestID } }),
  ),
].map((record) => ({ ...record, delivery_day: '2026-03-02' }));

const LINE = logLine({ requestId: 'ODD' });
const NUMBERS = ['200', '-', '1e2', '+200', '2.5', '0x1', '200.0', '99999999999999999999', '٣', '1_0', '-5', '007'];
const QUOTED = ['"a"', '-', '""', '"-"', '"a" "b"', '"a\\"b"', '"a" - "b"', '"""', '"', 'x', '"ä😀"', '" x "'];

/** Also lines that cannot be parsed. */
export const ODD_LINES: readonly string[] = [
  LINE,
  LINE.replace(' ODD ', '  ODD '),
  LINE.replace(' ODD ', '\tODD '),
  ...NUMBERS.flatMap((number) => [
    LINE.replace(' 200 - 100 100 ', ` ${number} - 100 100 `),
    LINE.replace(' 200 - 100 100 21 12 ', ` 200 - ${number} ${number} ${number} ${number} `),
  ]),
  ...QUOTED.flatMap((text) => [
    LINE.replace('"model-store/1.0"', text),
    LINE.replace(' 21 12 "-" ', ` 21 12 ${text} `),
    LINE.replace(/"GET [^"]*"/, text),
  ]),
  ...['', ' ', ' a', ' a b', ' "x y"', ' - -', '  '].map((end) => `${LINE}${end}`),
  ...ADDRESSES.filter((address) => !/\s/.test(address)).map((address) => LINE.replace('198.51.100.7', address)),
  ...[' +0100]', ' -0530]', ' +00:00]', ' Z]', ']'].map((offset) => LINE.replace(' +0000]', offset)),
  ...[80, 200, 300, 420].map((length) => LINE.slice(0, length)),
];
