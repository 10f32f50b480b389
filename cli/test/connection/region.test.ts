import { BuiltCommand } from './built-command';
import { ProfiledPerson, type Variables } from './profiled-person';

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

describe('the Region', () => {
  const signedFor = async (variables: Variables) => {
    const { exitCode } = await command.run(
      {
        HOME: person.home,
        AWS_ENDPOINT_URL: person.aws.origin,
        AWS_ACCESS_KEY_ID: 'AKIDENV',
        AWS_SECRET_ACCESS_KEY: 'secret',
        ...variables,
      },
      'list',
      '--columns',
      'model',
      '--url',
      `${person.aws.origin}/live`,
    );
    return { exitCode, region: person.aws.calls[0]?.region };
  };

  test.each<[string, () => Variables]>([
    ['is read from AWS_REGION', () => ({ AWS_REGION: 'eu-north-1', AWS_DEFAULT_REGION: 'us-west-2' })],
    ['is read from AWS_DEFAULT_REGION, which boto3 reads', () => ({ AWS_DEFAULT_REGION: 'eu-north-1' })],
    [
      'is read from the profile',
      () => {
        person.config('[profile p]', 'region = eu-north-1');
        return { AWS_PROFILE: 'p' };
      },
    ],
    [
      'is that of the default profile',
      () => {
        person.config('[default]', 'region = eu-north-1');
        return {};
      },
    ],
  ])(
    '%s',
    async (_, given) => {
      expect(await signedFor(given())).toEqual({ exitCode: 0, region: 'eu-north-1' });
    },
    30_000,
  );

  test('that is not set is a usage error, which lists every way to set it', async () => {
    for (const argv of [
      ['--store', 'models'],
      ['--url', `${person.aws.origin}/live`],
    ]) {
      const { exitCode, stderr } = await command.run(
        { HOME: person.home, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
        'list',
        '--columns',
        'model',
        ...argv,
      );
      expect(exitCode).toBe(2);
      expect(stderr).toContain(
        'Use --region, AWS_REGION or AWS_DEFAULT_REGION, or set "region" in the AWS profile.',
      );
      expect(stderr).toContain('(usage)');
    }
  });
});
