import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ErrorDetail } from '../../../../src/contract/errors';
import { EXIT, Failure, usageFailure } from '../../runtime/failure';

/** CloudTrail's public keys by fingerprint. */
export type PublicKeys = ReadonlyMap<string, KeyObject>;

interface PublishedKey {
  readonly Fingerprint?: unknown;
  /** PKCS #1 in DER format; base64-encoded in JSON. */
  readonly Value?: unknown;
}

/** Parses public keys. Rejects the whole list for any invalid key: without it, valid evidence would look invalid. */
export function publicKeysOf(list: readonly PublishedKey[], where: string): PublicKeys {
  const keys = new Map<string, KeyObject>();
  const problems: ErrorDetail[] = [];
  list.forEach(({ Fingerprint: fingerprint, Value: value }, index) => {
    const field = `PublicKeyList[${index}]`;
    const der = value instanceof Uint8Array ? Buffer.from(value)
      : typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;
    if (typeof fingerprint !== 'string' || der === undefined) {
      problems.push({ field, message: 'has no Fingerprint or no Value' });
      return;
    }
    try {
      keys.set(fingerprint, createPublicKey({ key: der, format: 'der', type: 'pkcs1' }));
    } catch (error) {
      const reason = (error as Error).message;
      const message = `the Value of ${fingerprint} is not a PKCS #1 public key in DER format (${reason})`;
      problems.push({ field, message });
    }
  });
  if (problems.length > 0) {
    throw usageFailure(`invalid public keys in ${where}`, problems, HOW_TO_GET_THEM);
  }
  return keys;
}

export const HOW_TO_GET_THEM = 'Save the keys with: aws cloudtrail list-public-keys --region <Region of the trail> '
  + '--start-time <first day> --end-time <day after the last> > public-keys.json';

export async function readPublicKeys(file: string): Promise<PublicKeys> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Failure(`cannot read the public keys file ${file}`, {
      code: 'no_public_keys', exitCode: error.code === 'ENOENT' ? EXIT.NOT_FOUND : EXIT.FAILURE,
      details: [{ field: file, message: error.message }], hint: HOW_TO_GET_THEM,
    });
  });
  let list: unknown;
  try {
    list = (JSON.parse(content) as { readonly PublicKeyList?: unknown } | null)?.PublicKeyList;
  } catch (error) {
    const problem = { field: file, message: (error as Error).message };
    throw usageFailure(`the public keys file ${file} is not valid JSON`, [problem], HOW_TO_GET_THEM);
  }
  if (!Array.isArray(list) || list.length === 0) {
    throw usageFailure(`no public keys in ${file}: "PublicKeyList" is missing or empty`, [], HOW_TO_GET_THEM);
  }
  return publicKeysOf(list as PublishedKey[], file);
}
