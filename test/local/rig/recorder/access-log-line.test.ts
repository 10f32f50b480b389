import { accessLogLines, type LineCircumstances } from './access-log-line';
import { signatureOf, type Exchange } from './exchange';
import { s3OperationOf } from './s3-operation';
import { exchange } from '../../support/exchange';

const OWNER = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be';
const BUCKET = 'amzn-s3-demo-bucket1';
const AUTHORIZATION = 'AWS4-HMAC-SHA256 Credential=AKIA1/20190206/us-west-1/s3/aws4_request, SignedHeaders=host, Signature=ab';

/** The pattern with which AWS has Athena read the lines: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-s3-access-logs-to-identify-requests.html */
const ATHENA = new RegExp('^([^ ]*) ([^ ]*) \\[(.*?)\\] ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ("[^"]*"|-) (-|[0-9]*) ([^ ]*) ([^ ]*) ([^ ]*) '
  + '([^ ]*) ([^ ]*) ("[^"]*"|-) ("[^"]*"|-) ([^ ]*)(?: ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*))?(?: ([^ ]*))?$');

function linesOf(seen: Exchange, bucket = BUCKET, different: Partial<LineCircumstances> = {}): string[] {
  return accessLogLines(seen, s3OperationOf(seen.method, seen.url, seen.requestHeaders)!, bucket, {
    identity: { type: 'IAMUser', arn: OWNER },
    signature: signatureOf(seen.url, seen.requestHeaders),
    requestId: '891CE47D2EXAMPLE',
    bucketOwner: OWNER,
    ...different,
  });
}

/** The request behind one of the lines that AWS documents. */
const documented = (different: Partial<Exchange>) => exchange({
  startedAt: new Date('2019-02-06T00:00:38.500Z'),
  requestHeaders: { host: `${BUCKET}.s3.us-west-1.amazonaws.com`, 'user-agent': 'S3Console/0.4', authorization: AUTHORIZATION },
  tlsVersion: 'TLSV1.2',
  cipherSuite: 'ECDHE-RSA-AES128-GCM-SHA256',
  ...different,
});

