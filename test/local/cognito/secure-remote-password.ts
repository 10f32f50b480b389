import * as crypto from 'node:crypto';

/**
 * The client side of the Secure Remote Password protocol in Cognito: RFC 5054 with its 3072-bit prime, generator 2 and
 * SHA-256. The key is derived from the shared secret with RFC 5869, with the context "Caldera Derived Key".
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
 */
export class SecureRemotePassword {
  /** The first message, hexadecimal. */
  readonly publicValue: string;
  private readonly exchange = crypto.createDiffieHellman(PRIME, GENERATOR);

  constructor() {
    this.publicValue = this.exchange.generateKeys('hex');
  }

  /** Responses to the challenge `PASSWORD_VERIFIER`. */
  prove(userPoolId: string, password: string, challenge: PasswordChallenge, now = new Date()): { [name: string]: string } {
    const poolName = userPoolId.split('_')[1];
    const user = challenge.USER_ID_FOR_SRP;
    const timestamp = cognitoTime(now);
    const message = Buffer.concat([
      Buffer.from(poolName + user), Buffer.from(challenge.SECRET_BLOCK, 'base64'), Buffer.from(timestamp),
    ]);
    return {
      USERNAME: user,
      TIMESTAMP: timestamp,
      PASSWORD_CLAIM_SECRET_BLOCK: challenge.SECRET_BLOCK,
      PASSWORD_CLAIM_SIGNATURE: hmac(this.sharedKey(poolName + user, password, challenge), message).toString('base64'),
    };
  }

  private sharedKey(fullName: string, password: string, { SRP_B: theirs, SALT: salt }: PasswordChallenge): Buffer {
    const scramble = number(sha256(padded(number(this.publicValue)), padded(number(theirs))));
    const multiplier = number(sha256(padded(number(PRIME)), padded(BigInt(GENERATOR))));
    const secret = number(sha256(padded(number(salt)), sha256(Buffer.from(`${fullName}:${password}`))));
    const prime = number(PRIME);
    const base = modulo(number(theirs) - multiplier * power(BigInt(GENERATOR), secret, prime), prime);
    const shared = power(base, number(this.exchange.getPrivateKey()) + scramble * secret, prime);
    const key = hmac(padded(scramble), padded(shared));
    return hmac(key, Buffer.from('Caldera Derived Key\u0001')).subarray(0, 16);
  }
}

export interface PasswordChallenge {
  readonly USER_ID_FOR_SRP: string;
  readonly SRP_B: string;
  readonly SALT: string;
  readonly SECRET_BLOCK: string;
}

/** The 3072-bit group of RFC 3526, by its name in Node.js. */
const PRIME = crypto.getDiffieHellman('modp15').getPrime();
const GENERATOR = 2;

const sha256 = (...parts: Buffer[]) => crypto.createHash('sha256').update(Buffer.concat(parts)).digest();
const hmac = (key: Buffer, text: Buffer) => crypto.createHmac('sha256', key).update(text).digest();
const number = (value: Buffer | string) => BigInt(`0x${typeof value === 'string' ? value : value.toString('hex')}`);
const modulo = (value: bigint, divisor: bigint) => ((value % divisor) + divisor) % divisor;

/** Big-endian, with a leading zero byte if the number would look negative. */
function padded(value: bigint): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
}

function power(base: bigint, exponent: bigint, divisor: bigint): bigint {
  let result = 1n;
  let square = base % divisor;
  for (let rest = exponent; rest > 0n; rest /= 2n) {
    result = rest % 2n === 1n ? (result * square) % divisor : result;
    square = (square * square) % divisor;
  }
  return result;
}

/** Such as `Sat Nov 21 12:00:00 UTC 2026`. */
function cognitoTime(date: Date): string {
  const [weekday, day, month, year, time] = date.toUTCString().split(' ');
  return `${weekday.slice(0, 3)} ${month} ${Number(day)} ${time} UTC ${year}`;
}
