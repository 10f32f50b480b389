import * as fc from 'fast-check';
import {
  digestFitsSize, digestToS3Checksum, parseDigest, partCountOf, partRange, partSizeOf, s3ChecksumToDigest,
} from '../../src/contract/digest';
import { S3_MAX_OBJECT_BYTES, S3_MAX_PARTS, SMALLEST_PART_BYTES } from '../../src/contract/limits';

const MIB = 1024 * 1024;
const sizes = fc.oneof(
  fc.integer({ min: 0, max: 100 * MIB }), fc.maxSafeInteger().map((n) => Math.abs(n) % (S3_MAX_OBJECT_BYTES + 1)),
);
const hex = fc.stringMatching(/^[0-9a-f]{64}$/);

test.each([
  [0, 16 * MIB, 1], [1, 16 * MIB, 1], [16 * MIB, 16 * MIB, 1], [16 * MIB + 1, 16 * MIB, 2],
  [160_000 * MIB, 16 * MIB, 10_000], [160_000 * MIB + 1, 32 * MIB, 5_001],
  [S3_MAX_OBJECT_BYTES, 1024 * MIB, 5_120],
])('a file of %d bytes has parts of %d bytes; number of parts: %d', (size, partSize, parts) => {
  expect([partSizeOf(size), partCountOf(size)]).toEqual([partSize, parts]);
});

test('parts cover every byte of a file exactly once, within the limits of S3', () => {
  fc.assert(fc.property(sizes, (size) => {
    const count = partCountOf(size);
    const last = partRange(size, count);
    return count >= 1 && count <= S3_MAX_PARTS && partSizeOf(size) >= SMALLEST_PART_BYTES
      && partSizeOf(size) <= 5 * 1024 * MIB
      && partRange(size, 1).start === 0 && last.end === size && (size === 0 || last.start < last.end)
      && (count === 1 || partRange(size, count - 1).end === last.start);
  }));
});

test.each([-1, 1.5, NaN, Infinity, S3_MAX_OBJECT_BYTES + 1])('%d is not a valid file size', (size) => {
  expect(() => partSizeOf(size)).toThrow(RangeError);
});

test('converting a digest to the S3 format and back returns the same digest', () => {
  fc.assert(fc.property(hex, fc.option(fc.integer({ min: 2, max: 10_000 }), { nil: undefined }), (digest, parts) => {
    const whole = parts === undefined ? digest : `${digest}-${parts}`;
    return s3ChecksumToDigest(digestToS3Checksum(whole)) === whole && parseDigest(whole).parts === (parts ?? 1);
  }));
});

test('a digest only fits sizes with the same number of parts', () => {
  fc.assert(fc.property(hex, sizes, fc.integer({ min: 0, max: 10_001 }), (digest, size, parts) => {
    const expected = partCountOf(size);
    return digestFitsSize(`${digest}-${parts}`, size) === (expected > 1 && parts === expected)
      && digestFitsSize(digest, size) === (expected === 1);
  }));
});

test.each([
  '',
  'A'.repeat(64),
  `${'a'.repeat(64)}-`,
  `${'a'.repeat(64)}-0`,
  `${'a'.repeat(64)}-01`,
  `${'a'.repeat(64)}-2\n`,
  `../${'a'.repeat(64)}`,
])(
  '%j is not a valid digest', (digest) => {
    expect(() => parseDigest(digest)).toThrow(RangeError);
  },
);