describe('A line of the local access log', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html, except for the source Region
  test('is identical to the example in the AWS documentation for a bucket request', () => {
    const [line] = linesOf(documented({
      url: '/?logging', bytesOut: 242, totalMs: 11, responseHeaders: { 'x-amz-id-2': '9vKBE6vMhrNiWHZmb2L0mXOcqPGzQOI5XLnCtZNPxev+Hf+7tpT6sxDwDty4LHBUOZJG96N1234=' },
    }));

    expect(line).toBe(`${OWNER} amzn-s3-demo-bucket1 [06/Feb/2019:00:00:38 +0000] 192.0.2.3 ${OWNER} 891CE47D2EXAMPLE REST.GET.LOGGING_STATUS - `
      + '"GET /amzn-s3-demo-bucket1?logging HTTP/1.1" 200 - 242 - 11 - "-" "S3Console/0.4" - '
      + '9vKBE6vMhrNiWHZmb2L0mXOcqPGzQOI5XLnCtZNPxev+Hf+7tpT6sxDwDty4LHBUOZJG96N1234= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader '
      + 'amzn-s3-demo-bucket1.s3.us-west-1.amazonaws.com TLSV1.2 - - -');
  });

  test('is identical to the example in the AWS documentation for an upload', () => {
    const [line] = linesOf(documented({
      method: 'PUT', url: '/s3-dg.pdf', bytesIn: 4_406_583, bytesOut: 0, totalMs: 41_754, turnAroundMs: 28,
      responseHeaders: { 'x-amz-id-2': '10S62Zv81kBW7BB6SX4XJ48o6kpcl6LPwEoizZQQxJd5qDSCTLX0TgS37kYUBKQW3+bPdrg1234=' },
    }), BUCKET, { requestId: 'DD6CC733AEXAMPLE' });

    expect(line).toBe(`${OWNER} amzn-s3-demo-bucket1 [06/Feb/2019:00:00:38 +0000] 192.0.2.3 ${OWNER} DD6CC733AEXAMPLE REST.PUT.OBJECT s3-dg.pdf `
      + '"PUT /amzn-s3-demo-bucket1/s3-dg.pdf HTTP/1.1" 200 - - 4406583 41754 28 "-" "S3Console/0.4" - '
      + '10S62Zv81kBW7BB6SX4XJ48o6kpcl6LPwEoizZQQxJd5qDSCTLX0TgS37kYUBKQW3+bPdrg1234= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader '
      + 'amzn-s3-demo-bucket1.s3.us-west-1.amazonaws.com TLSV1.2 - - -');
  });

  test('matches the AWS pattern for Athena, with any key and user agent', () => {
    const [line] = linesOf(exchange({
      url: '/models-bucket/a%20key/%22%C3%A9%22%5B1%5D', requestHeaders: { 'user-agent': 'say "hello" [1]', authorization: AUTHORIZATION },
    }), 'models-bucket');

    const fields = ATHENA.exec(line)?.slice(1);
    expect(fields).toHaveLength(27);
    expect(fields![7]).toBe('a%20key/%22%C3%A9%22%5B1%5D');
    expect(fields![16]).toBe('"say %22hello%22 [1]"');
    expect(fields!.slice(-3)).toEqual(['-', '-', '-']);
  });

  test('contains no part of a presigned URL that would allow its use', () => {
    const [line] = linesOf(exchange(), 'models-bucket');

    expect(line).toContain('X-Amz-Expires=900&X-Amz-Security-Token=XXXXX&X-Amz-Signature=XXXXX&X-Amz-SignedHeaders=host');
    expect(line).not.toMatch(/a-token|a-signature|ASIAEXAMPLE/);
    expect(line).toContain(' QueryString ');
  });

  test('for a range of an object has the bytes sent and the size of the object', () => {
    const [line] = linesOf(exchange({ status: 206, bytesOut: 10, responseHeaders: { 'content-length': '10', 'content-range': 'bytes 0-9/7759' } }), 'models-bucket');

    expect(line).toContain(' 206 - 10 7759 ');
  });

  test('for a request without a signature names no principal', () => {
    const [line] = linesOf(exchange({ url: '/models-bucket/key', status: 403, responseText: '<Error><Code>AccessDenied</Code></Error>' }), 'models-bucket');

    const fields = ATHENA.exec(line)!.slice(1);
    expect([fields[4], fields[10], fields[19], fields[21]]).toEqual(['-', 'AccessDenied', '-', '-']);
  });

  test('is written to the log of the source bucket of a copy', () => {
    const copy = exchange({ method: 'PUT', url: '/elsewhere/stolen', requestHeaders: { 'x-amz-copy-source': 'models-bucket/models/fraud/a' } });

    const [read] = linesOf(copy, 'models-bucket', { copiedSize: 5_000_000_000 });
    expect(ATHENA.exec(read)!.slice(7, 9)).toEqual(['REST.COPY.OBJECT_GET', 'models/fraud/a']);
    expect(ATHENA.exec(read)!.slice(12, 14)).toEqual(['-', '5000000000']);
    expect(linesOf(copy, 'elsewhere').map((line) => ATHENA.exec(line)!.slice(7, 9))).toEqual([['REST.COPY.OBJECT', 'stolen']]);
  });

  test('is written for every object in a batch deletion', () => {
    const lines = linesOf(exchange({
      method: 'POST',
      url: '/models-bucket?delete',
      requestText: '<Delete><Object><Key>a&amp;b</Key></Object><Object><Key>kept</Key></Object></Delete>',
      responseText: '<DeleteResult><Deleted><Key>a&amp;b</Key></Deleted><Error><Key>kept</Key><Code>AccessDenied</Code></Error></DeleteResult>',
    }), 'models-bucket');

    expect(lines.map((line) => ATHENA.exec(line)!.slice(7, 9))).toEqual([['REST.POST.MULTI_OBJECT_DELETE', '-'], ['BATCH.DELETE.OBJECT', 'a%26b']]);
  });
});
