import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { digestFitsSize, digestToS3Checksum } from '../../src/contract/digest';
import { csv } from '../src/audit/queries/render';
import { DigestStream } from '../src/folder/digest-stream';
import { hashFile } from '../src/folder/hash-file';
import { localPathProblem, toLocalPath } from '../src/folder/local-path';
import { forEachInParallel } from '../src/runtime/concurrency';
import { formatBytes, formatSeconds } from '../src/runtime/format';
import { barLine, createProgress } from '../src/runtime/progress';
import { backoffMilliseconds } from '../src/runtime/retry';
import { SafeOutput } from '../src/runtime/safe-output';
import { LinkDesk } from '../src/store/presigned-urls';

const MIB = 1024 * 1024;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

describe('digests', () => {
  test.each([0, 1, 16 * MIB - 1, 16 * MIB])('of %d bytes are plain SHA-256 digests', (size) => {
    const bytes = randomBytes(size);
    const stream = new DigestStream(size);
    stream.update(bytes);
    expect(stream.finish()).toEqual({ sha256: sha256(bytes).toString('hex'), digest: sha256(bytes).toString('hex'), partChecksums: [] });
  });

  test.each([
    16 * MIB + 1, 32 * MIB, 33 * MIB + 7,
  ])('of %d bytes are composite S3 checksums, regardless of the chunk sizes', (size) => {
    const bytes = randomBytes(size);
    const partSize = 16 * MIB;
    const starts = Array.from({ length: Math.ceil(size / partSize) }, (_, index) => index * partSize);
    const parts = starts.map((start) => sha256(bytes.subarray(start, start + partSize)));
    const stream = new DigestStream(size);
    for (let at = 0, piece = 1; at < size; at += piece, piece = (piece * 7) % (5 * MIB) + 1) {
      stream.update(bytes.subarray(at, at + piece));
    }
    const { digest, partChecksums, sha256: flat } = stream.finish();
    expect(flat).toBe(sha256(bytes).toString('hex'));
    expect(digestToS3Checksum(digest)).toBe(`${sha256(Buffer.concat(parts)).toString('base64')}-${parts.length}`);
    expect(partChecksums).toEqual(parts.map((part) => part.toString('base64')));
    expect(digestFitsSize(digest, size)).toBe(true);
  });

  test.each([['grew', 3], ['shrank', 5]])('of a file that %s since it was listed are rejected', async (_, seen) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'digest-'));
    writeFileSync(path.join(folder, 'file'), 'four');
    await expect(hashFile(path.join(folder, 'file'), seen, { signal: new AbortController().signal })).rejects.toMatchObject({ code: 'folder_changed' });
    rmSync(folder, { recursive: true });
  });
});

describe('paths on this and other platforms', () => {
  test.each([
    ['a/b.bin', 'C:\\models\\a\\b.bin'],
    ['deep/er/file', 'C:\\models\\deep\\er\\file'],
  ])('%s is written below the destination on Windows', (manifestPath, local) => {
    expect(toLocalPath('C:\\models', manifestPath, path.win32)).toBe(local);
  });

  test.each([
    '..', '../x', 'a/../../x', 'a/..', '.', 'C:\\x', '\\\\server\\share', 'a\\..\\..\\x',
  ])('%s is rejected on Windows even if path validation missed it', (manifestPath) => {
    expect(() => toLocalPath('C:\\models', manifestPath, path.win32)).toThrow('is not below');
  });

  test.each([
    '..', '../x', 'a/../../x', 'a//b', './a',
  ])('%s is rejected on POSIX even if path validation missed it', (manifestPath) => {
    expect(() => toLocalPath('/models', manifestPath, path.posix)).toThrow('is not below');
  });

  test.each(['nul', 'NUL.txt', 'a/com1.bin', 'con/x', 'trailing.', 'trailing ', 'a?b', 'a*', 'x/stream:name', 'LPT9', 'conin$'])('%s cannot be written on Windows', (manifestPath) => {
    expect(localPathProblem(manifestPath, 'win32')).toEqual(expect.any(String));
    expect(localPathProblem(manifestPath, 'linux')).toBeUndefined();
  });

  test.each([
    'null', 'console.txt', 'com', 'com10', 'a.b', '.hidden', 'lpt',
  ])('%s can be written on Windows', (manifestPath) => {
    expect(localPathProblem(manifestPath, 'win32')).toBeUndefined();
  });
});

