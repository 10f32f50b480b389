import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ErrorDetail } from '../../../../src/contract/errors';
import { EXIT, Failure, usageFailure } from '../../runtime/failure';

/** The keys that CloudTrail publishes, by fingerprint. */
export type PublicKeys = ReadonlyMap<string, KeyObject>;

interface PublishedKey {
  readonly Fingerprint?: unknown;
  /** PKCS #1 in DER; base64 in JSON. */
  readonly Value?: unknown;
}

/** Everything wrong with the list at once: a key that is left out would look like evidence that is not whole. */
export function publicKeysOf(list: readonly PublishedKey[], where: string): PublicKeys {
  const keys = new Map<string, KeyObject>();
  const problems: ErrorDetail[] = [];
  list.forEach(({ Fingerprint: fingerprint, Value: value }, index) => {
    const field = `PublicKeyList[${index}]`;
    const der = value instanceof Uint8Array ? Buffer.from(value) : typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;
    if (typeof fingerprint !== 'string' || der === undefined) {
      problems.push({ field, message: 'has no Fingerprint or no Value' });
      return;
    }
    try {
      keys.set(fingerprint, createPublicKey({ key: der, format: 'der', type: 'pkcs1' }));
    } catch (error) {
      problems.push({ field, message: `the Value of ${fingerprint} is no PKCS #1 public key in DER (${(error as Error).message})` });
    }
  });
  if (problems.length > 0) {
    throw usageFailure(`the public keys of ${where} cannot be used`, problems, HOW_TO_GET_THEM);
  }
  return keys;
}

export const HOW_TO_GET_THEM = 'Write them down with: aws cloudtrail list-public-keys --region <Region of the trail> '
  + '--start-time <first day> --end-time <day after the last> > public-keys.json';

export async function readPublicKeys(file: string): Promise<PublicKeys> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Failure(`the public keys at ${file} cannot be read`, {
      code: 'no_public_keys', exitCode: error.code === 'ENOENT' ? EXIT.NOT_FOUND : EXIT.FAILURE,
      details: [{ field: file, message: error.message }], hint: HOW_TO_GET_THEM,
    });
  });
  let list: unknown;
  try {
    list = (JSON.parse(content) as { readonly PublicKeyList?: unknown } | null)?.PublicKeyList;
  } catch (error) {
    throw usageFailure(`the public keys at ${file} are no JSON`, [{ field: file, message: (error as Error).message }], HOW_TO_GET_THEM);
  }
  if (!Array.isArray(list) || list.length === 0) {
    throw usageFailure(`the file ${file} holds no public keys: it has no "PublicKeyList" with keys in it`, [], HOW_TO_GET_THEM);
  }
  return publicKeysOf(list as PublishedKey[], file);
}
