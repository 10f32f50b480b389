import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Principals } from './support/principals';
import { StoreParts } from './support/store';
import type { ManagedPolicyRole } from '../../src/access/managed-policy-role';
import { SessionRoles } from '../../src/access/session-roles';
import { StoreRoles, type StoreRolesProps } from '../../src/access/store-roles';
import { aliasKey, blobKey, manifestKey } from '../../src/contract/keys';
import { PERMISSIONS, ROUTES, type Permission, type Route } from '../../src/contract/routes';

const BLOB = blobKey('fraud-detector', 'a'.repeat(64));
const MANIFEST = manifestKey('fraud-detector', '1.0.0');
const API = 'arn:aws:execute-api:eu-central-1:111122223333:abcde12345/v1';

/** Each route's ARN as a client would call it, by the permission that it needs. */
function calls(permission: Permission, model = 'fraud-detector'): string[] {
  return Object.values<Route>(ROUTES).filter((route) => route.permission === permission).map(({ method, path }) =>
    `${API}/${method}${path.replace('{model}', model).replace(/\{[^}]+\}/g, '1.0.0')}`);
}

function deploy(props: Partial<StoreRolesProps> = {}, withAnApi = true, change: (roles: StoreRoles) => void = () => undefined) {
  const store = new StoreParts();
  const sessions = new SessionRoles(store, 'Sessions', { artifactBucket: store.artifactBucket });
  const auditLogGroup = logs.LogGroup.fromLogGroupArn(store, 'TrailLogs', 'arn:aws:logs:eu-central-1:111122223333:log-group:trail');
  const roles = new StoreRoles(store, 'Roles', {
    artifactBucket: store.artifactBucket,
    logArchive: store.logArchive,
    auditLogGroup,
    ...(withAnApi ? { api: store.api } : { functions: store.functions }),
    ...props,
  });
  change(roles);
  const principals = new Principals(store);
  const bucketArn = principals.resolve(store.artifactBucket.bucket.bucketArn);
  const keyArn = principals.resolve(store.artifactBucket.encryptionKey.keyArn);
  const throughS3 = { 'kms:ViaService': 's3.eu-central-1.amazonaws.com', 'kms:EncryptionContext:aws:s3:arn': bucketArn };
  return { store, sessions, roles, principals, bucketArn, keyArn, throughS3 };
}

const withApi = deploy();
const withoutApi = deploy({}, false);