describe('the queue of presigned URLs', () => {
  const minutes = (count: number) => count * 60_000;

  test('requests larger pages when URLs are used quickly, and smaller ones when they expire unused', async () => {
    let now = 0;
    const pages: number[] = [];
    const desk = new LinkDesk<number, { expiresAt: string; of: number }>({
      tasks: Array.from({ length: 60 }, (_, index) => index),
      ask: async (tasks) => {
        pages.push(tasks.length);
        return tasks.map((of) => ({ of, expiresAt: new Date(now + minutes(15)).toISOString() }));
      },
      now: () => now,
      firstPage: 4,
      largestPage: 16,
    });
    const served = new Set<number>();
    for (let ticket = await desk.take(); ticket; ticket = await desk.take()) {
      expect(ticket.link.of).toBe(ticket.task);
      expect(Date.parse(ticket.link.expiresAt)).toBeGreaterThan(now);
      served.add(ticket.task);
      now += served.size <= 28 ? 100 : minutes(4);
    }
    expect(served.size).toBe(60);
    expect(pages.slice(0, 3)).toEqual([4, 8, 16]);
    expect(Math.min(...pages.slice(3, -1))).toBeLessThanOrEqual(4);
  });

  test('makes one request for any number of waiting transfers', async () => {
    let asked = 0;
    const desk = new LinkDesk<number, { expiresAt: string }>({
      tasks: [1, 2, 3],
      ask: async (tasks) => {
        asked++;
        return tasks.map(() => ({ expiresAt: new Date(minutes(1)).toISOString() }));
      },
      now: () => 0,
      firstPage: 3,
      largestPage: 3,
    });
    const tickets = await Promise.all([desk.take(), desk.take(), desk.take(), desk.take()]);
    expect(tickets.map((ticket) => ticket?.task)).toEqual([1, 2, 3, undefined]);
    expect(asked).toBe(1);
  });

  test('hands out URLs that are valid only for seconds, rather than requesting new ones forever', async () => {
    let now = 0;
    let asked = 0;
    const desk = new LinkDesk<number, { expiresAt: string }>({
      tasks: [1, 2, 3],
      ask: async (tasks) => {
        asked++;
        return tasks.map(() => ({ expiresAt: new Date(now + 5_000).toISOString() }));
      },
      now: () => now,
      firstPage: 3,
      largestPage: 3,
    });
    const served: number[] = [];
    for (let ticket = await desk.take(); ticket; ticket = await desk.take()) {
      served.push(ticket.task);
      now += 2_000;
    }
    expect(served.sort()).toEqual([1, 2, 3]);
    expect(asked).toBeLessThanOrEqual(4);
  });

  test('fails every waiting transfer if its request fails', async () => {
    const desk = new LinkDesk<number, { expiresAt: string }>({
      tasks: [1, 2], ask: async () => Promise.reject(new Error('no')), now: () => 0, firstPage: 2, largestPage: 2,
    });
    await expect(Promise.allSettled([desk.take(), desk.take()])).resolves.toEqual([expect.objectContaining({ status: 'rejected' }), expect.objectContaining({ status: 'rejected' })]);
  });
});

describe('work done in parallel', () => {
  test('stops at the first failure, and reports it after the other tasks have ended', async () => {
    const ended: number[] = [];
    await expect(forEachInParallel([1, 2, 3, 4, 5], 2, new AbortController().signal, async (item, signal) => {
      if (item === 2) {
        throw new Error('second');
      }
      await new Promise<void>((resolve) => { signal.addEventListener('abort', () => resolve()); });
      ended.push(item);
      throw new Error('aborted');
    })).rejects.toThrow('second');
    expect(ended).toEqual([1]);
  });
});

test('retry delays grow up to 20 seconds, and follow Retry-After for at most one minute', () => {
  expect([1, 2, 3, 9].map((attempt) => backoffMilliseconds(attempt, 0.999))).toEqual([500, 999, 1_998, 19_980]);
  expect(backoffMilliseconds(1, 0)).toBe(0);
  expect(backoffMilliseconds(1, 0, 5_000)).toBe(5_000);
  expect(backoffMilliseconds(1, 0, 86_400_000)).toBe(60_000);
});

test.each([[0, '0 B'], [1_023, '1023 B'], [1_024, '1.00 KiB'], [1_536, '1.50 KiB'], [10 * MIB, '10.0 MiB'], [3 * 1024 * MIB, '3.00 GiB']])('%d bytes read as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([[1_234, '1.2 s'], [59_940, '59.9 s'], [61_000, '1 min 1 s'], [119_900, '2 min 0 s'], [3_660_000, '1 h 1 min']])('%d milliseconds read as %s', (milliseconds, text) => {
  expect(formatSeconds(milliseconds)).toBe(text);
});

test('control characters and direction marks are escaped', () => {
  let written = '';
  new SafeOutput({ write: (text) => { written += text; } }).write('a\u001b[31mb\u202ec\td\n');
  expect(written).toBe('a\\u001b[31mb\\u202ec\td\n');
});

