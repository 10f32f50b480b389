import * as crypto from 'node:crypto';
import type { TokenRules } from '../../../src/contract/environment';
import { keysAddress, tokenKeys } from '../../../src/handlers/http/cognito-token';

export const ISSUER = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Pool';
export const CLIENT = '1example23456789';
export const TOKEN_RULES: TokenRules = { issuer: ISSUER, use: 'id', clientId: CLIENT };

const KEY_ID = 'pool-key';
const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Lets the functions fetch the key of the pool, and nothing else. */
export function publishKey(): void {
  const keys = [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: KEY_ID }];
  tokenKeys.fetcher = {
    fetch: async (address) => {
      if (address !== keysAddress(ISSUER)) {
        throw new Error(`unexpected address: ${address}`);
      }
      return new TextEncoder().encode(JSON.stringify({ keys })).buffer;
    },
  };
}

/** An ID token of the pool, valid unless the claims, the header or the key say otherwise. */
export function tokenWith(
  claims: { readonly [name: string]: unknown },
  { header = {}, key = privateKey }: { header?: object; key?: crypto.KeyObject } = {},
): string {
  const now = Math.floor(Date.now() / 1_000);
  const content = [
    encode({ alg: 'RS256', kid: KEY_ID, ...header }),
    encode({ iss: ISSUER, aud: CLIENT, token_use: 'id', iat: now, exp: now + 900, ...claims }),
  ].join('.');
  return `${content}.${crypto.sign('sha256', Buffer.from(content), key).toString('base64url')}`;
}
