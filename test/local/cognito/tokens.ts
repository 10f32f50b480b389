import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { CognitoStore } from './cognito-store';

export type Claims = { readonly [name: string]: unknown };

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (piece: string) => JSON.parse(Buffer.from(piece, 'base64url').toString('utf8')) as Claims;

export function claimsOf(token: string): Claims {
  return decode(token.split('.')[1]);
}

/** The token with different claims and the original signature. */
export function tampered(token: string, change: Claims): string {
  const [header, claims, signature] = token.split('.');
  return [header, encode({ ...decode(claims), ...change }), signature].join('.');
}

/** The token with different claims, signed again. */
export function signedAgain(token: string, change: Claims, key: crypto.KeyObject): string {
  const [header, claims] = tampered(token, change).split('.');
  const signature = crypto.sign('sha256', Buffer.from(`${header}.${claims}`), key).toString('base64url');
  return [header, claims, signature].join('.');
}

/** The key that signs identity tokens of the pool. AWS never exposes it; the local AWS stores it in its folder. */
export function signingKeyOf(store: CognitoStore): crypto.KeyObject {
  return crypto.createPrivateKey(fs.readFileSync(path.join(store.localAws.folder, 'state', 'cognito-pool-keys', `${store.userPoolId}-id.pem`)));
}
