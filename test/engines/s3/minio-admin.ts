import * as crypto from 'node:crypto';
import { REGION } from './engine';
import type { Credentials } from '../../local/rig/environment';
import type { LocalHttp } from '../../local/rig/local-http';

/** The MinIO administration that these tests need: users, and a policy for each. */
export class MinioAdmin {
  constructor(
    private readonly http: LocalHttp,
    private readonly endpoint: string,
    private readonly root: Credentials,
  ) {}

  /** A user whose sessions have at most the permissions in the policy. */
  async addUser(user: Credentials, policy: object): Promise<void> {
    const { accessKeyId, secretAccessKey } = user;
    const body = encrypt(
      this.root.secretAccessKey,
      Buffer.from(JSON.stringify({ secretKey: secretAccessKey, status: 'enabled' })),
    );
    await this.put('add-canned-policy', { name: accessKeyId }, Buffer.from(JSON.stringify(policy)));
    await this.put('add-user', { accessKey: accessKeyId }, body);
    await this.put('set-user-or-group-policy', { policyName: accessKeyId, userOrGroup: accessKeyId, isGroup: 'false' });
  }

  private async put(action: string, query: { readonly [name: string]: string }, body?: Buffer): Promise<void> {
    const url = `${this.endpoint}/minio/admin/v3/${action}?${new URLSearchParams(query).toString()}`;
    const answer = await this.http.sendSigned(
      { method: 'PUT', url, body, headers: payloadHash(body) },
      this.root,
      's3',
      REGION,
    );
    if (answer.status !== 200) {
      throw new Error(`MinIO answered ${answer.status} to ${action}: ${answer.text}`);
    }
  }
}

function payloadHash(body: Buffer | undefined): { readonly [name: string]: string } {
  return {
    'x-amz-content-sha256': crypto
      .createHash('sha256')
      .update(body ?? '')
      .digest('hex'),
  };
}

const PBKDF2_AES_GCM = 0x02;
const PBKDF2_ROUNDS = 8_192;

/**
 * MinIO expects secrets encrypted with the administrator's secret: salt, algorithm, nonce, then one block of an
 * AES-GCM stream, whose associated data is the tag of an empty first block.
 * https://github.com/minio/madmin-go/blob/main/encrypt.go
 */
function encrypt(password: string, data: Buffer): Buffer {
  const salt = crypto.randomBytes(32);
  const nonce = crypto.randomBytes(8);
  const key = crypto.pbkdf2Sync(password, salt, PBKDF2_ROUNDS, 32, 'sha256');
  const seal = (sequence: number, plain: Buffer, associated: Buffer) => {
    const number = Buffer.alloc(4);
    number.writeUInt32LE(sequence);
    const cipher = crypto.createCipheriv('aes-256-gcm', key, Buffer.concat([nonce, number])).setAAD(associated);
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  };
  const lastBlock = Buffer.concat([Buffer.from([0x80]), seal(0, Buffer.alloc(0), Buffer.alloc(0))]);
  return Buffer.concat([salt, Buffer.from([PBKDF2_AES_GCM]), nonce, seal(1, data, lastBlock)]);
}
