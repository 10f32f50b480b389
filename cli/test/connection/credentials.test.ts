import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BuiltCommand, runProcess } from './built-command';
import { keys, PROCESS_OUTPUT, ProfiledPerson, SSO, SSO_SESSION, type Variables } from './profiled-person';
import { proves } from '../../../test/fidelity/proves';
import { type AwsCli, ensureAwsCli } from '../../../test/tools/aws-cli';

let command: BuiltCommand;
let awsCli: AwsCli;
let person: ProfiledPerson;

beforeAll(async () => {
  awsCli = await ensureAwsCli();
  command = await new BuiltCommand().build();
});
afterAll(() => command.remove());
beforeEach(async () => {
  person = await new ProfiledPerson().arrive();
});
afterEach(async () => person.leave());

async function accessKeyOfAwsCli(variables: Variables): Promise<string | undefined> {
  const environment = {
    HOME: person.home,
    AWS_ENDPOINT_URL: person.aws.origin,
    AWS_DEFAULT_REGION: 'eu-central-1',
    ...variables,
  };
  await runProcess(awsCli.command, ['sts', 'get-caller-identity'], environment);
  return person.aws.keyOf('GetCallerIdentity');
}

describe('credentials come from the same sources as in the AWS CLI', () => {
  test.each<[string, string, () => Variables]>([
    ['keys in the environment', 'AKIDENV', () => ({ AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'secret' })],
    [
      'keys in the environment, before AWS_PROFILE',
      'AKIDENV',
      () => {
        person.config('[profile scientist]', ...keys('AKIDPROFILE'));
        return { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'secret', AWS_PROFILE: 'scientist' };
      },
    ],
    [
      'the default profile',
      'AKIDDEFAULT',
      () => {
        person.credentials('[default]', ...keys('AKIDDEFAULT'));
        return {};
      },
    ],
    [
      'the profile of AWS_PROFILE',
      'AKIDPROFILE',
      () => {
        person.credentials('[default]', ...keys('AKIDDEFAULT'), '[scientist]', ...keys('AKIDPROFILE'));
        return { AWS_PROFILE: 'scientist' };
      },
    ],
    [
      'the profile of AWS_DEFAULT_PROFILE',
      'AKIDPROFILE',
      () => {
        person.credentials('[default]', ...keys('AKIDDEFAULT'), '[scientist]', ...keys('AKIDPROFILE'));
        return { AWS_DEFAULT_PROFILE: 'scientist' };
      },
    ],
    [
      'the credentials file, before the configuration file',
      'AKIDCREDENTIALS',
      () => {
        person.credentials('[default]', ...keys('AKIDCREDENTIALS'));
        person.config('[default]', ...keys('AKIDCONFIG'));
        return {};
      },
    ],
    [
      'files that the environment names',
      'AKIDELSEWHERE',
      () => {
        person.credentials('[default]', ...keys('AKIDHOME'));
        return { AWS_SHARED_CREDENTIALS_FILE: person.file('elsewhere', '[default]', ...keys('AKIDELSEWHERE')) };
      },
    ],
    [
      'a role of a profile',
      'ASIAROLESCIENTIST',
      () => {
        person.config(
          '[profile base]',
          ...keys('AKIDBASE'),
          '[profile scientist]',
          'role_arn = arn:aws:iam::111122223333:role/Scientist',
          'source_profile = base',
          'role_session_name = jane',
        );
        return { AWS_PROFILE: 'scientist' };
      },
    ],
    [
      'a role of a role',
      'ASIAROLEAUDITOR',
      () => {
        person.config(
          '[profile base]',
          ...keys('AKIDBASE'),
          '[profile scientist]',
          'role_arn = arn:aws:iam::111122223333:role/Scientist',
          'source_profile = base',
          'role_session_name = jane',
          '[profile auditor]',
          'role_arn = arn:aws:iam::444455556666:role/Auditor',
          'source_profile = scientist',
          'role_session_name = jane',
        );
        return { AWS_PROFILE: 'auditor' };
      },
    ],
    [
      'a credential process',
      'AKIDPROCESS',
      () => {
        person.config(
          '[profile broker]',
          `credential_process = ${person.script('broker', `echo '${PROCESS_OUTPUT}'`)}`,
        );
        return { AWS_PROFILE: 'broker' };
      },
    ],
    [
      'a role whose source is a credential process',
      'ASIAROLESCIENTIST',
      () => {
        person.config(
          '[profile broker]',
          `credential_process = ${person.script('broker', `echo '${PROCESS_OUTPUT}'`)}`,
          '[profile scientist]',
          'role_arn = arn:aws:iam::111122223333:role/Scientist',
          'source_profile = broker',
          'role_session_name = jane',
        );
        return { AWS_PROFILE: 'scientist' };
      },
    ],
    [
      'IAM Identity Center',
      'ASIASSO',
      () => {
        person.config('[profile sso]', ...SSO);
        person.signIn();
        return { AWS_PROFILE: 'sso' };
      },
    ],
    [
      'IAM Identity Center, by a session that profiles share',
      'ASIASSO',
      () => {
        person.config(...SSO_SESSION);
        person.signIn(undefined, 'company');
        return { AWS_PROFILE: 'sso' };
      },
    ],
    [
      'IAM Identity Center, before keys that another tool wrote into the same profile',
      'ASIASSO',
      () => {
        person.config('[profile sso]', ...SSO);
        person.credentials('[sso]', ...keys('AKIDSTALE'));
        person.signIn();
        return { AWS_PROFILE: 'sso' };
      },
    ],
    [
      'a role below IAM Identity Center',
      'ASIAROLESCIENTIST',
      () => {
        person.config(
          '[profile sso]',
          ...SSO,
          '[profile scientist]',
          'role_arn = arn:aws:iam::111122223333:role/Scientist',
          'source_profile = sso',
          'role_session_name = jane',
        );
        person.signIn();
        return { AWS_PROFILE: 'scientist' };
      },
    ],
    [
      'a web identity',
      'ASIAWEBJOB',
      () => ({
        AWS_WEB_IDENTITY_TOKEN_FILE: person.file('token', 'jwt'),
        AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/Job',
        AWS_ROLE_SESSION_NAME: 'job-7',
      }),
    ],
    [
      'a web identity, before the keys of the default profile',
      'ASIAWEBJOB',
      () => {
        person.credentials('[default]', ...keys('AKIDDEFAULT'));
        return {
          AWS_WEB_IDENTITY_TOKEN_FILE: person.file('token', 'jwt'),
          AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/Job',
          AWS_ROLE_SESSION_NAME: 'job-7',
        };
      },
    ],
    [
      'a role of the profile, before a web identity',
      'ASIAROLESCIENTIST',
      () => {
        person.config(
          '[profile base]',
          ...keys('AKIDBASE'),
          '[profile scientist]',
          'role_arn = arn:aws:iam::111122223333:role/Scientist',
          'source_profile = base',
          'role_session_name = jane',
        );
        return {
          AWS_PROFILE: 'scientist',
          AWS_WEB_IDENTITY_TOKEN_FILE: person.file('token', 'jwt'),
          AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/Job',
          AWS_ROLE_SESSION_NAME: 'job-7',
        };
      },
    ],
    [
      'a web identity of a profile',
      'ASIAWEBJOB',
      () => {
        person.config(
          '[profile job]',
          'role_arn = arn:aws:iam::111122223333:role/Job',
          `web_identity_token_file = ${person.file('token', 'jwt')}`,
          'role_session_name = job-7',
        );
        return { AWS_PROFILE: 'job' };
      },
    ],
    [
      'a container',
      'ASIACONTAINER',
      () => ({
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${person.aws.origin}/container`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: 'container-token',
      }),
    ],
    [
      'a container whose token is in a file, as in EKS',
      'ASIACONTAINER',
      () => {
        const token = person.file('pod-token', 'container-token');
        return {
          AWS_CONTAINER_CREDENTIALS_FULL_URI: `${person.aws.origin}/container`,
          AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: token,
        };
      },
    ],
    [
      'the default profile, before a container',
      'AKIDDEFAULT',
      () => {
        person.credentials('[default]', ...keys('AKIDDEFAULT'));
        return {
          AWS_CONTAINER_CREDENTIALS_FULL_URI: `${person.aws.origin}/container`,
          AWS_CONTAINER_AUTHORIZATION_TOKEN: 'container-token',
        };
      },
    ],
    [
      'a role whose source is the container',
      'ASIAROLESCIENTIST',
      () => {
        person.config(
          '[profile scientist]',
          'role_arn = arn:aws:iam::111122223333:role/Scientist',
          'credential_source = EcsContainer',
          'role_session_name = jane',
        );
        return {
          AWS_PROFILE: 'scientist',
          AWS_CONTAINER_CREDENTIALS_FULL_URI: `${person.aws.origin}/container`,
          AWS_CONTAINER_AUTHORIZATION_TOKEN: 'container-token',
        };
      },
    ],
    [
      'a role whose source is the environment',
      'AKIDENV',
      () => {
        person.config(
          '[profile scientist]',
          'role_arn = arn:aws:iam::111122223333:role/Scientist',
          'credential_source = Environment',
          'role_session_name = jane',
        );
        return { AWS_PROFILE: 'scientist', AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'secret' };
      },
    ],
    [
      'an instance',
      'ASIAINSTANCE',
      () => ({ AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: person.aws.origin }),
    ],
    [
      'a profile that holds a Region alone, and an instance',
      'ASIAINSTANCE',
      () => {
        person.config('[profile region]', 'region = eu-central-1');
        return {
          AWS_PROFILE: 'region',
          AWS_EC2_METADATA_DISABLED: 'false',
          AWS_EC2_METADATA_SERVICE_ENDPOINT: person.aws.origin,
        };
      },
    ],
  ])(
    '%s',
    async (_, key, given) => {
      const variables = given();
      const ran = await person.list(command, variables);
      expect({ exitCode: ran.exitCode, key: person.aws.keyOf('GET /live/models') }).toEqual({ exitCode: 0, key });
      expect({ awsCli: await accessKeyOfAwsCli(variables) }).toEqual({ awsCli: key });
      proves({ name: 'AWS CLI', version: awsCli.version }, 'client.credentials.precedence');
    },
  );
});

describe('a session with an MFA code', () => {
  const auditor = () => {
    person.config(
      '[profile base]',
      ...keys('AKIDBASE'),
      '[profile auditor]',
      'role_arn = arn:aws:iam::111122223333:role/Auditor',
      'source_profile = base',
      'role_session_name = anné',
      'external_id = "x"',
      'duration_seconds = 3600',
      'mfa_serial = arn:aws:iam::111122223333:mfa/ann',
    );
    return { AWS_PROFILE: 'auditor' };
  };
  test('is reused by later commands and the AWS CLI without another code', async () => {
    const variables = auditor();
    expect(await person.listOnTerminal(command, variables, '123456\n')).toMatchObject({ exitCode: 0 });

    expect(await person.list(command, variables)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await accessKeyOfAwsCli(variables)).toBe('ASIAROLEAUDITOR');

    expect(person.aws.calls.filter(({ what }) => what === 'AssumeRole')).toHaveLength(1);
    const folder = person.path('.aws/cli/cache');
    const [file] = readdirSync(folder);
    expect([folder, join(folder, file)].map((path) => statSync(path).mode.toString(8).slice(-3))).toEqual(['700', '600']);
    proves({ name: 'AWS CLI', version: awsCli.version }, 'client.credentials.mfa-session');
  });

  test('is not used shortly before it expires, nor if its file is damaged', async () => {
    const variables = auditor();
    await person.listOnTerminal(command, variables, '123456\n');
    const [file] = readdirSync(person.path('.aws/cli/cache'));
    const cached = JSON.parse(readFileSync(person.path('.aws/cli/cache', file), 'utf8'));
    cached.Credentials.Expiration = new Date(Date.now() + 14 * 60_000).toISOString();
    for (const text of [JSON.stringify(cached), '{', 'null', '{"Credentials": {"Expiration": "2099-01-01T00:00:00Z"}}']) {
      person.file(`.aws/cli/cache/${file}`, text);
      expect(await person.list(command, variables)).toMatchObject({ exitCode: 6 });
    }
  });

  test('is not cached for a role without MFA', async () => {
    person.config(
      '[profile base]', ...keys('AKIDBASE'),
      '[profile scientist]', 'role_arn = arn:aws:iam::111122223333:role/Scientist', 'source_profile = base', 'role_session_name = ann',
    );
    expect(await person.list(command, { AWS_PROFILE: 'scientist' })).toMatchObject({ exitCode: 0 });
    expect(existsSync(person.path('.aws/cli'))).toBe(false);
  });
});
