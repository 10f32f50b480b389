import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type {
  SecretLintRuleContext, SecretLintSourceCode,
} from '@secretlint/types' with { 'resolution-mode': 'import' };
import { fileChanged } from './hash-file';
import type { ErrorDetail } from '../../../src/contract/errors';
import { forEachInParallel } from '../runtime/concurrency';

interface SearchedFile {
  readonly path: string;
  readonly localPath: string;
  readonly size: number;
}

/** Larger files are not searched: they are weights, or take longer to search than to send. */
export const LARGEST_SEARCHED_BYTES = 4 * 1024 * 1024;

/** A file with a zero byte this close to its beginning is binary, as in Git. */
const BINARY_WITHIN_BYTES = 8 * 1024;

/** Files for keys and certificates: a certificate or a public key alone is not a secret. */
const KEY_FILES = new Set(['.pem', '.key', '.der', '.pk8', '.asc']);

const READERS = 4;

/**
 * Searches text files for secrets: private keys, and the tokens that secretlint's recommended rules know. Never returns
 * the secret, only its kind and line.
 */
export async function secretsInContents(files: readonly SearchedFile[], signal: AbortSignal): Promise<ErrorDetail[]> {
  const searched = files.filter(({ size }) => size > 0 && size <= LARGEST_SEARCHED_BYTES);
  if (searched.length === 0) {
    return [];
  }
  const search = await tokenSearch();
  const found: ErrorDetail[][] = new Array(searched.length);
  await forEachInParallel(searched.entries(), READERS, signal, async ([index, { path, localPath }]) => {
    const bytes = await readFile(localPath).catch((error: unknown) => {
      throw fileChanged([path], `cannot be read: ${(error as Error).message}`);
    });
    const isKeyFile = KEY_FILES.has(extname(path).toLowerCase());
    if (bytes.subarray(0, BINARY_WITHIN_BYTES).includes(0)) {
      found[index] = isKeyFile && isBinaryKey(bytes) ? [{ field: path, message: 'contains a private key' }] : [];
      return;
    }
    const text = bytes.toString('utf8');
    const line = privateKeyLine(text, isKeyFile);
    const tokens = await search(path, text);
    const secrets = new Map([...tokens, ...line === undefined ? [] : [['private key', line] as const]]);
    found[index] = [...secrets].map(([kind, at]) => ({
      field: path, message: `contains what looks like a secret in line ${at}: ${kind}`,
    }));
  });
  return found.flat();
}

/** The first line of each kind of secret in a text. */
type Search = (path: string, text: string) => Promise<ReadonlyMap<string, number>>;

/**
 * Runs the rules without `@secretlint/core`: its profiler keeps a growing list of every rule's run on every file, and
 * its messages contain the secret.
 */
async function tokenSearch(): Promise<Search> {
  // Loaded on demand, because only a push needs them.
  const { rules } = await import('@secretlint/secretlint-rule-preset-recommend');
  // A comment in a file could turn the others off.
  const used = rules.filter(({ meta }) => !meta.id.endsWith('-filter-comments'));
  return async (path, text) => {
    const lines = new Map<string, number>();
    for (const rule of used) {
      const { file } = rule.create(contextOf((kind, index) => {
        lines.set(kind, Math.min(lines.get(kind) ?? Infinity, lineOf(text, index)));
      }), {});
      await file?.({ filePath: path, ext: extname(path).toLowerCase(), content: text } as SecretLintSourceCode);
    }
    return lines;
  };
}

function contextOf(report: (kind: string, index: number) => void): SecretLintRuleContext {
  return {
    sharedOptions: {},
    createTranslator: (messages) => (id, data) => (
      { messageId: String(id), message: kindOf(messages[id]?.en, String(id)), data }),
    report: ({ message: { message }, range: [index] }) => report(message, index),
    ignore: () => {},
  };
}

/** The rule's own words without its values, which contain the secret. */
function kindOf(message: unknown, messageId: string): string {
  const words = typeof message === 'function'
    ? String((message as (values: object) => unknown)(new Proxy({}, { get: () => '' }))) : messageId;
  return words.replace(/^found /, '').replace('()', '').replace(/: *$/, '');
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

const LONGEST_KEY = 16 * 1024;

/**
 * The line of the first private key in PEM format. In a file for keys, the label is enough. Elsewhere, such as in a
 * description of the format, it must be a key that OpenSSL can read, or could with a password; secretlint's rule knows
 * fewer kinds.
 */
function privateKeyLine(text: string, isKeyFile: boolean): number | undefined {
  for (const { 0: label, index } of text.matchAll(/-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY( BLOCK)?-----/g)) {
    const block = text.slice(index, index + LONGEST_KEY);
    const end = /-----END [A-Z0-9 ]{0,30}-----/.exec(block);
    const another = block.indexOf('-----BEGIN', label.length);
    const whole = end !== null && (another === -1 || another > end.index);
    if (isKeyFile || (whole && isKey(block.slice(0, end.index + end[0].length).replace(/\\r|\\n/g, '\n')))) {
      return lineOf(text, index);
    }
  }
  return undefined;
}

/** The key is valid but encrypted. Node never asks for the password. */
const NEEDS_A_PASSWORD = new Set(['ERR_MISSING_PASSPHRASE', 'ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED']);

function isKey(key: string | Parameters<typeof createPrivateKey>[0]): boolean {
  try {
    createPrivateKey(key);
    return true;
  } catch (error) {
    return NEEDS_A_PASSWORD.has((error as NodeJS.ErrnoException).code ?? '');
  }
}

function isBinaryKey(key: Buffer): boolean {
  return (['pkcs8', 'pkcs1', 'sec1'] as const).some((type) => isKey({ key, format: 'der', type }));
}
