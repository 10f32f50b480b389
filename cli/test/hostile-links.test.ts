import { Person } from './person';
import { bucketOfUrl, checkedLink, type LinkPlace } from '../src/store/link-check';

const PLACE: LinkPlace = {
  storeUrl: new URL('https://a1b2.execute-api.eu-central-1.amazonaws.com/v1'), bucketName: 'models', region: 'eu-central-1', isOwnEndpoint: () => false,
};
const link = (url: string, more: object = {}) => ({ method: 'GET', url, headers: {}, ...more });

describe('a presigned URL is used', () => {
  test.each([
    'https://models.s3.eu-central-1.amazonaws.com/models/m/blobs/sha256/ab?X-Amz-Signature=1',
    'https://s3.eu-central-1.amazonaws.com/models/models/m/blobs/sha256/ab',
    'https://models.s3.dualstack.eu-central-1.amazonaws.com/x',
    'https://models.s3-fips.eu-central-1.amazonaws.com/x',
    'https://models.s3-fips.dualstack.eu-central-1.amazonaws.com/x',
  ])('at %s', (url) => {
    expect(checkedLink(link(url), 'GET', PLACE).href).toBe(url);
  });

  test('in China and with dots in the bucket\'s name', () => {
    expect(bucketOfUrl(new URL('https://models.s3.cn-north-1.amazonaws.com.cn/x'), 'cn-north-1')).toBe('models');
    expect(bucketOfUrl(new URL('https://my.models.s3.us-east-1.amazonaws.com/x'), undefined)).toBe('my.models');
  });
});

describe('a presigned URL is not used', () => {
  test.each([
    ['another bucket', 'https://theirs.s3.eu-central-1.amazonaws.com/x'],
    ['another bucket in the path', 'https://s3.eu-central-1.amazonaws.com/theirs/models/x'],
    ['another Region', 'https://models.s3.us-east-1.amazonaws.com/x'],
    ['a host that begins like S3', 'https://models.s3.eu-central-1.amazonaws.com.evil.example/x'],
    ['a host that ends like S3', 'https://evil-s3.eu-central-1.amazonaws.com/x'],
    ['an access point', 'https://ap-111122223333.s3-accesspoint.eu-central-1.amazonaws.com/x'],
    ['another host', 'https://evil.example/models/x'],
    ['this machine', 'https://127.0.0.1/models/x'],
    ['a user name', 'https://models@models.s3.eu-central-1.amazonaws.com/x'],
    ['no TLS', 'http://models.s3.eu-central-1.amazonaws.com/x'],
    ['no URL', 'models'],
    ['a file', 'file:///etc/passwd'],
  ])('for %s', (_what, url) => {
    expect(() => checkedLink(link(url), 'GET', PLACE)).toThrow(/presigned URL/);
  });

  test('with another method, or with a header that the store does not sign', () => {
    const url = 'https://models.s3.eu-central-1.amazonaws.com/x';
    expect(() => checkedLink(link(url, { method: 'DELETE' }), 'GET', PLACE)).toThrow('"DELETE" instead of GET');
    expect(() => checkedLink(link(url, { headers: { 'X-Amz-Copy-Source': 'theirs/x' } }), 'GET', PLACE)).toThrow('unexpected header ["X-Amz-Copy-Source"]');
    expect(() => checkedLink(link(url, { method: 'PUT', headers: { 'x-amz-acl': 'public-read' } }), 'PUT', PLACE)).toThrow('["x-amz-acl"]');
  });
});

describe('nothing is sent to', () => {
  let person: Person;
  beforeEach(async () => { person = await new Person().arrive(); });
  afterEach(async () => person.leave());

  function answerLinks(change: (link: { method: string; url: string; headers: object }) => object): void {
    person.store.intercept = ({ route, body }) => {
      if (route !== 'uploadLinks') {
        return undefined;
      }
      const { links } = JSON.parse(body.toString('utf8')) as { links: object[] };
      const expiresAt = new Date(Date.now() + 600_000).toISOString();
      return { status: 200, body: { links: links.map(() => ({
        expiresAt, ...change({ method: 'PUT', url: `${person.store.origin}/bucket/x`, headers: {} }),
      })) } };
    };
  }

  test.each<[string, (link: { method: string; url: string; headers: object }) => object, number, string]>([
    ['another host', (each) => ({ ...each, url: 'https://evil.example/steal' }), 8, 'foreign_link'],
    ['the store, with another method', (each) => ({ ...each, method: 'POST' }), 1, 'bad_answer'],
    ['the store, with a foreign header', (each) => ({ ...each, headers: { authorization: 'x' } }), 8, 'foreign_link'],
  ])('%s', async (_what, change, code, name) => {
    answerLinks(change);
    const { exitCode, stderr } = await person.run('push', person.write('model', { 'w.bin': 'TOP SECRET' }), 'fraud@1');
    expect(exitCode).toBe(code);
    expect(stderr).toContain(`(${name})`);
    expect(person.store.transfers('PUT')).toEqual([]);
  });
});
