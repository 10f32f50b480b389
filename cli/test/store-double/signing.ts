import { createHash, generateKeyPairSync, type KeyPairKeyObjectResult, sign } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '../../../src/contract/manifest';
import { bundleText, manifestText, payloadOf, preAuthenticationEncoding } from '../../../src/contract/signature';

const sha256Hex = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export function newKey(): KeyPairKeyObjectResult {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

export function pemOf({ publicKey }: KeyPairKeyObjectResult): string {
  return publicKey.export({ format: 'pem', type: 'spki' }).toString();
}

export function fingerprintOf(key: KeyPairKeyObjectResult): string {
  return sha256Hex(Buffer.from(pemOf(key)));
}

/** A bundle as the store's function writes it. */
export function bundleFor(manifest: Manifest, key: KeyPairKeyObjectResult): string {
  const payload = payloadOf({ manifest, sha256: sha256Hex(Buffer.from(manifestText(manifest))) }, sha256Hex);
  const signature = sign('sha256', preAuthenticationEncoding(payload), key.privateKey).toString('base64');
  return bundleText(payload, { signature, keyFingerprint: fingerprintOf(key) }, (bytes) => Buffer.from(bytes).toString('base64'));
}

/** The key that every store double signs with, unless a test replaces it. */
export const STORE_KEY = newKey();

let keyFile: string | undefined;

/** A file with the public key of `STORE_KEY`. */
export function storeKeyFile(): string {
  if (keyFile === undefined) {
    keyFile = join(mkdtempSync(join(tmpdir(), 'model-store-key-')), 'store-key.pem');
    writeFileSync(keyFile, pemOf(STORE_KEY));
  }
  return keyFile;
}
