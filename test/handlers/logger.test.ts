import * as fc from 'fast-check';
import { scrub } from '../../src/handlers/common/logger';

test.each([
  'https://bucket.s3.amazonaws.com/models/m/blobs/sha256/aa?X-Amz-Signature=s3cret&X-Amz-Credential=s3cret',
  'PUT http://localhost:4566/b/k?anything=s3cret failed',
  'X-Amz-Security-Token=s3cret',
  '{"X-Amz-Signature":"s3cret"}',
  'Authorization: Bearer s3cret',
  'authorization=AWS4-HMAC-SHA256 s3cret',
  '{"SecretAccessKey":"s3cret","x":1}',
  'sessionToken: s3cret',
])('the secret in "%s" is not logged', (text) => {
  expect(scrub(text)).not.toContain('s3cret');
  expect(scrub(text)).toContain('[removed]');
});

test('access key IDs and JSON web tokens are not logged', () => {
  expect(scrub('key ASIAIOSFODNN7EXAMPLE and AKIAIOSFODNN7EXAMPLE')).toBe('key [removed] and [removed]');
  expect(scrub('token eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln end')).toBe('token [removed] end');
});

test.each([
  ['URLs', 'https://'], ['URLs with a query', 'https://a?b'], ['tokens', '-eyJ-'], ['access keys', 'AKIA'], ['headers', 'authorization '],
  ['parameters', 'X-Amz-Signature '], ['quotation marks', '\'"'], ['spaces', ' '], ['line breaks', '\n'],
])('a megabyte of %s is scrubbed, and logged up to a limit', (_, text) => {
  const scrubbed = scrub(`${text.repeat(Math.ceil(1024 * 1024 / text.length))}_`);
  expect(scrubbed.length).toBeLessThan(20_000);
  expect(scrubbed).toMatch(/… \(\d+ characters\)$/);
});

test('a secret at the limit is not logged in part', () => {
  for (let before = 16_300; before < 16_400; before++) {
    expect(scrub(`${'a'.repeat(before)} eyJhbGciOiJub25lIn0.eyJzdWIiOiJzM2NyZXQifQ.c2ln X-Amz-Security-Token=s3cret ${'b'.repeat(100)}`))
      .not.toMatch(/eyJ|s3cret/);
  }
});

test('other text is logged unchanged', () => {
  const arn = 'arn:aws:sts::111122223333:assumed-role/DataScientist/alice@example.com';
  const text = `the model "fraud" has no version "1.0.0"; ${arn}`;
  expect(scrub(text)).toBe(text);
});

test('the query string of a URL is always removed', () => {
  fc.assert(fc.property(fc.stringMatching(/^[ a-z"']*$/), fc.stringMatching(
    /^[A-Za-z0-9%=&_.-]{1,80}$/,
  ), (around, query) => (
    !scrub(`${around}https://host/path?SECRET${query}${around}`).includes('SECRET')
  )));
});