describe('with an API', () => {
  const { roles, principals, bucketArn, keyArn, throughS3, store, sessions } = withApi;
  const { dataScientist, pipeline, auditor } = roles;
  const everybody = [['data scientist', dataScientist], ['pipeline', pipeline], ['auditor', auditor]] as const;

  const table: Array<[string, iam.Role, Permission[]]> = [
    ['the data scientist', dataScientist, ['read', 'upload', 'download']],
    ['the pipeline', pipeline, ['read', 'download', 'promote']],
    ['the auditor', auditor, ['read']],
  ];
  // [C-05] in docs/compliance.md
  test.each(table)('%s calls the routes of the job and no other', (_who, role, expected) => {
    for (const permission of PERMISSIONS) {
      for (const arn of calls(permission)) {
        expect([arn, principals.may(role, 'execute-api:Invoke', arn)]).toEqual([arn, expected.includes(permission)]);
      }
    }
  });

  test.each(everybody)('the %s calls no other stage and no other API', (_who, role) => {
    for (const arn of calls('read')) {
      expect(principals.may(role, 'execute-api:Invoke', arn.replace('/v1/', '/test/'))).toBe(false);
      expect(principals.may(role, 'execute-api:Invoke', arn.replace('abcde12345', 'zzzzz12345'))).toBe(false);
    }
    expect(principals.may(role, 'execute-api:Invoke', `${API}/DELETE/models/fraud-detector/versions/1.0.0`)).toBe(false);
  });

  test.each(everybody)('the %s has no access to objects in S3: blobs, manifests or aliases', (_who, role) => {
    for (const key of [BLOB, MANIFEST, aliasKey('fraud-detector', 'production')]) {
      for (const action of ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectAttributes', 's3:PutObject', 's3:DeleteObject']) {
        expect(principals.may(role, action, `${bucketArn}/${key}`)).toBe(false);
      }
    }
    expect(principals.may(role, 's3:ListBucket', bucketArn)).toBe(false);
  });

  test.each(everybody)('the %s cannot use the key of the models', (_who, role) => {
    for (const action of ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:CreateGrant']) {
      expect(principals.may(role, action, keyArn, throughS3)).toBe(false);
    }
  });

  test.each(everybody)('the %s cannot assume a session role, a function\'s role or the role of another job', (_who, role) => {
    const others = [sessions.upload, sessions.download, sessions.registry]
      .flatMap(({ executionRole, sessionRole }) => [executionRole, sessionRole]);
    for (const other of [...others, dataScientist, pipeline, auditor]) {
      expect(principals.may(role, 'sts:AssumeRole', principals.arnOf(other))).toBe(false);
    }
    for (const { sessionRole } of [sessions.upload, sessions.download, sessions.registry]) {
      expect(principals.lets(sessionRole, principals.arnOf(role), {
        sourceIdentity: 'alice', tags: { caller: 'alice', model: 'fraud-detector', 'request-id': 'r', 'invocation-id': 'i' },
      })).toBe(false);
    }
  });

  test.each(everybody)('the %s cannot invoke a function bypassing the API', (_who, role) => {
    for (const { functionArn } of Object.values(store.functions)) {
      expect(principals.may(role, 'lambda:InvokeFunction', functionArn)).toBe(false);
    }
  });

  // [C-10] in docs/compliance.md
  test('the auditor reads the log archive and the trail\'s log group, and changes neither', () => {
    const logKeyArn = principals.resolve(store.logArchive.encryptionKey!.keyArn);
    for (const bucket of [store.logArchive.trailBucket, store.logArchive.accessLogBucket]) {
      const arn = principals.resolve(bucket.bucketArn);
      expect(principals.may(auditor, 's3:ListBucket', arn)).toBe(true);
      expect(principals.may(auditor, 's3:GetObject', `${arn}/AWSLogs/1`)).toBe(true);
      for (const action of ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutObjectRetention', 's3:BypassGovernanceRetention']) {
        expect(principals.may(auditor, action, `${arn}/AWSLogs/1`)).toBe(false);
      }
    }
    expect(principals.may(auditor, 'kms:Decrypt', logKeyArn, { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' })).toBe(true);
    expect(principals.may(auditor, 'kms:Decrypt', logKeyArn)).toBe(false);
    expect(principals.may(auditor, 'cloudtrail:ListPublicKeys', '*')).toBe(true);
    expect(principals.may(auditor, 'logs:FilterLogEvents', 'arn:aws:logs:eu-central-1:111122223333:log-group:trail:*')).toBe(true);
    expect(principals.may(auditor, 'logs:DeleteLogGroup', 'arn:aws:logs:eu-central-1:111122223333:log-group:trail:*')).toBe(false);
  });

  test.each([['data scientist', dataScientist], ['pipeline', pipeline]] as const)('the %s reads no log', (_who, role) => {
    expect(principals.may(role, 's3:GetObject', `${principals.resolve(store.logArchive.trailBucket.bucketArn)}/AWSLogs/1`)).toBe(false);
    expect(principals.may(role, 'logs:FilterLogEvents', 'arn:aws:logs:eu-central-1:111122223333:log-group:trail:*')).toBe(false);
  });
});

describe('the auditor is denied every byte of a model', () => {
  // If the role became an administrator by mistake, only the denies remain.
  const makeAdministrator = (roles: StoreRoles) => void roles.auditor.addToPolicy(new iam.PolicyStatement({ actions: ['*'], resources: ['*'] }));

  test('even if it is allowed everything', () => {
    const { principals, roles: { auditor, dataScientist, pipeline }, bucketArn, keyArn, throughS3 } = deploy({}, true, makeAdministrator);
    expect(principals.may(auditor, 'iam:CreateUser', '*')).toBe(true);
    for (const action of ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectAttributes', 's3:GetObjectTorrent', 's3:GetObjectAnnotation', 's3:PutObject']) {
      expect(principals.may(auditor, action, `${bucketArn}/${BLOB}`)).toBe(false);
    }
    expect(principals.may(auditor, 'kms:Decrypt', keyArn, throughS3)).toBe(false);
    for (const arn of [...calls('download'), ...calls('upload'), ...calls('promote')]) {
      expect(principals.may(auditor, 'execute-api:Invoke', arn)).toBe(false);
    }
    for (const role of [dataScientist, pipeline]) {
      expect(principals.may(auditor, 'sts:AssumeRole', principals.arnOf(role))).toBe(false);
    }
  });

  test('even if it is allowed everything in a store without an API', () => {
    const { principals, roles: { auditor }, bucketArn, store } = deploy({}, false, makeAdministrator);
    expect(principals.may(auditor, 'iam:CreateUser', '*')).toBe(true);
    expect(principals.may(auditor, 's3:GetObject', `${bucketArn}/${BLOB}`)).toBe(false);
    for (const { functionArn } of Object.values(store.functions)) {
      expect(principals.may(auditor, 'lambda:InvokeFunction', functionArn)).toBe(false);
      expect(principals.may(auditor, 'lambda:InvokeFunction', `${functionArn}:live`)).toBe(false);
    }
  });
});

describe('without an API', () => {
  const { roles: { dataScientist, pipeline, auditor }, principals, store, bucketArn, keyArn, throughS3 } = withoutApi;
  const invokes = (role: iam.Role) => Object.entries(store.functions)
    .filter(([, { functionArn }]) => principals.may(role, 'lambda:InvokeFunction', functionArn)).map(([name]) => name);

  test('the data scientist invokes the functions to push and pull, and not the registry, which would promote', () => {
    expect(invokes(dataScientist)).toEqual(['upload', 'download']);
  });

  test('the pipeline invokes the functions to pull and promote', () => {
    expect(invokes(pipeline)).toEqual(['download', 'registry']);
  });

  test('the auditor is denied to invoke any function', () => {
    expect(invokes(auditor)).toEqual([]);
    const denies = principals.statementsOf(auditor).filter(({ Effect, Action }) => Effect === 'Deny' && Action === 'lambda:InvokeFunction');
    expect(denies).toHaveLength(1);
  });

  test.each([['data scientist', dataScientist], ['pipeline', pipeline], ['auditor', auditor]] as const)(
    'the %s reads manifests and aliases in S3, and no blob', (_who, role) => {
      expect(principals.may(role, 's3:GetObject', `${bucketArn}/${MANIFEST}`)).toBe(true);
      expect(principals.may(role, 's3:GetObject', `${bucketArn}/${aliasKey('fraud-detector', 'production')}`)).toBe(true);
      expect(principals.may(role, 'kms:Decrypt', keyArn, throughS3)).toBe(true);
      expect(principals.may(role, 'kms:Decrypt', keyArn)).toBe(false);
      expect(principals.may(role, 's3:ListBucket', bucketArn, { 's3:prefix': 'models/fraud-detector/versions/' })).toBe(true);
      expect(principals.may(role, 's3:ListBucket', bucketArn, { 's3:prefix': 'verdicts/' })).toBe(false);
      expect(principals.may(role, 's3:GetObject', `${bucketArn}/${BLOB}`)).toBe(false);
      expect(principals.may(role, 's3:PutObject', `${bucketArn}/${aliasKey('fraud-detector', 'production')}`)).toBe(false);
    });
});

describe('principals that can assume the roles', () => {
  const person = 'arn:aws:iam::111122223333:user/alice';
  const stranger = 'arn:aws:iam::999988887777:user/mallory';
  const research = 'arn:aws:iam::111122223333:role/research';
  const named = (name: string, caller: { [key: string]: string } = { 'aws:username': 'alice', 'aws:userid': 'AIDAALICE' }) =>
    ({ context: { 'sts:RoleSessionName': name, ...caller } });
  const sessionOf = (name: string) => ({ 'aws:userid': `AROARESEARCH:${name}` });

  test('principals of this account, by default, and for an hour', () => {
    const { roles, principals } = withApi;
    for (const role of [roles.dataScientist, roles.pipeline, roles.auditor]) {
      expect(principals.lets(role, person, named('alice'))).toBe(true);
      expect(principals.lets(role, stranger, named('alice'))).toBe(false);
      expect(principals.propertiesOf(role).MaxSessionDuration).toBe(3_600);
      expect(principals.propertiesOf(role).RoleName).toBeUndefined();
    }
  });

  test('by default, an IAM user only under its own name', () => {
    const { roles: { pipeline }, principals } = withApi;
    for (const name of ['grace', 'alice2', 'alic', 'AIDAALICE', '*']) {
      expect([name, principals.lets(pipeline, person, named(name))]).toEqual([name, false]);
    }
    expect(principals.lets(pipeline, person)).toBe(false);
  });

  test('by default, a session only under the name that it has, and with the source identity that it has', () => {
    const { roles: { pipeline }, principals } = withApi;
    const jane = sessionOf('jane@example.com');
    expect(principals.lets(pipeline, research, named('jane@example.com', jane))).toBe(true);
    expect(principals.lets(pipeline, research, named('grace', jane))).toBe(false);
    expect(principals.lets(pipeline, research, named('ane@example.com', jane))).toBe(false);

    const identified = named('jane@example.com', { ...jane, 'aws:SourceIdentity': 'jane' });
    expect(principals.lets(pipeline, research, { ...identified, sourceIdentity: 'jane' })).toBe(true);
    expect(principals.lets(pipeline, research, { ...identified, sourceIdentity: 'grace' })).toBe(false);
    expect(principals.lets(pipeline, research, { ...named('jane@example.com', jane), sourceIdentity: 'grace' })).toBe(false);
  });

  test('are warned about for each role that does not name them', () => {
    const warnings = (props: Partial<StoreRolesProps>) =>
      Annotations.fromStack(deploy(props).store).findWarning('*', Match.stringLikeRegexp('any principal of this account')).map(({ entry }) => entry.data);
    expect(warnings({})).toEqual([expect.stringMatching(/^dataScientist.assumedBy, pipeline.assumedBy, auditor.assumedBy: not set.*SecureModelArtifactStore::RolesOpenToAccount/s)]);
    const assumedBy = new iam.ArnPrincipal(research);
    expect(warnings({ dataScientist: { assumedBy }, auditor: { assumedBy } })).toEqual([expect.stringMatching(/^pipeline.assumedBy: not set/)]);
    expect(warnings({ dataScientist: { assumedBy }, pipeline: { assumedBy }, auditor: { assumedBy } })).toEqual([]);
  });

  test('only the named principals', () => {
    const { roles, principals } = deploy({
      dataScientist: {
        assumedBy: new iam.CompositePrincipal(
          new iam.ArnPrincipal('arn:aws:iam::111122223333:role/research'), new iam.ArnPrincipal('arn:aws:iam::111122223333:role/notebooks')),
        maxSessionDuration: Duration.hours(8),
        roleName: 'data-scientist',
      },
    });
    expect(principals.lets(roles.dataScientist, research)).toBe(true);
    expect(principals.lets(roles.dataScientist, 'arn:aws:iam::111122223333:role/notebooks')).toBe(true);
    expect(principals.lets(roles.dataScientist, person)).toBe(false);
    expect(principals.propertiesOf(roles.dataScientist)).toMatchObject({ MaxSessionDuration: 28_800, RoleName: 'data-scientist' });
    expect(principals.lets(roles.pipeline, person, named('alice'))).toBe(true);
  });

  // [C-04] in docs/compliance.md
  test('only with MFA, if configured', () => {
    const { roles, principals } = deploy({
      auditor: { requireMultiFactorAuthentication: true },
      dataScientist: {
        requireMultiFactorAuthentication: true,
        assumedBy: new iam.CompositePrincipal(new iam.ArnPrincipal(person), new iam.ArnPrincipal('arn:aws:iam::111122223333:user/bob')),
      },
    });
    for (const role of [roles.auditor, roles.dataScientist]) {
      const { context } = named('alice');
      expect(principals.lets(role, person, { context: { ...context, 'aws:MultiFactorAuthPresent': 'true' } })).toBe(true);
      expect(principals.lets(role, person, { context: { ...context, 'aws:MultiFactorAuthPresent': 'false' } })).toBe(false);
      expect(principals.lets(role, person, { context })).toBe(false);
    }
    expect(principals.lets(roles.auditor, person, { context: { ...named('grace').context, 'aws:MultiFactorAuthPresent': 'true' } })).toBe(false);
    expect(principals.lets(roles.dataScientist, 'arn:aws:iam::111122223333:user/bob')).toBe(false);
    expect(principals.lets(roles.pipeline, person, named('alice'))).toBe(true);
  });
});

describe('sessions with a name generated by an SDK', () => {
  const person = 'arn:aws:iam::111122223333:user/alice';
  const named = (name: string) => ({ context: { 'sts:RoleSessionName': name, 'aws:userid': `AROARESEARCH:${name}` } });
  const madeUp = ['aws-sdk-js-1795855669439', 'botocore-session-1795855669', 'AWSCLI-Session', 'aws-go-sdk-1722511821294449000'];

  test.each(['dataScientist', 'pipeline', 'auditor'] as const)('are denied by the trust policy of the %s role, and all others are not', (role) => {
    const { roles, principals } = withApi;
    for (const name of madeUp) {
      expect([name, principals.lets(roles[role], person, named(name))]).toEqual([name, false]);
    }
    for (const name of ['jane.doe@example.com', 'GitHubActions', 'i-0123456789abcdef0']) {
      expect([name, principals.lets(roles[role], person, named(name))]).toEqual([name, true]);
    }
  });

  test('are denied for each way to assume a role, for every principal', () => {
    const assumedBy = new iam.WebIdentityPrincipal('arn:aws:iam::111122223333:oidc-provider/ci', { StringEquals: { 'ci:sub': 'build' } });
    const { roles, principals } = deploy({ pipeline: { assumedBy } });
    expect(principals.trustOf(roles.pipeline).find(({ Effect }) => Effect === 'Deny')).toMatchObject({
      Sid: 'DenyDefaultSessionNames',
      Principal: '*',
      Action: ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'],
    });
  });

  test('are admitted by a role that allows them', () => {
    const { roles, principals } = deploy({ dataScientist: { allowDefaultSessionNames: true } });
    expect(principals.lets(roles.dataScientist, person, named(madeUp[0]))).toBe(true);
    expect(principals.lets(roles.auditor, person, named(madeUp[0]))).toBe(false);
  });

  test('leave room in a trust policy, which IAM limits to 2,048 characters', () => {
    const { roles, principals } = withApi;
    const deny = principals.trustOf(roles.pipeline).filter(({ Effect }) => Effect === 'Deny');
    expect(JSON.stringify(deny).length).toBeLessThan(700);
  });
});

describe('policies for permission sets', () => {
  test('have the configured name, and all permissions of the role', () => {
    const { roles, store } = deploy({ dataScientist: { policyName: 'ModelDataScientist' } });
    const policies = Object.values(Template.fromStack(Stack.of(store)).findResources('AWS::IAM::ManagedPolicy', {
      Properties: { ManagedPolicyName: 'ModelDataScientist' },
    }));
    expect(policies).toHaveLength(1);
    expect(policies[0].Properties.Roles).toEqual([Stack.of(store).resolve(roles.dataScientist.roleName)]);
  });

  test('continue in numbered policies if one is too small', () => {
    const models = Array.from({ length: 15 }, (_, index) => `fraud-detector-of-team-${index}`);
    const { roles, store } = deploy({ dataScientist: { policyName: 'ModelDataScientist', models } });
    const names = Object.values(Template.fromStack(Stack.of(store)).findResources('AWS::IAM::ManagedPolicy'))
      .map(({ Properties }) => Properties.ManagedPolicyName as string | undefined).filter((name) => name !== undefined);
    expect(names.length).toBeGreaterThan(1);
    expect(names).toEqual(names.map((_, index) => (index === 0 ? 'ModelDataScientist' : `ModelDataScientist-${index + 1}`)));
    expect((roles.dataScientist as ManagedPolicyRole).policyNames).toEqual(names);
  });
});

describe('roles for some models', () => {
  const { roles, principals } = deploy({ dataScientist: { models: ['fraud-*', 'churn'] }, auditor: { models: ['fraud-*'] } });
  const calling = (role: iam.Role, permission: Permission, model: string) =>
    calls(permission, model).filter((arn) => arn.includes('/models/')).map((arn) => principals.may(role, 'execute-api:Invoke', arn));

  test.each(['fraud-detector', 'fraud-', 'churn'])('reach %s', (model) => {
    for (const permission of ['read', 'upload', 'download'] as const) {
      expect(calling(roles.dataScientist, permission, model)).not.toContain(false);
    }
  });

  test.each(['fraud', 'churn2', 'chur', 'pricing', 'x-fraud-detector'])('do not reach %s', (model) => {
    for (const permission of PERMISSIONS) {
      expect(calling(roles.dataScientist, permission, model)).not.toContain(true);
    }
  });

  test('cannot list other models', () => {
    expect(principals.may(roles.dataScientist, 'execute-api:Invoke', `${API}/GET/models`)).toBe(false);
    expect(principals.may(roles.pipeline, 'execute-api:Invoke', `${API}/GET/models`)).toBe(true);
  });

  test('cannot read logs, which contain every model', () => {
    const allows = principals.statementsOf(roles.auditor).filter(({ Effect }) => Effect === 'Allow');
    expect(allows.map(({ Action }) => Action)).toEqual(['execute-api:Invoke']);
  });
});
