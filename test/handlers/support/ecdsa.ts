import { createECDH, type KeyObject } from 'node:crypto';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function modulo(value: bigint): bigint {
  return ((value % ORDER) + ORDER) % ORDER;
}

/** Modular inverse with Fermat's little theorem; the order is prime. */
function inverse(value: bigint): bigint {
  let result = 1n;
  let base = modulo(value);
  for (let exponent = ORDER - 2n; exponent > 0n; exponent /= 2n) {
    if (exponent % 2n === 1n) {
      result = modulo(result * base);
    }
    base = modulo(base * base);
  }
  return result;
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  const positive = parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even;
  const bytes = Buffer.from(positive, 'hex');
  return Buffer.concat([Buffer.from([0x02, bytes.length]), bytes]);
}

/** ECDSA over a digest, as KMS does with MessageType DIGEST. Node can only sign a message that it hashes itself. */
export function signDigest(privateKey: KeyObject, digest: Uint8Array): Buffer {
  const secret = toNumber(Buffer.from(privateKey.export({ format: 'jwk' }).d!, 'base64url'));
  const nonce = createECDH('prime256v1');
  // Uncompressed point: one byte, then x and y.
  const x = nonce.generateKeys().subarray(1, 33);
  const r = modulo(toNumber(x));
  const s = modulo(inverse(toNumber(nonce.getPrivateKey())) * (toNumber(digest) + r * secret));
  const body = Buffer.concat([derInteger(r), derInteger(s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}
