import { signatureOf } from './exchange';
import { Identities } from './identities';
import { exchange } from '../../support/exchange';

const ACCOUNT = '111122223333';
const signedBy = (accessKeyId: string, service = 's3') => ({
  accessKeyId, service, region: 'us-east-1', authenticationMethod: 'AuthHeader' as const,
});
const assumeRole = (accessKeyId: string, role: string, more = '', status = 200) => exchange({
  status,
  requestText: `Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A${ACCOUNT}%3Arole%2Fteam%2F${role}&RoleSessionName=ada${more}`,
  responseText: `<AssumedRoleId>AROAEXAMPLE:ada</AssumedRoleId><Arn>arn:aws:sts::${ACCOUNT}:assumed-role/${role}/ada</Arn>`
    + `<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>`,
});

describe('The owner of an access key', () => {
  let identities: Identities;
  beforeEach(() => {
    identities = new Identities(ACCOUNT, 'AKIAROOT');
  });

  test('is, for a session, its role with the session name and source identity', () => {
    identities.learn(assumeRole('ASIA1', 'Reader', '&SourceIdentity=ada'), signedBy('AKIAROOT', 'sts'));

    expect(identities.of(signedBy('ASIA1'))).toEqual({
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:ada',
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Reader/ada`,
      accountId: ACCOUNT,
      accessKeyId: 'ASIA1',
      sessionContext: {
        sessionIssuer: {
          type: 'Role', principalId: 'AROAEXAMPLE', arn: `arn:aws:iam::${ACCOUNT}:role/team/Reader`, accountId: ACCOUNT, userName: 'Reader',
        },
        attributes: { creationDate: '2026-11-21T19:06:40Z', mfaAuthenticated: 'false' },
        sourceIdentity: 'ada',
      },
    });
  });

  test('keeps the source identity when a session assumes another role', () => {
    identities.learn(assumeRole('ASIA1', 'Reader', '&SourceIdentity=ada'), signedBy('AKIAROOT', 'sts'));
    identities.learn(assumeRole('ASIA2', 'Other'), signedBy('ASIA1', 'sts'));

    expect(identities.of(signedBy('ASIA2')).sessionContext?.sourceIdentity).toBe('ada');
  });

  test('is, for a user, known from the responses that created the user and the key', () => {
    identities.learn(exchange({ requestText: 'Action=CreateUser&UserName=ada', responseText: '<UserId>AIDAEXAMPLE</UserId>' }), signedBy('AKIAROOT', 'iam'));
    identities.learn(exchange({
      requestText: 'Action=CreateAccessKey&UserName=ada', responseText: '<UserName>ada</UserName><AccessKeyId>AKIA1</AccessKeyId>',
    }), signedBy('AKIAROOT', 'iam'));

    expect(identities.of(signedBy('AKIA1'))).toEqual({
      type: 'IAMUser', principalId: 'AIDAEXAMPLE', arn: `arn:aws:iam::${ACCOUNT}:user/ada`, accountId: ACCOUNT, accessKeyId: 'AKIA1', userName: 'ada',
    });
  });

  test('distinguishes the root user, unknown principals and anonymous callers', () => {
    identities.learn(assumeRole('ASIA3', 'Reader', '', 403), signedBy('AKIAROOT', 'sts'));

    expect(identities.of(signedBy('AKIAROOT')).arn).toBe(`arn:aws:iam::${ACCOUNT}:root`);
    expect(identities.of(signedBy('ASIA3'))).toEqual({ type: 'Unknown', accessKeyId: 'ASIA3' });
    expect(identities.of(undefined)).toEqual({ type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' });
  });

  test('is read from the Authorization header or the presigned URL', () => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=AKIA1/20261121/eu-west-1/execute-api/aws4_request, SignedHeaders=host, Signature=ab';

    expect(signatureOf('/', { authorization })).toEqual({
      accessKeyId: 'AKIA1', region: 'eu-west-1', service: 'execute-api', authenticationMethod: 'AuthHeader',
    });
    expect(signatureOf(exchange().url, {})).toEqual({
      accessKeyId: 'ASIAEXAMPLE', region: 'us-east-1', service: 's3', authenticationMethod: 'QueryString',
    });
    expect(signatureOf('/models-bucket/key', {})).toBeUndefined();
  });
});
