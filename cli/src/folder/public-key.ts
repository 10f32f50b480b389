import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describeFault } from '../runtime/describe-fault';
import { usageFailure } from '../runtime/failure';

/** A public key that verifies signatures of a store. */
export interface PublicKey {
  /** SHA-256 of `pem`, hexadecimal; what `sha256sum` prints for the file that "openssl pkey -pubin" writes. */
  readonly fingerprint: string;
  readonly pem: string;
  readonly key: KeyObject;
}

/** Enough to distinguish keys on a screen. */
const SHOWN_DIGITS = 16;

export function shortFingerprint(fingerprint: string): string {
  return `${fingerprint.slice(0, SHOWN_DIGITS)}…`;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** Parses the PEM text of one or more public keys. Throws a plain error that says what is wrong. */
export function parsePublicKeys(text: string): PublicKey[] {
  const blocks = [...text.matchAll(BLOCK)];
  if (blocks.length === 0) {
    throw new Error('contains no public key in PEM format ("-----BEGIN PUBLIC KEY-----")');
  }
  return blocks.map(([block, label]) => {
    if (label !== 'PUBLIC KEY') {
      throw new Error(`contains a ${label.toLowerCase()}; only public keys are expected`);
    }
    const key = keyOf(block);
    if (key?.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
      throw new Error('contains a key that is not a public key on curve P-256, which stores sign with');
    }
    // Written again, so that line ends and spaces of the file do not change the fingerprint.
    const pem = key.export({ format: 'pem', type: 'spki' }).toString();
    return { key, pem, fingerprint: createHash('sha256').update(pem).digest('hex') };
  });
}

function keyOf(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

/** Reads a file with the public keys to trust. `option` names it in errors. */
export async function readPublicKeys(file: string, option: string): Promise<PublicKey[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw usageFailure(`cannot read ${option}: ${describeFault(error)}`);
  }
  try {
    return parsePublicKeys(text);
  } catch (error) {
    throw usageFailure(`${option} is ${file}, which ${(error as Error).message}`, [],
      'The operators of the store can export the key with "aws kms get-public-key"; see the guide "Verify a model '
      + 'offline".');
  }
}
