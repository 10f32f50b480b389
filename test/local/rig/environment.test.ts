import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { localAwsEnvironment, writeTrustBundle } from './environment';

const ADDRESS = { endpoint: 'https://127.0.0.1:4566', region: 'us-east-1', trustBundle: '/bundle.pem' };
const CREDENTIALS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };

describe('The environment of a child process', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test('points only to the local AWS, regardless of the user\'s settings', () => {
    Object.assign(process.env, {
      AWS_PROFILE: 'production', AWS_SESSION_TOKEN: 'real', AWS_ENDPOINT_URL_S3: 'https://elsewhere', AWS_ROLE_ARN: 'arn:real', MODEL_STORE_URL: 'https://real',
    });

    const environment = localAwsEnvironment(ADDRESS, CREDENTIALS);

    expect(environment).toMatchObject({ AWS_ENDPOINT_URL: ADDRESS.endpoint, AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_EC2_METADATA_DISABLED: 'true' });
    for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL_S3', 'AWS_ROLE_ARN', 'MODEL_STORE_URL']) {
      expect(environment).not.toHaveProperty(name);
    }
  });

  test('reads no profile of the home folder', () => {
    expect(localAwsEnvironment(ADDRESS, CREDENTIALS)).toMatchObject({ AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' });
  });

  test('bypasses a proxy for local addresses, and keeps existing exceptions', () => {
    process.env.NO_PROXY = 'internal.example';

    expect(localAwsEnvironment(ADDRESS, CREDENTIALS).NO_PROXY!.split(',')).toEqual(expect.arrayContaining(['internal.example', 'localhost', '127.0.0.1']));
  });

  test('trusts the local authority in addition to those of the system', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-'));
    const file = (name: string) => path.join(folder, name);
    fs.writeFileSync(file('local.pem'), 'local authority');
    fs.writeFileSync(file('company.pem'), 'company authority\n');
    Object.assign(process.env, {
      NODE_EXTRA_CA_CERTS: file('company.pem'), AWS_CA_BUNDLE: file('company.pem'), SSL_CERT_FILE: file('gone.pem'), REQUESTS_CA_BUNDLE: '', CURL_CA_BUNDLE: '',
    });

    writeTrustBundle(file('bundle.pem'), file('local.pem'));

    expect(fs.readFileSync(file('bundle.pem'), 'utf8')).toBe('local authority\ncompany authority\n');
    fs.rmSync(folder, { recursive: true });
  });
});
