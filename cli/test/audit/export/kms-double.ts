import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoopbackServer } from '../../loopback-server';

interface Call {
  readonly action: string;
  readonly input: { readonly [field: string]: unknown };
}

/** Implements the two operations of KMS that sign an export, with an elliptic-curve key of its own. */
export class KmsDouble extends LoopbackServer {
  readonly calls: Call[] = [];
  private pair: KeyPairKeyObjectResult = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  answer: object = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', SigningAlgorithms: ['ECDSA_SHA_256'] };
  refused?: string;
  /** Signs something else than what it is asked to. */
  lies = false;

  use(curve: 'P-256' | 'P-384', algorithm: string): void {
    this.pair = generateKeyPairSync('ec', { namedCurve: curve });
    this.answer = { KeySpec: curve, KeyUsage: 'SIGN_VERIFY', SigningAlgorithms: [algorithm] };
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const action = String(request.headers['x-amz-target']).replace('TrentService.', '');
    const input = JSON.parse(Buffer.concat(chunks).toString()) as Call['input'];
    this.calls.push({ action, input });
    const isRefused = this.refused === action;
    response.writeHead(isRefused ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(isRefused
      ? { __type: 'AccessDeniedException', message: `User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: kms:${action}` }
      : action === 'Sign' ? this.signed(input) : this.publicKey()));
  }

  private publicKey(): object {
    return { ...this.answer, PublicKey: this.pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };
  }

  /** KMS signs the digest itself. Node would hash it once more, so openssl signs it. */
  private signed({ Message, MessageType }: Call['input']): object {
    if (MessageType !== 'DIGEST') {
      throw new Error(`expected a digest, not ${String(MessageType)}`);
    }
    const digest = Buffer.from(String(Message), 'base64');
    const content = this.lies ? createHash('sha256').update(digest).digest() : digest;
    const folder = mkdtempSync(join(tmpdir(), 'kms-'));
    try {
      const key = join(folder, 'key.pem');
      writeFileSync(key, this.pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
      return { Signature: execFileSync('openssl', ['pkeyutl', '-sign', '-inkey', key], { input: content }).toString('base64') };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}