test('in plain lines, a transfer reports its progress early and then every ten seconds', () => {
  let now = 0;
  let text = '';
  const task = createProgress('lines', { stderr: { write: (piece: string) => { text += piece; } }, now: () => now }).begin('sending', 100);
  for (let count = 0; count < 10; count++) {
    now += 3_000;
    task.add(10);
  }
  task.end();
  expect(text).toBe('sending: 10 B of 100 B (10%)\nsending: 50 B of 100 B (50%)\nsending: 90 B of 100 B (90%)\nsending: 100 B in 30.0 s\n');
});

test('the first plain line is printed after two seconds', () => {
  let text = '';
  let now = 0;
  const task = createProgress('lines', { stderr: { write: (piece) => { text += piece; } }, now: () => now }).begin('sending', 100);
  for (now = 1_000; now <= 3_000; now += 1_000) {
    task.add(10);
  }
  expect(text).toBe('sending: 20 B of 100 B (20%)\n');
});

describe('a bar', () => {
  const NUMBERS = [' 42%', '512.0 MiB of 1.19 GiB', '104.2 MiB/s, 7.0 s left'];

  test.each([
    [120, 'receiving  ██████████░░░░░░░░░░░░░░   42%  512.0 MiB of 1.19 GiB  104.2 MiB/s, 7.0 s left'],
    [80, 'receiving  ██████░░░░░░░░   42%  512.0 MiB of 1.19 GiB  104.2 MiB/s, 7.0 s left'],
    [70, 'receiving   42%  512.0 MiB of 1.19 GiB  104.2 MiB/s, 7.0 s left'],
    [60, 'receiving  ████████░░░░░░░░░░░   42%  512.0 MiB of 1.19 GiB'],
    [40, 'receiving   42%  512.0 MiB of 1.19 GiB'],
    [20, 'receiving   42%'],
  ])('on %d columns prefers the numbers to the bar, and never overflows', (columns, line) => {
    expect(barLine('receiving', 0.42, NUMBERS, columns)).toBe(line);
    expect(line.length).toBeLessThan(columns);
  });

  test('is empty at the beginning and full at the end', () => {
    expect(barLine('sending', 0, ['  0%'], 60)).toBe(`sending    ${'░'.repeat(24)}    0%`);
    expect(barLine('sending', 1, ['100%'], 60)).toBe(`sending    ${'█'.repeat(24)}  100%`);
  });
});

test('a note replaces the current bar instead of following it', () => {
  const pieces: string[] = [];
  const stderr = { isTTY: true, columns: 120, write: (piece: string) => { pieces.push(piece); }, on: () => {}, removeListener: () => {} };
  const progress = createProgress('bars', { stderr, now: () => 0 });
  progress.note('before');
  const task = progress.begin('sending', 100);
  progress.note('meanwhile');
  task.end();
  expect(pieces).toEqual(expect.arrayContaining(['before\n', '\r\u001b[Kmeanwhile\n']));
});

test.each([
  ['=1+1', '\'=1+1'], ['+1', '\'+1'], ['-1', '\'-1'], ['@a', '\'@a'], ['\uff1d1', '\'\uff1d1'], ['\uff0b1', '\'\uff0b1'], ['\uff0d1', '\'\uff0d1'], ['\uff20a', '\'\uff20a'],
  [' =1', ' \'=1'], ['\u00a0=1', '\u00a0\'=1'], ['\u2028=1', '"\u2028\'=1"'], ['\u200b=1', '\u200b\'=1'], ['\t=1', '\'\t\'=1'], ['\r=1', '"\'\r\'=1"'], ['\n=1', '"\n\'=1"'],
  ['a;=1', 'a;\'=1'], ['a\t=1', 'a\t\'=1'], ['a\n-1', '"a\n\'-1"'], ['"=1', '"""\'=1"'], ['a; =1;+2', 'a; \'=1;\'+2'],
  ['a=1', 'a=1'], ['1-1', '1-1'], ['2026-11-03T09:30:00Z', '2026-11-03T09:30:00Z'], ['a, b', '"a, b"'], ['', ''],
])('in CSV, %j is written as %j: no spreadsheet takes it for a formula', (cell, written) => {
  expect(csv({ columns: [{ name: 'a', type: 'text' }], rows: [[cell]] })).toBe(`a\n${written}\n`);
});

test('in CSV, a number is a number only if it looks like one', () => {
  expect(csv({ columns: [{ name: 'a', type: 'number' }], rows: [[-1], ['-12345678901234567890'], [1.5e-7], ['=1'], ['-1+1']] })).toBe('a\n-1\n-12345678901234567890\n1.5e-7\n\'=1\n\'-1+1\n');
});
