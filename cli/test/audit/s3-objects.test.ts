import type { IncomingMessage, ServerResponse } from 'node:http';
import { ReadAhead } from '../../src/audit/sources/read-ahead';
import { S3Objects } from '../../src/audit/sources/s3-objects';
import { s3AddressOf, usesPathStyle } from '../../src/aws/s3-address';
import { AnsweringServer } from '../loopback-server';

let server: AnsweringServer;
let answer: (request: IncomingMessage, response: ServerResponse, number: number) => void;
let requests: string[];
const waits: number[] = [];

beforeEach(async () => {
  requests = [];
  server = await new AnsweringServer(
    (request, response) => answer(request, response, requests.push(`${request.method} ${request.url}`)),
  ).start();
});
afterEach(async () => {
  await server.stop();
});

const objects = () => new S3Objects({
  awsConfiguration: (region) => ({
    region, endpoint: server.origin, forcePathStyle: true,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  }),
  signal: new AbortController().signal,
  sleep: async (milliseconds) => { waits.push(milliseconds); },
  random: () => 0.5,
}, 'eu-central-1');

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}

describe('an object of S3', () => {
  test('is read again if the response is interrupted', async () => {
    answer = (_request, response, number) => {
      response.writeHead(200, { 'content-length': '10', 'x-amz-meta-signature': 'abc' });
      response.write('01234');
      if (number === 1) {
        setTimeout(() => response.destroy(), 20);
      } else {
        response.end('56789');
      }
    };

    const { bytes, metadata } = await objects().read('bucket', 'AWSLogs/a b.json.gz');

    expect([bytes.toString(), metadata, requests.length]).toEqual(['0123456789', { signature: 'abc' }, 2]);
  });

  test('that cannot be decrypted names the missing permission on the key', async () => {
    answer = (_request, response) => refuse(response, 403, 'AccessDenied',
      'User: arn:aws:sts::111122223333:assumed-role/x/y is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-central-1:111122223333:key/k');

    await expect(objects().read('bucket', 'k')).rejects.toMatchObject({
      message: 'AWS does not permit kms:Decrypt on the object k of the bucket bucket', exitCode: 6,
      hint: expect.stringContaining('auditor role'),
      details: [{ field: 's3:GetObject', message: expect.stringContaining('key/k') }],
    });
    expect(requests.length).toBe(1);
  });

  test('that does not exist has no size', async () => {
    answer = (_request, response) => refuse(response, 404, 'NoSuchKey', 'none');

    expect(await objects().size('bucket', 'k')).toBeUndefined();
  });
});

describe('a list of S3', () => {
  test('is read page by page from a start key', async () => {
    const page = (
      key: string, token?: string,
    ) => `<?xml version="1.0"?><ListBucketResult><IsTruncated>${token !== undefined}</IsTruncated>`
      + `${token === undefined ? '' : `<NextContinuationToken>${token}</NextContinuationToken>`}<Contents><Key>${key}</Key><Size>7</Size></Contents></ListBucketResult>`;
    answer = (_request, response, number) => response.writeHead(200, { 'content-type': 'application/xml' }).end(
      number === 1 ? page('p/1', 'more') : page('p/2'),
    );

    const found = [];
    for await (const entry of objects().list('bucket', 'p/', 'p/0')) {
      found.push(entry);
    }

    expect(found).toMatchObject([{ key: 'p/1', size: 7 }, { key: 'p/2', size: 7 }]);
    const [first, second] = requests.map((request) => new URL(request.split(' ')[1], 'http://s3').searchParams);
    expect([
      first.get('start-after'), first.get('continuation-token'), second.get('continuation-token'),
    ]).toEqual(['p/0', null, 'more']);
  });

  test('of a missing bucket is an error', async () => {
    answer = (_request, response) => refuse(response, 404, 'NoSuchBucket', 'The specified bucket does not exist');

    await expect(objects().level('bucket', '')).rejects.toMatchObject({
      message: 's3:ListBucket on the bucket bucket failed: The specified bucket does not exist', exitCode: 3,
    });
  });
});

