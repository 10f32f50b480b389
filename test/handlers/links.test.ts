import { answerSchemaProblems, fieldsOf } from './support/answers';
import { request } from './support/events';
import { entryOf, MIB, partedFile, sha256, storeFile, textFile } from './support/files';
import { StoreDouble } from './support/store-double';
import { ENV } from '../../src/contract/environment';
import { blobKey } from '../../src/contract/keys';
import type { UploadLinkRequest } from '../../src/contract/wire';

const MODEL = { model: 'fraud' };
const SMALL = textFile('small.txt');
const LARGE = partedFile('large.bin', 40 * MIB);

let store: StoreDouble;
beforeEach(() => {
  store = new StoreDouble();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  store.restore();
  jest.restoreAllMocks();
});

const whole = ({ digest, size } = SMALL): UploadLinkRequest => ({ digest, size });
const part = (partNumber: number): UploadLinkRequest => ({
  digest: LARGE.digest, size: LARGE.size, uploadId: 'upload-1', partNumber,
  checksumSha256: LARGE.partChecksums[partNumber - 1],
});
const uploadLinks = async (...links: object[]) => request('uploadLinks', { parameters: MODEL, body: { links } });

function signedHeaders(url: string): string[] {
  return new URL(url).searchParams.get('X-Amz-SignedHeaders')!.split(';');
}

describe('a presigned URL to upload a file', () => {
  test('points directly to the object in S3 and has the configured lifetime', async () => {
    const before = Math.floor(Date.now() / 1_000) * 1_000;
    const { status, body } = await uploadLinks(whole());
    expect(status).toBe(200);
    expect(answerSchemaProblems('uploadLinks', body)).toEqual([]);
    const url = new URL(body.links[0].url);
    expect(url.origin).toBe('https://artifact-bucket.s3.eu-central-1.amazonaws.com');
    expect(url.pathname).toBe(`/${blobKey('fraud', SMALL.digest)}`);
    expect(url.searchParams.get('X-Amz-Expires')).toBe('600');
    expect(Date.parse(body.links[0].expiresAt) - before).toBeLessThan(602_000);
    expect(Date.parse(body.links[0].expiresAt) - before).toBeGreaterThanOrEqual(600_000);
  });

  test('signs checksum, length and If-None-Match as headers, and returns all signed headers', async () => {
    const { body: { links: [link] } } = await uploadLinks(whole());
    expect(link.headers).toEqual({
      'content-length': String(SMALL.size),
      'if-none-match': '*',
      'x-amz-checksum-sha256': Buffer.from(SMALL.sha256, 'hex').toString('base64'),
    });
    expect(signedHeaders(link.url).filter((name) => name !== 'host')).toEqual(Object.keys(link.headers).sort());
    expect([...new URL(link.url).searchParams.keys()].filter((name) => /checksum|crc/i.test(name))).toEqual([]);
  });

  test('contains the address of the requester in its signature, and callers cannot forge it', async () => {
    const asked = async (sourceIp?: string) => {
      const { body } = await request(
        'uploadLinks', { parameters: MODEL, body: { links: [whole(), part(1)] }, sourceIp },
      );
      return body.links.map(({ url }: { url: string }) => new URL(url).searchParams.get('x-asked-from'));
    };

    expect(await asked('198.51.100.7')).toEqual(['198.51.100.7', '198.51.100.7']);
    expect(await asked('2001:db8::7')).toEqual(['2001:db8::7', '2001:db8::7']);
    expect(await asked('test-invoke-source-ip')).toEqual([null, null]);
    expect(await asked()).toEqual([null, null]);
  });

  test('works for an empty file', async () => {
    const empty = textFile('empty', '');
    const { body: { links: [link] } } = await uploadLinks(whole(empty));
    expect(link.headers['content-length']).toBe('0');
    expect(signedHeaders(link.url)).toContain('content-length');
  });
});

describe('a presigned URL to upload a part', () => {
  test('signs the checksum, length, upload ID and number of the part', async () => {
    const { body: { links } } = await uploadLinks(part(1), part(3));
    expect(links[1].headers).toEqual({
      'content-length': String(8 * MIB), 'x-amz-checksum-sha256': LARGE.partChecksums[2],
    });
    expect(links[0].headers['content-length']).toBe(String(16 * MIB));
    for (const { url, headers } of links) {
      expect(signedHeaders(url).filter((name) => name !== 'host')).toEqual(Object.keys(headers).sort());
    }
    const { searchParams } = new URL(links[1].url);
    expect([searchParams.get('uploadId'), searchParams.get('partNumber')]).toEqual(['upload-1', '3']);
  });

  test('is refused if it does not match the file, with all reasons', async () => {
    const { status, body } = await uploadLinks(
      { ...whole(), partNumber: 1 }, { digest: LARGE.digest, size: LARGE.size, uploadId: 'u' },
      { ...part(1), partNumber: 4 },
    );
    expect([status, body.code]).toEqual([400, 'invalid_request']);
    expect(fieldsOf(body)).toEqual([
      'links[0].partNumber', 'links[1].partNumber', 'links[1].checksumSha256', 'links[2].partNumber',
    ]);
  });
});

