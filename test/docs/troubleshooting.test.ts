import * as fs from 'node:fs';
import * as path from 'node:path';
import { ROOT, textOf } from './support/documents';
import { failureOfAnswer } from '../../cli/src/store/refused-answer';
import { ERRORS, type ErrorCode } from '../../src/contract/errors';

interface Row {
  readonly codes: readonly string[];
  readonly exitCodes: readonly number[];
}

const [table] = textOf('docs/guides/troubleshooting.md').split('## Deploying');
const rows: Row[] = table.split('\n').filter((line) => line.startsWith('| ')).slice(2).map((line) => {
  const [, seen, exitCodes] = line.split('|');
  return { codes: [...seen.matchAll(/`(\w+)`/g)].map(([, code]) => code), exitCodes: exitCodes.split(',').map(Number) };
});

const [, everyCode] = textOf('docs/guides/troubleshooting.md').split('## Every error code');
const listed: Row[] = everyCode.split('\n').filter((line) => line.startsWith('| `')).map((line) => {
  const [, codes, exitCodes] = line.split('|');
  return { codes: [...codes.matchAll(/`(\w+)`/g)].map(([, code]) => code), exitCodes: exitCodes.split(',').map(Number) };
});

/** Also in `code: isThis ? 'a' : 'b'`, and in the variable that becomes one. */
function codesIn(source: string): string[] {
  return [...source.matchAll(/\bcode: ([^,\n]*)/g)].flatMap(([, value]) => [...value.matchAll(/'([a-z][a-z0-9_]+)'/g)].map(([, code]) => code));
}

const isOfTheStore = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

function sourcesOf(folder: string): string {
  return fs.readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8')).join('\n');
}

describe('the troubleshooting guide', () => {
  test('uses error codes that exist', () => {
    const commandLine = sourcesOf(path.join(ROOT, 'cli', 'src'));
    const codes = rows.flatMap((row) => row.codes);

    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => !isOfTheStore(code) && !commandLine.includes(`code: '${code}'`))).toEqual([]);
  });

  test('lists exactly the codes of the store and the command line', () => {
    const given = new Set([...Object.keys(ERRORS), ...codesIn(sourcesOf(path.join(ROOT, 'cli', 'src')))]);
    const codes = listed.flatMap((row) => row.codes);

    expect(listed.map(({ codes: [first] }) => first)).toEqual(listed.map(({ codes: [first] }) => first).sort());
    expect([...given].filter((code) => !codes.includes(code))).toEqual([]);
    expect(codes.filter((code) => !given.has(code))).toEqual([]);
  });

  test('lists the exit code of the command line for each error code', () => {
    const wrong = [...rows, ...listed].flatMap(({ codes, exitCodes }) => codes.filter(isOfTheStore).filter((code) => {
      const { exitCode } = failureOfAnswer({ status: ERRORS[code].status, text: '', body: { code, message: '', details: [], requestId: 'r' } });
      return !exitCodes.includes(exitCode);
    }));

    expect(wrong).toEqual([]);
  });
});