describe('an address in S3', () => {
  test('is a bucket, and a prefix that ends where a folder does', () => {
    expect(
      ['s3://bucket', 's3://bucket/', 's3://bucket/a/b', 's3://bucket/a/'].map((text) => s3AddressOf(text, '--logs')),
    ).toEqual([
      { bucket: 'bucket', prefix: '' }, { bucket: 'bucket', prefix: '' }, { bucket: 'bucket', prefix: 'a/b/' },
      { bucket: 'bucket', prefix: 'a/' },
    ]);
    expect(() => s3AddressOf('s3:///a', '--logs')).toThrow('--logs is not a valid S3 address');
  });
});

describe('an S3 server other than AWS', () => {
  test.each([
    [{ AWS_ENDPOINT_URL: 'https://minio.example.com' }, true],
    [{ AWS_ENDPOINT_URL_S3: 'https://minio.example.com:9000' }, true],
    [{ AWS_ENDPOINT_URL: 'https://minio.example.com', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, false],
    [{ AWS_ENDPOINT_URL_STS: 'https://sts.example.com' }, false],
    [{}, false],
  ])('has the bucket in the path of its URLs: %j', (variables, pathStyle) => {
    expect(usesPathStyle(variables)).toBe(pathStyle);
  });
});

describe('a list of objects', () => {
  const page = (response: ServerResponse, key: string, more: string) => {
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(`<ListBucketResult><Contents><Key>${key}</Key><Size>1</Size></Contents>${more}</ListBucketResult>`);
  };
  const keys = async () => {
    const found: string[] = [];
    for await (const { key } of objects().list('bucket', '')) {
      found.push(key);
    }
    return found;
  };

  test('ends when S3 reports it as complete, even with a token', async () => {
    answer = (_request, response, number) => page(response, `${number}`, number === 1
      ? '<IsTruncated>true</IsTruncated><NextContinuationToken>second</NextContinuationToken>'
      : '<IsTruncated>false</IsTruncated><NextContinuationToken>third</NextContinuationToken>');

    expect(await keys()).toEqual(['1', '2']);
    expect(requests).toHaveLength(2);
  });

  test.each([
    '', '<NextContinuationToken>again</NextContinuationToken>',
  ])('that is truncated without a new token is an error: "%s"', async (token) => {
    answer = (_request, response) => page(response, 'a', `<IsTruncated>true</IsTruncated>${token}`);

    await expect(keys()).rejects.toThrow('has no new continuation token');
  });
});

describe('remote files', () => {
  const ahead = (sizes: readonly number[]) => {
    const begun: number[] = [];
    const queue = new ReadAhead();
    const takes = sizes.map((size, index) => queue.add({ size, read: async () => {
      begun.push(index);
      return Buffer.from(`${index}`);
    } }));
    return { begun, takes };
  };

  test('are fetched ahead, sixteen at once, and each one once', async () => {
    const { begun, takes } = ahead(Array.from({ length: 40 }, () => 1));

    await takes[0]();
    expect(begun).toEqual(Array.from({ length: 16 }, (_, index) => index));
    for (const [index, take] of takes.slice(1).entries()) {
      expect((await take()).toString()).toBe(`${index + 1}`);
    }
    expect(begun).toEqual(Array.from({ length: 40 }, (_, index) => index));
  });

  test('are limited by their size in memory', async () => {
    const { begun, takes } = ahead([1, 60 * 2 ** 20, 60 * 2 ** 20]);

    await takes[0]();
    expect(begun).toEqual([0, 1]);
    await takes[1]();
    expect(begun).toEqual([0, 1]);
    expect((await takes[2]()).toString()).toBe('2');
  });

  test('that cannot be fetched fail only for the caller that takes them', async () => {
    const queue = new ReadAhead();
    const first = queue.add({ size: 1, read: async () => Buffer.from('a') });
    const second = queue.add({ size: 1, read: async () => { throw new Error('gone'); } });

    expect((await first()).toString()).toBe('a');
    await new Promise(setImmediate);
    await expect(second()).rejects.toThrow('gone');
  });
});