test('a page has at most 500 presigned URLs', async () => {
  const files = Array.from({ length: 501 }, (_value, index) => whole(textFile(`file-${index}`)));
  const { status, body } = await uploadLinks(...files.slice(0, 500));
  expect([status, body.links.length]).toEqual([200, 500]);
  expect((await uploadLinks(...files)).body.code).toBe('invalid_request');
});

test('presigned URLs expire with the session that signs them at the latest', async () => {
  store.restore();
  store = new StoreDouble({ [ENV.SESSION_SECONDS]: '900', [ENV.LINK_SECONDS]: '3600' });
  const { body: { links: [link] } } = await uploadLinks(whole());
  const seconds = Number(new URL(link.url).searchParams.get('X-Amz-Expires'));
  expect(seconds).toBeLessThanOrEqual(900);
  expect(seconds).toBeGreaterThan(890);
});

test('with a custom endpoint, S3 requests use the path style', async () => {
  process.env.AWS_ENDPOINT_URL = 'https://localhost:4566';
  const { body: { links: [link] } } = await uploadLinks(whole());
  expect(new URL(link.url).host).toBe('localhost:4566');
  expect(new URL(link.url).pathname).toBe(`/artifact-bucket/${blobKey('fraud', SMALL.digest)}`);
});

describe('presigned URLs to download files', () => {
  const FILES = [SMALL, textFile('folder/other.txt'), LARGE];
  const downloadLinks = async (paths: string[], version = '1.0.0', model = 'fraud') => (
    request('downloadLinks', { parameters: { model, version }, body: { paths } })
  );

  beforeEach(async () => {
    FILES.forEach((file) => storeFile(store, 'fraud', file));
    await request('publish', { parameters: { ...MODEL, version: '1.0.0' }, body: { files: FILES.map(entryOf) } });
    store.sessions.length = 0;
  });

  test('point to the files in the manifest, in the requested order', async () => {
    const { status, body } = await downloadLinks(['large.bin', 'small.txt', 'small.txt']);
    expect(status).toBe(200);
    expect(answerSchemaProblems('downloadLinks', body)).toEqual([]);
    expect(body.links.map(({ path }: { path: string }) => path)).toEqual(['large.bin', 'small.txt', 'small.txt']);
    expect(body.links.map(({ url }: { url: string }) => new URL(url).pathname)).toEqual(
      [LARGE, SMALL, SMALL].map(({ digest }) => `/${blobKey('fraud', digest)}`),
    );
    expect(signedHeaders(body.links[0].url)).toEqual(['host']);
  });

  test('are signed by a session that can only read these files', async () => {
    await downloadLinks(['small.txt']);
    const { Statement } = JSON.parse(store.lastSession.Policy!) as {
      Statement: { Action: string; Resource: string }[];
    };
    expect(Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::artifact-bucket/${blobKey('fraud', SMALL.digest)}`,
      },
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: process.env[ENV.ENCRYPTION_KEY_ARN] },
    ]);
  });

  test('are all refused if any path is unknown, and every unknown path is reported', async () => {
    const { status, body } = await downloadLinks(['small.txt', 'nope', '../secret', '__proto__']);
    expect([status, body.code]).toEqual([404, 'unknown_file']);
    expect(fieldsOf(body)).toEqual(['paths[1]', 'paths[2]', 'paths[3]']);
    expect(store.sessions).toHaveLength(1);
  });

  test('are refused with an error that says whether the version or the model does not exist', async () => {
    expect((await downloadLinks(['x'], '2.0.0')).body.code).toBe('unknown_version');
    expect((await downloadLinks(['x'], '1.0.0', 'churn')).body.code).toBe('unknown_model');
  });

  test('are not available for stored files that are not part of a published version', async () => {
    storeFile(store, 'fraud', textFile('unpublished'));
    expect((await downloadLinks([sha256('unpublished')])).body.code).toBe('unknown_file');
  });
});
