import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { BuiltCommand } from './built-command';
import { PrivateAuthority } from './private-authority';
import { storeParameter } from './store-parameter';
import { AnsweringServer } from '../loopback-server';
import { Person } from '../person';
import { StoreDouble } from '../store-double/store-double';

let command: BuiltCommand;
let authority: PrivateAuthority;
let stranger: PrivateAuthority;
let store: StoreDouble;
let person: Person;

beforeAll(async () => {
  command = await new BuiltCommand().build();
  [authority, stranger] = [new PrivateAuthority(), new PrivateAuthority()];
  store = await new StoreDouble(authority.certify(['localhost'])).start();
});
afterAll(async () => {
  await store.stop();
  command.remove();
  [authority, stranger].forEach((each) => each.remove());
});
beforeEach(() => {
  person = new Person();
});
afterEach(async () => person.leave().catch(() => {}));

const variables = (more: { readonly [name: string]: string } = {}) => ({
  HOME: person.home,
  MODEL_STORE_URL: store.url,
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  ...more,
});

function profile(...lines: string[]): void {
  mkdirSync(person.path('.aws'), { recursive: true });
  writeFileSync(person.path('.aws/config'), `${lines.join('\n')}\n`);
}

describe('a private authority is trusted', () => {
  test.each<[string, () => { readonly [name: string]: string }]>([
    ['in AWS_CA_BUNDLE', () => ({ AWS_CA_BUNDLE: authority.certificateFile })],
    ['in SSL_CERT_FILE', () => ({ SSL_CERT_FILE: authority.certificateFile })],
    ['in NODE_EXTRA_CA_CERTS', () => ({ NODE_EXTRA_CA_CERTS: authority.certificateFile })],
    [
      'in ca_bundle of the default profile',
      () => {
        profile('[default]', `ca_bundle = ${authority.certificateFile}`);
        return {};
      },
    ],
    [
      'as ca_bundle of the profile that AWS_PROFILE names',
      () => {
        profile('[profile scientist]', `ca_bundle = ${authority.certificateFile}`);
        return { AWS_PROFILE: 'scientist' };
      },
    ],
    [
      'in AWS_CA_BUNDLE, before ca_bundle and SSL_CERT_FILE',
      () => {
        profile('[default]', `ca_bundle = ${stranger.certificateFile}`);
        return { AWS_CA_BUNDLE: authority.certificateFile, SSL_CERT_FILE: stranger.certificateFile };
      },
    ],
    [
      'in NODE_EXTRA_CA_CERTS, which adds to another bundle',
      () => ({ AWS_CA_BUNDLE: stranger.certificateFile, NODE_EXTRA_CA_CERTS: authority.certificateFile }),
    ],
    [
      'as one of many in a bundle',
      () => {
        const bundle = person.path('bundle.pem');
        writeFileSync(
          bundle,
          [stranger, authority]
            .map(({ certificateFile }) => readFileSync(certificateFile, 'utf8'))
            .join('# a comment\n'),
        );
        return { AWS_CA_BUNDLE: bundle };
      },
    ],
  ])(
    '%s, for the API and for presigned transfers',
    async (_, more) => {
      const environment = variables(more());
      const reference = `fraud@${Math.random().toString(36).slice(2)}`;
      expect(await command.run(environment, 'push', person.write('model', { a: 'a' }), reference)).toMatchObject({
        exitCode: 0,
      });
      expect(await command.run(environment, 'pull', reference, person.path('there'))).toMatchObject({ exitCode: 0 });
    },
    30_000,
  );

  test('by the AWS SDK clients, too', async () => {
    const ssm = await new AnsweringServer(
      (_, response) => {
        response.setHeader('content-type', 'application/x-amz-json-1.1');
        response.end(storeParameter(store.url));
      },
      authority.certify(['localhost']),
    ).start();
    try {
      const endpoint = { AWS_ENDPOINT_URL: ssm.origin };
      expect(
        await command.run(
          variables({ ...endpoint, AWS_CA_BUNDLE: authority.certificateFile }),
          'list',
          '--store',
          'models',
        ),
      ).toMatchObject({ exitCode: 0 });
      const untrusted = await command.run(variables(endpoint), 'list', '--store', 'models');
      expect(untrusted).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('AWS_CA_BUNDLE') as unknown });
    } finally {
      await ssm.stop();
    }
  });
});

describe('a certificate that is not trusted has its own exit code, and the message names the settings', () => {
  test('because its authority is unknown', async () => {
    const { exitCode, stderr } = await command.run(variables(), 'list');
    expect(exitCode).toBe(8);
    expect(stderr).toContain(`the certificate of localhost:${store.port} is not trusted`);
    expect(stderr).toContain('AWS_CA_BUNDLE, ca_bundle in the AWS profile, SSL_CERT_FILE or NODE_EXTRA_CA_CERTS');
    expect(stderr).toContain('(certificate)');
  });

  test('because AWS_CA_BUNDLE replaces the system authorities, as in the AWS CLI', async () => {
    expect(await command.run(variables({ AWS_CA_BUNDLE: stranger.certificateFile }), 'list')).toMatchObject({
      exitCode: 8,
    });
  });

  test.each<[string, () => ReturnType<PrivateAuthority['certify']>, string]>([
    ['because it is for another host name', () => authority.certify(['models.example.com']), 'for another host name'],
    ['because it has expired', () => authority.certify(['localhost'], -1), 'has expired'],
  ])(
    '%s',
    async (_, certified, message) => {
      const other = await new StoreDouble(certified()).start();
      try {
        const { exitCode, stderr } = await command.run(
          variables({ MODEL_STORE_URL: other.url, AWS_CA_BUNDLE: authority.certificateFile }),
          'list',
        );
        expect(exitCode).toBe(8);
        expect(stderr).toContain(message);
      } finally {
        await other.stop();
      }
    },
    30_000,
  );

  test.each<[string, () => string, string]>([
    ['that does not exist', () => person.path('none.pem'), 'it does not exist'],
    ['that is a folder', () => person.home, 'EISDIR'],
    [
      'without a certificate',
      () => person.write('certificates', { 'key.pem': 'a key' }) + '/key.pem',
      'has no "-----BEGIN CERTIFICATE-----"',
    ],
  ])(
    'a certificate file %s is named, along with its setting',
    async (_, file, message) => {
      const { exitCode, stderr } = await command.run(variables({ AWS_CA_BUNDLE: file() }), 'list');
      expect(exitCode).toBe(2);
      expect(stderr).toContain('AWS_CA_BUNDLE');
      expect(stderr).toContain(file());
      expect(stderr).toContain(message);
    },
    30_000,
  );
});
