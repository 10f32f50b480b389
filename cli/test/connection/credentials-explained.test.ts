import { BuiltCommand } from './built-command';
import { keys, ProfiledPerson, SSO, SSO_SESSION, type Variables } from './profiled-person';

let command: BuiltCommand;
let person: ProfiledPerson;

beforeAll(async () => {
  command = await new BuiltCommand().build();
});
afterAll(() => command.remove());
beforeEach(async () => {
  person = await new ProfiledPerson().arrive();
});
afterEach(async () => person.leave());

describe('missing credentials are explained', () => {
  const fails = async (variables: Variables, ...argv: string[]) => {
    const { exitCode, stdout, stderr } = await person.list(command, variables, ...argv);
    expect({ stdout, asked: person.aws.calls.filter(({ what }) => what === 'GET /live/models') }).toEqual({
      stdout: '',
      asked: [],
    });
    return { exitCode, stderr };
  };

  test('in the same way with --store and --url', async () => {
    for (const argv of [
      ['--store', 'models'],
      ['--url', `${person.aws.origin}/live`],
    ]) {
      const { exitCode, stderr } = await command.run(
        { HOME: person.home, AWS_REGION: 'eu-central-1' },
        'list',
        '--columns',
        'model',
        ...argv,
      );
      expect(exitCode).toBe(6);
      expect(stderr).toContain('no AWS credentials');
      expect(stderr).toContain('aws sso login');
      expect(stderr).toContain('(unauthenticated)');
    }
  });

  test('an unknown profile is named, with both files and the existing profiles', async () => {
    person.config('[profile scientist]', ...keys('a'));
    const { exitCode, stderr } = await fails({ AWS_PROFILE: 'scientis' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('AWS profile "scientis" does not exist');
    expect(stderr).toContain(person.path('.aws/config'));
    expect(stderr).toContain(person.path('.aws/credentials'));
    expect(stderr).toContain('Available profiles: scientist.');
  });

  test('a failing credential process is reported with its reason, without its command line, which may contain a secret', async () => {
    person.config(
      '[profile broker]',
      `credential_process = ${person.script('broker', 'echo "the vault is sealed" >&2', 'exit 3')} --password hunter2`,
    );
    const { exitCode, stderr } = await fails({ AWS_PROFILE: 'broker' });
    expect(exitCode).toBe(6);
    expect(stderr).toContain(
      'no AWS credentials for the profile "broker": its credential_process failed: the vault is sealed',
    );
    expect(stderr).not.toContain('hunter2');
  });

  test.each([
    ['not JSON', 'invalid JSON'],
    ['{"Version": 2}', 'Version 1'],
  ])(
    'a credential process that prints %j is reported as invalid',
    async (printed, message) => {
      person.config('[profile broker]', `credential_process = ${person.script('broker', `echo '${printed}'`)}`);
      expect(await fails({ AWS_PROFILE: 'broker' })).toMatchObject({
        exitCode: 6,
        stderr: expect.stringContaining(message) as unknown,
      });
    },
    30_000,
  );

  test.each<[string, () => void]>([
    ['that has expired', () => {
      person.config('[profile sso]', ...SSO);
      person.signIn('2020-01-01T00:00:00Z');
    }],
    ['that never was', () => person.config('[profile sso]', ...SSO)],
    ['that has expired, of a shared session', () => {
      person.config(...SSO_SESSION);
      person.signIn('2020-01-01T00:00:00Z', 'company');
    }],
    ['that never was, of a shared session', () => person.config(...SSO_SESSION)],
  ])(
    'a sign-in of IAM Identity Center %s ends with the command that signs in',
    async (_, given) => {
      given();
      const { exitCode, stderr } = await fails({ AWS_PROFILE: 'sso' });
      expect(exitCode).toBe(6);
      expect(stderr).toContain('Sign in: aws sso login --profile sso');
    },
    30_000,
  );

  test('a role that cannot be assumed is reported with the error from AWS', async () => {
    person.config(
      '[profile base]',
      ...keys('AKIDBASE'),
      '[profile scientist]',
      'role_arn = arn:aws:iam::111122223333:role/Closed',
      'source_profile = base',
    );
    const { exitCode, stderr } = await fails({ AWS_PROFILE: 'scientist' });
    expect(exitCode).toBe(6);
    expect(stderr).toContain(
      'for the profile "scientist": User: arn:aws:iam::111122223333:user/jane is not authorized to perform: sts:AssumeRole',
    );
    expect(stderr).toContain('role_session_name = YOUR_NAME');
  });

  test('an expired sign-in behind a role is reported with the profile to sign in with', async () => {
    person.config(
      ...SSO_SESSION,
      '[profile scientist]',
      'role_arn = arn:aws:iam::111122223333:role/Scientist',
      'source_profile = sso',
      'role_session_name = jane',
    );
    person.signIn('2020-01-01T00:00:00Z', 'company');
    const { exitCode, stderr } = await fails({ AWS_PROFILE: 'scientist' });
    expect(exitCode).toBe(6);
    expect(stderr).toContain('Sign in: aws sso login --profile sso');
  });

  test('a container endpoint that does not respond is named', async () => {
    const { exitCode, stderr } = await fails({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${person.aws.origin}/container`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'wrong',
    });
    expect(exitCode).toBe(6);
    expect(stderr).toContain('no AWS credentials');
  });
});

describe('a profile with MFA', () => {
  const profile = () => {
    person.config(
      '[profile base]',
      ...keys('AKIDBASE'),
      '[profile auditor]',
      'role_arn = arn:aws:iam::111122223333:role/Auditor',
      'source_profile = base',
      'role_session_name = ann',
      'mfa_serial = arn:aws:iam::111122223333:mfa/ann',
    );
    return { AWS_PROFILE: 'auditor' };
  };

  test('prompts for the code once on a terminal, and sends it with the AssumeRole request', async () => {
    const { exitCode, stdout } = await person.listOnTerminal(command, profile(), '123456\n');
    expect(stdout).toContain('MFA code for arn:aws:iam::111122223333:mfa/ann: ');
    expect(exitCode).toBe(0);
    const roles = person.aws.calls.filter(({ what }) => what === 'AssumeRole');
    expect(roles).toHaveLength(1);
    expect(new URLSearchParams(roles[0].body).get('TokenCode')).toBe('123456');
    expect(person.aws.keyOf('GET /live/models')).toBe('ASIAROLEAUDITOR');
  });

  test('never prompts in a pipe, and explains how to export a session', async () => {
    const { exitCode, stderr } = await person.list(command, profile());
    expect(exitCode).toBe(6);
    expect(stderr).toContain('eval "$(aws configure export-credentials --profile auditor --format env)"');
    expect(person.aws.calls).toEqual([]);
  });
});

describe('a session with a name generated by an SDK', () => {
  const roleOf = (...lines: string[]) => {
    person.config(
      '[profile base]',
      ...keys('AKIDBASE'),
      '[profile scientist]',
      'role_arn = arn:aws:iam::111122223333:role/Scientist',
      'source_profile = base',
      ...lines,
    );
    return { AWS_PROFILE: 'scientist' };
  };

  test('causes a warning before anything is sent, with instructions for naming it', async () => {
    const { exitCode, stderr } = await person.list(command, {
      AWS_WEB_IDENTITY_TOKEN_FILE: person.file('token', 'web-token'),
      AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/Scientist',
    });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^warning: the session name "aws-sdk-js-session-\d+" of the role Scientist was generated by an AWS SDK\./,
    );
    expect(stderr).toContain('AWS_ROLE_SESSION_NAME for a web identity');
    const order = person.aws.calls.map(({ what }) => what);
    expect(order.indexOf('GetCallerIdentity')).toBeLessThan(order.indexOf('GET /live/models'));
  });

  test('is not used for a role of a profile: the session is named after the user, or after the session that assumes the role', async () => {
    const sessionName = () => new URLSearchParams(person.aws.calls.find(({ what }) => what === 'AssumeRole')!.body).get('RoleSessionName');
    expect(await person.list(command, roleOf())).toMatchObject({ exitCode: 0, stderr: '' });
    expect(sessionName()).toBe('jane');

    person.aws.calls.length = 0;
    person.aws.callerArn = 'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Research_0123456789abcdef/ann@example.com';
    expect(await person.list(command, roleOf())).toMatchObject({ exitCode: 0, stderr: '' });
    expect(sessionName()).toBe('ann@example.com');
  });

  test('in exported credentials causes a warning too', async () => {
    person.aws.callerArn = 'arn:aws:sts::111122223333:assumed-role/team/Scientist/botocore-session-1795000000';
    const { stderr } = await person.list(command, {
      AWS_ACCESS_KEY_ID: 'ASIAENV',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
    });
    expect(stderr).toContain('the session name "botocore-session-1795000000" of the role team/Scientist');
  });

  test.each<[string, () => Variables]>([
    ['a session named by the user', () => roleOf('role_session_name = jane')],
    [
      'keys of an IAM user, which have no session and need no STS request',
      () => ({ AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'secret' }),
    ],
    [
      'a container, whose session is named after its task',
      () => ({
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${person.aws.origin}/container`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: 'container-token',
      }),
    ],
  ])(
    'does not include %s',
    async (_, given) => {
      expect(await person.list(command, given())).toMatchObject({ exitCode: 0, stderr: '' });
    },
    30_000,
  );

  test('causes no warning with --json or --quiet', async () => {
    for (const option of ['--json', '--quiet']) {
      expect(await person.list(command, roleOf(), option)).toMatchObject({ exitCode: 0, stderr: '' });
    }
  });
});
